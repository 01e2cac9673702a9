import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "..");
const SRC = path.join(ROOT, "src");
const ROOMS = foldersIn(SRC);
const WHOLE = "src/README.md";

function foldersIn(dir: string): string[] {
  const entries = readdirSync(dir, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** Every file and folder that a README may name, `/` before and, where it is a folder, behind. */
const PATHS = readdirSync(ROOT).map((entry) => `/${entry}`);
for (const top of ["src", "test", "templates", ".ci"]) {
  PATHS.push(`/${top}/`);
  for (const entry of readdirSync(path.join(ROOT, top), { recursive: true, withFileTypes: true })) {
    const name = path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/");
    PATHS.push(entry.isDirectory() ? `/${name}/` : `/${name}`);
  }
}
/** What the build makes and what lies in a user's store, which no checkout has. */
const ELSEWHERE = /^(?:dist\/|\.git\/|last-index\.json$|unconfirmed\.json$)/;
const PRIVATE = /^## Private files\n.*?(?=^## )/ms;

const textOf = (name: string): string => readFileSync(path.join(ROOT, name), "utf8");

/** The words in backticks that name a file or a folder: `store/watch/`, `gate.ts`, `hand/readEdits.ts`. */
function pathsIn(markdown: string): string[] {
  const code = [...markdown.replace(PRIVATE, "").matchAll(/`([^`\n]+)`/g)].flatMap(([, text = ""]) => text.split(" "));
  const named = code.filter((word) => /^[\w.-]+(?:\/[\w.-]+)*(?:\/|\.(?:tsx?|mjs|cjs|md|json|bin))$/.test(word));
  return named.filter((word) => !ELSEWHERE.test(word));
}

describe.each(ROOMS)("the README of src/%s", (room) => {
  const name = `src/${room}/README.md`;

  test("is there, is short, and the whole links to it", () => {
    expect(existsSync(path.join(ROOT, name))).toBe(true);
    expect(textOf(name).split("\n").length).toBeLessThanOrEqual(30);
    expect(textOf(WHOLE)).toContain(`](${room}/README.md)`);
  });

  test("names every folder of the room", () => {
    const text = textOf(name);
    expect(foldersIn(path.join(SRC, room)).filter((folder) => !text.includes(`\`${folder}/\``))).toEqual([]);
  });

  test("says where to begin, what must stay true, and how it is tested", () => {
    expect(textOf(name)).toMatch(/egin with|is written by/);
    expect(textOf(name)).toContain("must stay true");
    expect(textOf(name)).toMatch(/^Tests: `test\//m);
  });
});

describe.each([WHOLE, ...ROOMS.map((room) => `src/${room}/README.md`)])("%s", (name) => {
  test("names only files and folders that are there", () => {
    const named = pathsIn(textOf(name));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((one) => !PATHS.some((there) => there.endsWith(`/${one}`)))).toEqual([]);
  });

  test("links only to what is there", () => {
    const links = [...textOf(name).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, to = ""]) => to);
    const local = links.filter((to) => !/^[a-z]+:/.test(to));
    expect(local.filter((to) => !existsSync(path.join(ROOT, path.dirname(name), to)))).toEqual([]);
  });
});
