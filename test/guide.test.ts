import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { DEVELOPERS, MANUAL, ROOT, TOPIC_NAMES } from "./helpers/pages.ts";

const PAGES = [...MANUAL, ...DEVELOPERS];

/** A page without its blocks of code, whose brackets are no links. */
function prose(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
}

/** The names that headings have as anchors, as GitHub makes them. */
function anchors(text: string): string[] {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.*)$/gm)];
  return headings.map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** What is wrong with the links of a page; links to other sites are theirs to keep. */
function brokenLinks(name: string, text: string): string[] {
  const targets = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => {
    if (/^https?:/.test(target)) return false;
    const [file = "", anchor] = target.split("#");
    const to = file === "" ? path.join(ROOT, name) : path.resolve(ROOT, path.dirname(name), file);
    if (!existsSync(to)) return true;
    return anchor !== undefined && !anchors(readFileSync(to, "utf8")).includes(anchor);
  });
}

describe("the pages hold together", () => {
  test.for(PAGES)("$name links to what is there", ({ name, text }, { expect }) => {
    expect(brokenLinks(name, text)).toEqual([]);
  });

  test("a link to a page or a heading that is not there is found", () => {
    const page = "[a](README.md#install) [b](nope.md) [c](templates/guide/live.md#events) [d](#nope) `[e](f)`";
    expect(brokenLinks("README.md", `${page}\n# Install\n`)).toEqual(["nope.md", "#nope"]);
  });

  test("the front page is short", () => {
    const lines = readFileSync(path.join(ROOT, "README.md"), "utf8").trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(350);
  });

  test.for(["README.md", "templates/guide/README.md"])("%s lists every topic", (name, { expect }) => {
    const text = MANUAL.find((page) => page.name === name)?.text ?? "";
    const missing = TOPIC_NAMES.filter(
      (topic) => !new RegExp(`\\[${topic}\\]\\((?:templates/guide/)?${topic}\\.md\\)`).test(text),
    );
    expect(missing).toEqual([]);
  });

  test.for(TOPIC_NAMES)("the page %s says what it is for, and what to read next", (topic, { expect }) => {
    const text = readFileSync(path.join(ROOT, "templates/guide", `${topic}.md`), "utf8");
    const [title, empty, purpose = ""] = text.split("\n");
    expect(title).toMatch(/^# \w+$/);
    expect(empty).toBe("");
    expect(purpose).toMatch(/^[A-Z`].*\.$/);
    const last = text.trimEnd().split("\n\n").at(-1) ?? "";
    expect(last).toMatch(/^Next: /);
    expect(
      [...last.matchAll(/\]\((\w+)\.md/g)].map(([, to]) => to).filter((to) => !TOPIC_NAMES.includes(to ?? "")),
    ).toEqual([]);
  });

  test("the guide links to nothing outside its folder, which is all that the package has of it", () => {
    const out = MANUAL.filter(({ name }) => name !== "README.md").flatMap(({ name, text }) =>
      [...prose(text).matchAll(/\]\(((?:\.\.\/|\/)[^)]*)\)/g)].map(([, target]) => `${name}: ${target}`),
    );
    expect(out).toEqual([]);
  });

  test("the package has all of it, and of the repository only what it needs", () => {
    const printed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const packed: { path: string }[] = JSON.parse(printed)[0].files;
    const paths = packed.map((file) => file.path);
    expect(paths).toEqual(expect.arrayContaining(MANUAL.map(({ name }) => name)));
    expect(
      paths.filter((one) => !/^(?:dist|templates|src\/search\/data)\/|^[A-Z]+(?:\.md)?$|^package\.json$/.test(one)),
    ).toEqual([]);
  });

  test("every file and folder of the repository that is named exists", () => {
    const text = PAGES.filter(({ name }) => name !== "CHANGELOG.md")
      .map((page) => page.text)
      .join("\n");
    const named = [...text.matchAll(/`((?:src|test|templates|\.ci|\.tickets\.example)\/[\w./-]*)`/g)].map(
      (match) => match[1] ?? "",
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
  });

  test("the table of rooms has every folder of src", () => {
    const text = DEVELOPERS.find(({ name }) => name === "src/README.md")?.text ?? "";
    const rooms = readdirSync(path.join(ROOT, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of rooms) expect(text).toContain(`| [\`src/${name}/\`](${name}/README.md) |`);
  });
});
