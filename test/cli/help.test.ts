import { spawn } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { renderGuide } from "../../src/cli/print/renderGuide.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { ROOT, TOPIC_NAMES } from "../helpers/pages.ts";
import { CLI, runCli } from "../helpers/runCli.ts";
import { runHere } from "../helpers/runHere.ts";
import { tempDir } from "../helpers/tempDir.ts";

const pageOf = (topic: string) => readFileSync(path.join(ROOT, "templates/guide", `${topic}.md`), "utf8");
const help = (...words: string[]) => runHere("/", ["help", ...words]);

describe("ayo help", () => {
  test("says what the pictures of a page show: they do not ship", async () => {
    const { stdout } = await help("board");
    expect(stdout).toContain("(Picture: Needs me");
    expect(stdout).not.toMatch(/!\[|pictures\//);
  });

  test("of a day fits a screen, and names where the rest is", async () => {
    const { stdout } = await runHere("/", ["--help"]);
    const lines = stdout.split("\n");
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    for (const word of ["ayo help --all", "ayo help flags", "ayo agents prime"]) expect(stdout).toContain(word);
    const forAgent = await runHere("/", ["--help"], { env: { AYO_AGENT: "@coder" } });
    expect(forAgent.stdout.length).toBeLessThan(stdout.length + 700);
    expect(forAgent.stdout).toMatch(/^Work: ticket start, /m);
  });

  test("has every command under a heading, and a line for each in 80 columns", async () => {
    const { COMMANDS } = await import("../../src/cli/table/commandTable.ts");
    const { VERBS_BY_GROUP } = await import("../../src/cli/helpGroups.ts");
    const all = [...(await COMMANDS.all()).keys()];
    expect(VERBS_BY_GROUP.flatMap(([, names]) => names).toSorted()).toEqual(all.toSorted());
    const { stdout } = await help("--all");
    for (const name of all) expect(stdout).toMatch(new RegExp(`^  ayo ${name}\\b`, "m"));
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("of a command has the flags of all in one line, texts in 80 columns, and examples that can be copied", async () => {
    const { COMMANDS } = await import("../../src/cli/table/commandTable.ts");
    const { helpText } = await import("../../src/cli/help.ts");
    for (const load of (await COMMANDS.all()).values()) {
      const command = await load();
      const text = await helpText(command, COMMANDS);
      expect(text.match(/^Everywhere: .*\(ayo help flags\)$/gm)).toHaveLength(1);
      for (const [line] of command.examples) expect(text).toContain(`\n  ${line}`);
      expect(command.examples.length, command.name).toBeGreaterThan(0);
      const isExample = (line: string): boolean => command.examples.some(([example]) => line === `  ${example}`);
      expect(text.split("\n").filter((line) => line.length > 80 && !isExample(line))).toEqual([]);
      const untold = Object.entries(command.flags).filter(([, flag]) => flag.describe === "");
      expect([command.name, untold]).toEqual([command.name, []]);
    }
  });

  test("flags tells of every flag that all commands take", async () => {
    const { GLOBAL_FLAGS } = await import("../../src/cli/table/command.ts");
    for (const name of Object.keys(GLOBAL_FLAGS))
      expect(pageOf("flags")).toContain(name.length === 1 ? `-${name} ` : `--${name}`);
  });

  test("lists every command and every topic", async () => {
    const { code, stdout } = await help();
    expect(code).toBe(0);
    expect(stdout).toContain("ayo ticket close <id>");
    for (const topic of TOPIC_NAMES) expect(stdout).toMatch(new RegExp(`^  ${topic} +[a-zA-Z]`, "m"));
    const { topics } = JSON.parse((await help("--json")).stdout);
    expect(topics.map(({ name }: { name: string }) => name).sort()).toEqual(TOPIC_NAMES.toSorted());
  });

  test.for(TOPIC_NAMES)("%s is a page, without what is there for tests only", async (topic, { expect }) => {
    const { stdout } = await help(topic);
    const page = pageOf(topic)
      .replaceAll(/^<!-- .* -->\n/gm, "")
      .replaceAll(/^!\[(.*)\]\(pictures\/.*\)$/gm, "(Picture: $1)");
    expect(stdout.endsWith(page)).toBe(true);
    expect(stdout).not.toContain("<!--");
    expect(JSON.parse((await help(topic, "--json")).stdout)).toMatchObject({ schema: 1, topic, text: page });
  });

  test.for([
    [["close"], ["ticket", "close"]],
    [["done"], ["ticket", "close"]],
    [
      ["ticket", "close"],
      ["ticket", "close"],
    ],
    [
      ["t", "dep", "add"],
      ["ticket", "dep", "add"],
    ],
    [["undep"], ["ticket", "dep", "remove"]],
    [
      ["hooks", "log"],
      ["hooks", "log"],
    ],
    [["init"], ["init"]],
  ] as const)("%j says what --help says", async ([words, command], { expect }) => {
    const { stdout } = await runHere("/", [...command, "--help"]);
    expect((await help(...words)).stdout).toBe(stdout);
  });

  test("of a name that is both, the command's flags come first, then the page", async () => {
    const { stdout } = await help("search");
    expect(stdout).toMatch(/^ayo ticket search/);
    expect(stdout).toContain("--explain");
    expect(stdout).toContain("\n# Search\n");
    expect((await help("hooks")).stdout).toMatch(/ayo hooks list[\s\S]*\n# Hooks\n/);
  });

  test.for([
    ["claimz", /'claimz': did you mean claims or claim\?/],
    ["configurations", /did you mean configuration/],
    ["ticket clse", /did you mean ticket close or .*\ntry: ayo help\n/],
    ["xyzzy", /'xyzzy': 'ayo help' lists them\ntry: ayo help\n/],
    ["../agents/block", /there is no topic or command '\.\.\/agents\/block'/],
    ["README", /there is no topic/],
  ] as const)("%s is refused, with what comes near", async ([words, says], { expect }) => {
    const { code, stdout, stderr } = await help(...words.split(" "));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
  });
});

/** What a terminal shows of a command, with ayo as it is installed in `at`. */
function onTerminal(words: readonly string[], env: Readonly<Record<string, string>>, cli = CLI): Promise<string> {
  const command = [process.execPath, cli, ...words].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", `stty cols 60; ${command}`, "/dev/null"], {
    env: { ...hermeticEnv(sharedHome()), NO_COLOR: "", TERM: "xterm", ...env },
  });
  let shown = "";
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(`${shown.replaceAll("\r", "")}status ${code}`));
  });
}

describe("on a terminal", () => {
  const BOLD_TITLE = "\u001b[1mLive\u001b[22m";

  test("a page goes through the pager, dressed and in lines that fit", async () => {
    const seen = path.join(tempDir(), "seen");
    const shown = await onTerminal(["help", "live"], { PAGER: `tee '${seen}'` });
    const paged = readFileSync(seen, "utf8");
    expect(paged).toContain(`${BOLD_TITLE}\n`);
    expect(paged).not.toContain("```");
    expect(paged).not.toContain("](");
    expect(shown.split("Live\u001b")).toHaveLength(2);
    expect(shown).toMatch(/status 0$/);
  });

  test.for([
    ["no pager at all", "cat"],
    ["an empty one", ""],
    ["one that is not there", "/nowhere/pager"],
  ])("with %s the page is shown all the same", async ([, pager = ""], { expect }) => {
    const shown = await onTerminal(["help", "live"], { PAGER: pager });
    expect(shown).toContain(BOLD_TITLE);
    expect(shown).toMatch(/Next: [\s\S]*status 0$/);
  });

  test("whoever leaves the pager early has read enough", async () => {
    const shown = await onTerminal(["help", "recovery"], { PAGER: "head -n 1" });
    expect(shown).toMatch(/^\S*Recovery\S*\n+status 0$/);
  });

  test("nothing in a page steers the terminal", async () => {
    const dir = tempDir();
    for (const name of ["dist/cli", "templates", "package.json"])
      cpSync(path.join(ROOT, name), path.join(dir, name), { recursive: true });
    writeFileSync(path.join(dir, "templates/guide/live.md"), "# Live\n\nA \u001b]0;title\u0007 and \u001b[31mred.\n");
    const cli = path.join(dir, "dist/cli/ayo.cjs");
    const shown = await onTerminal(["help", "live"], { PAGER: "cat" }, cli);
    expect(shown).toContain("A \\x1b]0;title\\x07 and \\x1b[31mred.");
    const piped = await runCli(dir, ["help", "live"], { through: [] });
    expect(piped.stdout).not.toContain("\u001b");
  });
});

describe("a page dressed for a terminal", () => {
  const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const paint = {
    bold: mark("b"),
    cyan: mark("c"),
    dim: String,
    red: String,
    green: String,
    yellow: String,
    blue: String,
  };
  const dress = (text: string, columns = 80) => renderGuide(text, paint, columns);

  test.for([
    ["# One\n\nTwo `three` **four**.", "<b>One</b>\n\nTwo <c>three</c> <b>four</b>."],
    ["a [page](x.md#y) of\nit", "a page of it"],
    ["```console\n$ ayo\n# no heading\n```\n\nb", "  <b>$ ayo</b>\n  # no heading\n\nb"],
    ["| a | `b` |\n|---|---|\n| c | d |\n", `  a${" ".repeat(29)}<c>b</c>\n  c${" ".repeat(29)}d\n`],
    [`| ${"x".repeat(40)} | y |`, `  ${"x".repeat(40)}\n${" ".repeat(32)}y`],
    ["| a | b | `c` |", "| a | b | <c>c</c> |"],
    ["`a * b` and *c*, 2 * 3", "<c>a * b</c> and c, 2 * 3"],
    ["* one\n  more\n* two\n\n1. three\n", "* one more\n* two\n\n1. three\n"],
  ])("%j", ([text = "", shown], { expect }) => {
    expect(dress(text)).toBe(shown);
  });

  test("lines are no longer than the terminal is wide, but for one long word", () => {
    const row = dress(`| ${"term ".repeat(30)} | ${"word ".repeat(30)} |`, 40).split("\n");
    expect(row.filter((line) => line.length > 40)).toEqual([]);
    const text = `* ${"word ".repeat(30)}\n  [${"a".repeat(10)}](${"b".repeat(90)}.md) ${"c".repeat(50)}`;
    const lines = dress(text, 40).split("\n");
    expect(lines.filter((line) => line.length > 40)).toEqual([`  ${"c".repeat(50)}`]);
    expect(lines.slice(1).every((line) => line.startsWith("  "))).toBe(true);
  });
});
