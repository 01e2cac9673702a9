import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { GLOBAL_FLAGS } from "../../src/cli/table/command.ts";
import { COMMANDS } from "../../src/cli/table/commandTable.ts";
import { parseArgs } from "../../src/cli/table/parseArgs.ts";
import { searchTickets } from "../../src/index.ts";
import { runHere } from "../helpers/runHere.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore, writeTickets } from "../helpers/tempStore.ts";

/** Words as a shell would split them; what is quoted stays together. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ""));
}

async function house(): Promise<TempStore> {
  const store = await tempStore();
  writeTickets(store, {
    "h-door": "Fix the door\ntype: bug\npriority: 0\ntags: [ui]",
    "h-wall": "Paint the wall\ntype: task\npriority: 1\ntags: [ui, web]\nassignee: '@coder'",
    "h-roof": "Mend the roof\ntype: feature\npriority: 3\ntags: [web]\nstatus: in_progress",
    "h-sold": "Sell the house\ntype: task\nstatus: closed",
  });
  return store;
}

/** What finds which tickets, by the end of their ids. */
const FINDS: readonly (readonly [line: string, ids: string])[] = [
  ["issue list -q", "door wall roof sold"],
  ["issues list -q", "door wall roof sold"],
  ["t list -q --label ui", "door wall"],
  ["t list -q -l ui", "door wall"],
  ["t list -q --tags ui", "door wall"],
  ["t list -q -T ui,web", "door wall roof"],
  ["t list -q tag:ui,web", "door wall roof"],
  ["t list -q -T ui -T web", "wall"],
  ["t list -q 'tag:ui tag:web'", "wall"],
  ["t list -q -s open -s closed", "door wall sold"],
  ["t list -q -s open,closed", "door wall sold"],
  ["t list -q 'status:open status:closed'", "door wall sold"],
  ["t list -q -t bug -t feature", "door roof"],
  ["t list -q 'type:bug type:feature'", "door roof"],
  ["t list -q -s open,closed status:open", "door wall"],
  ["t search -q -s open -s closed 'status:closed OR type:bug'", "door sold"],
  ["t list -q --state open", "door wall"],
  ["t list -q --owner @coder", "wall"],
  ["t list -q -a none,@coder", "door wall roof sold"],
  ["t list -q -p 0,1", "door wall"],
  ["t list -q -p '<2'", "door wall"],
  ["t list -q -p'<2'", "door wall"],
  ["t list -q -p 0..1", "door wall"],
  ["t list -q -p urgent", "door"],
  ["t list -q -p1", "wall"],
  ["t list -q -p=1", "wall"],
  ["t list -qp1", "wall"],
  ["t list -q priority:urgent,high", "door wall"],
  ["t list -q -tbug", "door"],
  ["t list -tbug -qn1", "door"],
  ["t list -q -n 1", "door"],
  ["t list -q -n1", "door"],
  ["t list -q -L 1", "door"],
  ["t ready -q -n 1", "door"],
  ["t closed -q -n 1", "sold"],
  ["t list -q -tag:ui", "roof sold"],
  ["t search -q -t bug door", "door"],
  ["t search -q 'door roof wall' --mode keyword -t bug,feature", "door roof"],
  ["t search -q door --type keyword", "door"],
  ["t search -q door --mode keyword", "door"],
  ["t find -q door --mode keyword", "door"],
  ["t view -q door", "door"],
  ["issue view h-door -q", "door"],
  ["board -q -l ui", "door wall"],
  ["-n 1 t list -q", "door"],
  ["--limit 1 t list -q", "door"],
  ["--limit=1 --quiet t list", "door"],
  ["--type bug -q ticket list", "door"],
  ["-tbug t list -q", "door"],
  ["-T ui --priority 1 ticket list -q", "wall"],
  ["t -q -n 1 list", "door"],
  ["t --quiet list", "door wall roof sold"],
  ["t --dir . -q list", "door wall roof sold"],
  ["t -q -s closed", "sold"],
  ["t -q -s closed list", "sold"],
  ["t -q -T ui search door --mode keyword", "door"],
  ["t --mode keyword -q search door", "door"],
];

/** What prints what. */
const SAYS: readonly (readonly [line: string, text: string])[] = [
  ["t list --json id,title -n 1", '"tickets":[{"id":"h-door","title":"Fix the door"}]'],
  ["t list --json=id,title -n 1", '"tickets":[{"id":"h-door","title":"Fix the door"}]'],
  ["t list --json title -n 1", '"tickets":[{"title":"Fix the door"}]'],
  ["t show door --json id,title", '"ticket":{"id":"h-door","title":"Fix the door"}'],
  ["t search door --json id,title --mode keyword", '"tickets":[{"id":"h-door","title":"Fix the door"}]'],
  ["t ready --json id -n 1", '"tickets":[{"id":"h-door"}]'],
  ["version", "ayo 0."],
  ["--version", "ayo 0."],
  ["-v", "ayo 0."],
  ["-V", "ayo 0."],
  ["version --json", '{"schema":1,"version":"0.'],
  ["--version --json", '{"schema":1,"version":"0.'],
  ["--json --version", '{"schema":1,"version":"0.'],
  ["ticket help", "ayo ticket list [filter]"],
  ["help ticket", "ayo ticket list [filter]"],
  ["issue help", "ayo ticket list [filter]"],
  ["ticket help close", "ayo ticket close <id…>"],
  ["help ticket close", "ayo ticket close <id…>"],
  ["help issue close", "ayo ticket close <id…>"],
  ["help view", "ayo ticket show <id>"],
  ["t help filters", "# Filters"],
  ["help filters", "# Filters"],
  ["t dep help", "ayo ticket dep add <id> <dep>"],
  ["t dep --help", "ayo ticket dep remove <id> <dep>"],
  ["t dep -h", "ayo ticket dep tree [id]"],
  ["t dep", "ayo ticket dep cycle"],
  ["help dep", "ayo ticket dep cycle"],
  ["t dep add --help", "Flags:"],
  ["hooks", "ayo hooks log"],
  ["agents --help", "ayo agents whoami"],
  ["agents help", "ayo agents init"],
  ["hooks help log", "ayo hooks log"],
];

/** What is refused, with what is said of it. */
const REFUSED: readonly (readonly [line: string, text: string])[] = [
  ["t list --author me", "'ayo ticket history --actor NAME'"],
  ["t create x --milestone 1", "there are no milestones"],
  ["issue create -t 'My title' -b x", "title is missing (-t is the type; --title is the title)"],
  ["issue list -A me", "'ayo ticket history --actor NAME'"],
  ["t edit door --milestone x", "'ayo ticket update ID' changes fields by flags"],
  ["t list --closed", "filters are words: is:closed"],
  ["t list --repo x", "-C DIR"],
  ["t list -z 3", "unknown flag -z (text"],
  ["t list -N 3", "unknown flag -N; did you mean -n?"],
  ["t shwo door", "did you mean show?"],
  ["t get door", "'ayo ticket show' is what does that"],
  ["--limit 3 tickt list", "unknown command 'ayo 3'"],
  ["task list", "tickets are 'ayo ticket'"],
  ["view door", "'view' is a verb of 'ayo ticket'"],
  ["--bogus", "unknown flag --bogus"],
  ["-x", "unknown flag -x"],
  ["t history --since -1d", "since '-1d' is neither a time"],
  ["t list -n -1", "--limit must be at least 1"],
  ["t list --limit=-1", "--limit must be at least 1"],
  ["t search door -n 0", "--limit must be at least 1"],
  ["t commits --limit 0", "--limit must be at least 1"],
  ["hooks log -n0", "--limit must be at least 1"],
  ["t claim --next --count 0", "--count must be at least 1"],
  ["t check door 0", "number '0': criteria are counted from 1"],
  ["t duplicate door", "--of is missing"],
  ["serve --port 99999", "there is no port 99999"],
  ["t list -p 9", "priority '9' is not one of"],
  ["t list -p '0,9'", "priority '9' is not one of"],
  ["t list -T '<2'", "< is for priority and dates"],
  ["t list -a ''", "a value is missing after assignee"],
  ["t create x -d - --design -", "--description and --design are both '-'"],
  ["t create - --body=-", "the title and --description are both '-'"],
  ["t note door - -m x", "text is given twice"],
  ["t assign door", "who is missing"],
  ["t create x --title y", "title is given twice"],
  ["-C nowhere t list", "there is no directory"],
  ["t query '.status==\"open\"'", "is an expression of jq"],
  ["t list '.priority < 2'", "is an expression of jq"],
  ["t ready 'select(.priority < 2)'", "is an expression of jq"],
  ["t blocked '.[] | .id'", "is an expression of jq"],
  ["t closed '.status == \"closed\"'", "is an expression of jq"],
  ["t claim --next '.priority<2'", "is an expression of jq"],
  ["board '.status==\"open\"'", "is an expression of jq"],
];

test("a value may be attached to every letter of every command, whatever is in it", async () => {
  let count = 0;
  for (const [line, load] of await COMMANDS.all()) {
    const command = await load();
    const table = Object.entries({ ...GLOBAL_FLAGS, ...command.flags });
    const letters = table.flatMap(([name, flag]) =>
      ["string", "list"].includes(flag.type) && flag.choices === undefined
        ? [...(flag.alias ?? []), name].filter((one) => one.length === 1).map((letter) => ({ name, letter }))
        : [],
    );
    for (const { name, letter } of letters) {
      // `-tag:ui` is a filter where there are filters.
      const filters = command.positionals.some((one) => /^(?:filter|query)/.test(one.name));
      for (const value of ["two words", "x", "a=b", "- dash", "ä", ...(filters ? [] : ["http://x"])]) {
        const words = command.positionals.filter((one) => one.required).map(() => "w");
        const { flags } = parseArgs(command, [...words, `-${letter}${value}`], []);
        expect([line, letter, value, [flags[name]].flat()]).toEqual([line, letter, value, [value]]);
        count++;
      }
    }
  }
  expect(count).toBeGreaterThan(500);
});

describe("words that hands type", () => {
  test("find what they mean", async () => {
    const { ayo } = await house();
    for (const [line, ids] of FINDS) {
      const found = (await ayo(...words(line))).split("\n").map((id) => id.replace("h-", ""));
      expect([line, found.sort()]).toEqual([line, ids.split(" ").sort()]);
    }
  });

  test("print what they ask for", async () => {
    const { ayo } = await house();
    for (const [line, text] of SAYS)
      expect([line, await ayo(...words(line))]).toEqual([line, expect.stringContaining(text)]);
  });

  test("are refused by the names that the line has for things", async () => {
    const { here } = await house();
    for (const [line, text] of REFUSED) {
      const { code, stderr } = await here(words(line));
      expect([line, code, stderr]).toEqual([line, 2, expect.stringContaining(text)]);
    }
  });

  test("a search for an expression of jq says what it was taken for", async () => {
    const { here } = await house();
    const { stderr } = await here(["t", "search", '.qqq == "zzz"', "--mode", "keyword"]);
    expect(stderr).toContain("is an expression of jq");
  });

  test("make and change tickets", async () => {
    const { ayo, here, json } = await house();
    const shown = async (id: string) => (await json<{ ticket: object }>("t", "show", id)).ticket;
    const one = await ayo("issue", "add", "--title", "Move in", "--body", "With all", "--label", "ui,new", "-purgent");
    expect(await shown(one)).toMatchObject({ title: "Move in", priority: 0, tags: ["ui", "new"] });
    await ayo(
      "issue",
      "update",
      one,
      "--title=Move out",
      "--add-label",
      "old",
      "--remove-label",
      "new",
      "-mreason: rent",
    );
    expect(await shown(one)).toMatchObject({
      title: "Move out",
      tags: ["ui", "old"],
      notes: [{ text: "reason: rent" }],
    });
    expect(await ayo("issue", "edit", one, "--label=last")).toBe(`Updated ${one}`);
    expect(await shown(one)).toMatchObject({ tags: ["ui", "old", "last"] });
    expect(await here(["t", "edit", one, "--as", "@coder"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no terminal for an editor"),
    });
    await ayo("t", "move", one, "in_progress");
    await ayo("issue", "close", one, "-m12 tests pass");
    expect(await shown(one)).toMatchObject({ status: "closed", notes: [{}, { text: "12 tests pass" }] });
    await ayo("t", "comment", one, "--body", "Thanks");
    await ayo("t", "note", one, "-mmerci");
    await ayo("t", "note", one, "--", "-mtwo words");
    await ayo("t", "assign", one, "-a", "@coder");
    const notes = [{}, {}, { text: "Thanks" }, { text: "merci" }, { text: "-mtwo words" }];
    expect(await shown(one)).toMatchObject({ notes, assignee: "@coder" });
  });
});

test("the mode of a search goes by its old name too, for the library as elsewhere", async () => {
  const store = (await house()).open();
  for (const how of [{ mode: "keyword" as const }, { type: "keyword" }, { type: ["keyword"] }]) {
    const { mode, tickets } = await searchTickets(store, { query: "door", ...how });
    expect([mode, tickets.map(({ id }) => id)]).toEqual(["keyword", ["h-door"]]);
  }
  const bugs = await searchTickets(store, { query: "door wall", mode: "keyword", type: ["bug"] });
  expect(bugs.tickets.map(({ id }) => id)).toEqual(["h-door"]);
});

test("the lines of a batch go by the same names", async () => {
  const { here, json } = await house();
  const lines = [
    { op: "add", title: "Insure it", body: "All of it", labels: ["new"], priority: "urgent", name: "it" },
    { op: "update", id: "$it", label: "web", "due-date": "2030-01-01", "depends-on": "h-door" },
    { op: "create", title: "Pay", blocked_by: "$it", owner: "@coder" },
    { op: "comment", id: "$it", body: "noted" },
    { op: "move", id: "h-door", state: "in_progress" },
  ];
  const { code, stderr } = await here(["t", "batch"], { input: lines.map((one) => JSON.stringify(one)).join("\n") });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
  const { tickets } = await json<{ tickets: { id: string; title: string }[] }>("t", "list");
  const by = (title: string) => tickets.find((one) => one.title === title) ?? expect.fail(title);
  expect(by("Insure it")).toMatchObject({ priority: 0, tags: ["new", "web"], due: "2030-01-01", deps: ["h-door"] });
  expect(by("Pay")).toMatchObject({ deps: [by("Insure it").id], assignee: "@coder" });
  expect(by("Fix the door")).toMatchObject({ status: "in_progress" });
});

describe("standard input", () => {
  test.each([
    ["create x -d -", "description"],
    ["create x -d-", "description"],
    ["create x -d=-", "description"],
    ["create x --description -", "description"],
    ["create x --description=-", "description"],
    ["create x --body -", "description"],
    ["create x --design -", "design"],
    ["create x --acceptance=-", "acceptance"],
    ["create -", "title"],
    ["create --title -", "title"],
    ["update h-door -d -", "description"],
    ["update h-door --message=-", "note"],
    ["close h-door -m -", "note"],
    ["note h-door -", "note"],
    ["note h-door", "note"],
    ["note h-door --text=-", "note"],
    ["comment h-door --body -", "note"],
    ["ask h-door --question -", "question"],
  ])("ayo ticket %s", async (line) => {
    const { here, text } = await house();
    const { code, stdout } = await here(["ticket", ...words(line), "-q"], { input: "Read from outside.\n" });
    expect(code).toBe(0);
    expect(text(stdout.trim())).toContain("Read from outside.");
  });
});

describe("-C, as git has it", () => {
  test("before and after the verb; other paths count from there, and one from the other", async () => {
    const { dir, here } = await house();
    const inside = path.join(dir, "a", "b");
    mkdirSync(inside, { recursive: true });
    writeFileSync(path.join(inside, "plan.jsonl"), '{"op":"note","id":"h-door","text":"planned"}\n');
    const other = await tempStore({ at: tempDir() });
    const ids = async (args: string[]) => (await here(args)).stdout;
    for (const line of [
      ["-C", other.dir, "t", "list", "-q"],
      ["t", "list", "-q", "-C", other.dir],
      [`-C${other.dir}`, "t", "-q"],
      ["t", "list", "-q", "-C", "/", "-C", other.dir],
    ]) {
      expect([line, await ids(line)]).toEqual([line, ""]);
    }
    expect(await ids(["-C", "a", "t", "list", "-q", "--dir", "../.tickets", "is:closed"])).toBe("h-sold\n");
    expect((await here(["t", "batch", "plan.jsonl", "-C", "a", "-C", "b"])).stdout).toContain("h-door");
    const offered = await runHere(other.dir, ["completion", "--words", "--", "-C", dir, "ticket", "show", "h-d"]);
    expect(offered.stdout).toContain("h-door");
  });
});
