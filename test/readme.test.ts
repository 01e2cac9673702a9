import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../src/cli/table/commandTable.ts";
import { ERROR_CODES } from "../src/error.ts";
import { FIELDS } from "../src/ticket/ticket.ts";
import {
  commandsOf,
  matches,
  promised,
  type Ran,
  readSections,
  renew,
  runSection,
  type Surroundings,
} from "./helpers/consoleBlocks.ts";
import { githubForPage } from "./helpers/github/githubForPage.ts";
import { judgeTeam } from "./helpers/judgeTeam.ts";
import { linearForPage } from "./helpers/linear/linearForPage.ts";
import { MANUAL, ROOT } from "./helpers/pages.ts";
import { tempDir } from "./helpers/tempDir.ts";

const sections = MANUAL.flatMap(({ name, text }) => readSections(text).map((section) => ({ page: name, section })));
const commands = sections.flatMap(({ section }) => commandsOf(section));
const table = [...(await COMMANDS.all())];
const text = MANUAL.map((page) => page.text).join("\n");

/** `AYO_README=renew npx vitest run test/readme.test.ts` writes what the commands print today; then read the diff. */
const RENEW = process.env.AYO_README === "renew";
const results: { page: string; ran: readonly Ran[] }[] = [];
/** The part whose scripts work at the same time: what they did is judged too, since no two runs print the same. */
const TEAM = "Four terminals";
afterAll(() => {
  if (!RENEW) return;
  for (const { name, text: page } of MANUAL) {
    const ran = results.filter((one) => one.page === name).flatMap((one) => one.ran);
    writeFileSync(path.join(ROOT, name), renew(page, ran));
  }
});

/** What a page's commands find besides ayo. */
async function aroundPage(
  page: string,
  home: string,
  onEnd: (close: () => Promise<void>) => void,
): Promise<Surroundings> {
  if (page.endsWith("/trackers.md")) return await linearForPage(home, onEnd);
  return page.endsWith("/github.md") ? await githubForPage(home, onEnd) : {};
}

describe("README.md and the guide: every command prints what the page says", () => {
  // The team takes longest.
  const ordered = sections.toSorted((left, right) => steps(right.section) - steps(left.section));
  test.concurrent.for(ordered)(
    "$page: $section.title",
    { timeout: 240_000 },
    async (one, { expect, onTestFinished }) => {
      const { page, section } = one;
      const home = tempDir(onTestFinished);
      const around = await aroundPage(page, home, onTestFinished);
      const ran = await runSection(section, home, RENEW, around);
      results.push({ page, ran });
      if (section.title === TEAM) judgeTeam(path.join(home, "myapp"));
      const wrong = ran.find(({ ok }) => !ok);
      if (wrong === undefined) return;
      const where = `${page}:${wrong.command.line}: $ ${wrong.command.text}`;
      expect(`${where}\n${wrong.actual}`).toBe(`${where}\n${promised(wrong.command)}`);
    },
  );
});

/** The more there is to run, the longer it takes; what several do together takes longest. */
function steps(section: (typeof sections)[number]["section"]): number {
  return section.title === TEAM ? Number.POSITIVE_INFINITY : commandsOf(section).length;
}

describe("README.md and the guide say what is there", () => {
  test("there is a team in four terminals", () => {
    const team = sections.find(({ section }) => section.title === TEAM)?.section.steps ?? [];
    expect(team.map((step) => (step.kind === "terminals" ? step.commands.length : 0))).toContain(4);
  });

  test.for(table)("ayo %s is shown, or its other name", async ([name, load], { expect, skip }) => {
    // A row of the table whose command is not written yet.
    skip((await load()) === undefined);
    const aliases = [...(await COMMANDS.aliases())].flatMap(([alias, of]) => (of === name ? [alias] : []));
    const lines = [name, ...aliases].map((one) => new RegExp(`\\bayo ${one}(?![\\w-])`));
    const isShown = commands.some((command) => lines.some((line) => line.test(command.text)));
    expect([name, isShown]).toEqual([name, true]);
  });

  test.each(Object.values(FIELDS).map(({ key }) => key))("the key %s is explained", (key) => {
    expect(text).toContain(`\`${key}\``);
  });

  test.each(Object.keys(ERROR_CODES))("the error %s is explained", (code) => {
    expect(text).toContain(`\`${code}\``);
  });

  test("no example shows a crash, and none a path of the machine that wrote it", () => {
    const outputs = commands.flatMap(({ output }) => output).join("\n");
    expect(outputs).not.toMatch(/this is a bug|node:internal|^\s+at .*:\d+:\d+\)?$|command not found|\/tmp\//m);
  });

  test.for(MANUAL)("no block of $name that looks like a terminal escapes the test", ({ text: page }, { expect }) => {
    const fences = [...page.matchAll(/^```(\w*).*\n([\s\S]*?)^```$/gm)];
    const untested = fences.filter(([, language, block]) => language !== "console" && /^\$ /m.test(block ?? ""));
    expect(untested.map(([block]) => block)).toEqual([]);
  });
});

describe("the test of the README can fail", () => {
  const GOOD = `## A
\`\`\`console
$ mkdir myapp && cd myapp
$ ayo ticket create "One" -p 1
mya-aaaa
$ ayo ticket create "Two" --deps mya-aaaa
mya-bbbb
$ ayo ticket list
mya-aaaa [P1][open] - One
mya-bbbb [P2][open] - Two <- [mya-aaaa]
$ ayo ticket start mya-bbbb
error: mya-bbbb waits for mya-aaaa (open): One
try: ayo ticket show mya-aaaa
$ echo $?
1
\`\`\`
`;
  const check = async (page: string): Promise<Ran | undefined> =>
    (await runSection(readSections(page)[0] ?? { title: "", steps: [] }, tempDir())).find(({ ok }) => !ok);

  test("a true page passes", async () => {
    expect(await check(GOOD)).toBeUndefined();
  });

  test.each([
    ["another word", "[P1][open] - One\n", "[P1][open] - Ones\n"],
    ["a line too many", "mya-bbbb\n$ ayo ticket list\n", "mya-bbbb\nready\n$ ayo ticket list\n"],
    ["a line too few", "try: ayo ticket show mya-aaaa\n", ""],
    ["output where there is none", "$ echo $?\n1", "$ true\n1"],
    ["another exit status", "$ echo $?\n1", "$ echo $?\n0"],
    ["an id for another", "start mya-bbbb\nerror: mya-bbbb waits", "start mya-bbbb\nerror: mya-aaaa waits"],
    ["one id for two tickets", "mya-bbbb\n$ ayo ticket list", "mya-aaaa\n$ ayo ticket list"],
    ["two ids for one ticket", "mya-aaaa [P1][open]", "mya-cccc [P2][open]"],
    [
      "lines in another order",
      "mya-aaaa [P1][open] - One\nmya-bbbb [P2][open] - Two <- [mya-aaaa]",
      "mya-bbbb [P2][open] - Two <- [mya-aaaa]\nmya-aaaa [P1][open] - One",
    ],
    [
      "a wrong line after those left out",
      "mya-aaaa [P1][open] - One\nmya-bbbb [P2][open] - Two",
      "…\nmya-bbbb [P2][open] - Three",
    ],
  ])("%s fails", async (_, from, to) => {
    expect(GOOD).toContain(from);
    expect(await check(GOOD.replace(from, to))).toBeDefined();
  });

  const TERMINALS = `## A
\`\`\`console one
$ mkdir one && cd one && ayo ticket create "One" -q > ../id; sed 's/^one/mya/;s/$/: made/' ../id; echo a
mya-aaaa: made
a
\`\`\`

\`\`\`console two
$ until [ -s id ]; do sleep 0.1; done; sed 's/^one/mya/;s/$/: seen/' id; echo a
mya-aaaa: seen
a
\`\`\`
`;

  test("terminals work at the same time", async () => {
    expect(await check(TERMINALS)).toBeUndefined();
  });

  test.each([
    ["a line too few", "made\na\n", "made\n"],
    ["a line too many", "seen\na\n", "seen\na\na\n"],
    ["another word", ": seen\na", ": been\na"],
    ["two ids for one ticket", "aaaa: seen", "bbbb: seen"],
  ])("of terminals, %s fails", async (_, from, to) => {
    expect(TERMINALS).toContain(from);
    expect(await check(TERMINALS.replace(from, to))).toBeDefined();
  });

  test("a page that is wrong can be renewed", async () => {
    const wrong = GOOD.replace("[P1][open] - One\n", "[P1][open] - Ones\n").replace("$ echo $?\n1", "$ echo $?");
    const ran = await runSection(readSections(wrong)[0] ?? { title: "", steps: [] }, tempDir(), true);
    expect(renew(wrong, ran)).toBe(GOOD);
  });

  test("`…` stands for lines, not for nothing and not for the end of a line", () => {
    expect(matches("a\n…\nc\n", "a\nb\nb\nc\n", new Map())).toBe(true);
    expect(matches("a\n…\n", "a\nb\n", new Map())).toBe(true);
    expect(matches("a\n…\nc\n", "a\nb\nd\n", new Map())).toBe(false);
    expect(matches("a …\n", "a b\n", new Map())).toBe(false);
  });
});
