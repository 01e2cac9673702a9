import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { OPERATIONS, operationOf } from "../../src/actions/batch/operations.ts";
import { loadAction, ROWS } from "../../src/actions/verbs.ts";
import { COMMANDS } from "../../src/cli/table/commandTable.ts";
import { FACES } from "../../src/cli/table/faces.ts";
import * as library from "../../src/index.ts";
import * as functions from "../../src/library/functions.ts";
import { loadTools } from "../../src/mcp/tools.ts";
import { openApi } from "../../src/server/describe/openApi.ts";
import { loadRoutes } from "../../src/server/routes/routes.ts";
import { CATEGORIES } from "../../src/ticket/rules/board.ts";

const ACTIONS = path.resolve(import.meta.dirname, "../../src/actions");
const LIBRARY = path.resolve(import.meta.dirname, "../../src/library/functions.ts");

const rows = [...ROWS];
const commands = await COMMANDS.all();
const aliases = await COMMANDS.aliases();
const routes = await loadRoutes();
const { paths } = openApi(routes, "1.0.0") as { paths: Record<string, Record<string, { summary: string }>> };
const tools = await loadTools();

/** `ticket close`, `undo`. */
const lineOf = (name: string, cli: "ticket" | "ayo") => (cli === "ticket" ? `ticket ${name}` : name);

/** The functions of the library, as src/library/functions.ts has to read. */
function libraryText(): string {
  const functions = rows.flatMap(([name, row]) => {
    if (row.library === undefined) return [];
    const [exported, about] = row.library;
    return [`/** ${about} */\nexport const ${exported} = verb(${JSON.stringify(name)});\n`];
  });
  const head = [
    "// Made from the table of verbs: `npx vitest run --config test/vitest.config.ts test/actions/verbs.test.ts -u` writes",
    '// what the rows say.\nimport { verb } from "./verb.ts";\n\n',
  ];
  return head.join("\n") + functions.join("");
}

test("every action has exactly one row, under its own name", async () => {
  const files = readdirSync(ACTIONS, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const declared = files.flatMap((file) => {
    const text = readFileSync(path.join(ACTIONS, file), "utf8");
    return [...text.matchAll(/^export const \w+ = (?:action|listAction)\(\{\s*name: "([^"]+)"/gm)].map(
      ([, name]) => name,
    );
  });
  // What the pattern does not see must not be an action either.
  const calls = files.flatMap(
    (file) =>
      readFileSync(path.join(ACTIONS, file), "utf8").match(/(?<!function )\b(?:action|listAction)(?:<[^>]*>)?\(/g) ??
      [],
  );
  expect(calls.length).toBe(declared.length);
  const named = await Promise.all(rows.map(async ([name]) => [name, (await loadAction(name)).name]));
  expect(named.filter(([name, own]) => name !== own)).toEqual([]);
  expect(rows.map(([name]) => name).toSorted()).toEqual(declared.toSorted());
});

test("no two verbs share a name, on any face", () => {
  const twice = (names: readonly string[]) => names.filter((name, at) => names.indexOf(name) !== at);
  const lines = rows.flatMap(([name, { cli, aliases: others = [] }]) =>
    cli === undefined ? [] : [name, ...others].map((one) => lineOf(one, cli)),
  );
  expect(twice([...lines, ...[...commands.keys()].filter((line) => !lines.includes(line))])).toEqual([]);
  const operations = rows.flatMap(([name, { batch, aliases: others = [] }]) =>
    batch === undefined ? [] : [name, ...others, ...(batch === true ? [] : batch)],
  );
  expect(twice(operations)).toEqual([]);
  expect(twice(rows.flatMap(([, { library: names }]) => names?.[0] ?? []))).toEqual([]);
  expect(twice(tools.map(({ name }) => name))).toEqual([]);
  expect(twice(routes.map(({ method, path: at }) => `${method} ${at}`))).toEqual([]);
});

test("no verb of ayo is called like a group of verbs: the words of one would be taken for the other", async () => {
  const lines = [...commands].filter(([line]) => !line.startsWith("ticket "));
  const groups = lines.filter(([line]) => lines.some(([other]) => other.startsWith(`${line} `)));
  const words = await Promise.all(groups.map(async ([, load]) => (await load()).positionals));
  // A verb that takes no words can be one, and one whose words are not free.
  const names = words.flat().map(({ name }) => name);
  expect([groups.map(([line]) => line), names]).toEqual([["inbox", "sync"], ["tracker"]]);
});

describe("every row is found on the faces that it names", () => {
  test.for(rows)("%s names one at least", ([, { cli, library: exported, rest, tool, batch }]) => {
    expect(cli ?? exported ?? rest?.[0] ?? tool ?? batch).toBeDefined();
  });

  const typed = rows.flatMap(([name, { cli, aliases: others = [] }]) =>
    cli === undefined ? [] : [{ name, line: lineOf(name, cli), others: others.map((other) => lineOf(other, cli)) }],
  );
  test.for(typed)("ayo $line", async ({ name, line, others }) => {
    for (const words of [line, ...others]) {
      const found = await COMMANDS.find(words.split(" "));
      if (found.kind !== "command") expect.fail(`'ayo ${words}' is ${found.kind}`);
      const { name: called, summary } = await found.load();
      expect([called, summary, found.rest]).toEqual([line, (await loadAction(name)).summary, []]);
    }
    expect((await commands.get(line)?.())?.name).toBe(line);
    expect(others.map((other) => aliases.get(other))).toEqual(others.map(() => line));
  });

  const addresses = rows.flatMap(([name, { rest = [] }]) => rest.map((address) => ({ name, ...address })));
  test.for(addresses)("$method $path", async ({ name, method, path: address, summary }) => {
    expect(paths[address]?.[method]?.summary).toBe(summary ?? (await loadAction(name)).summary);
  });

  const offeredTools = rows.flatMap(([name, { tool }]) => (tool === undefined ? [] : [{ name, tool }]));
  test.for(offeredTools)("the tool $tool.name", async ({ name, tool }) => {
    const [found, ...more] = tools.filter((one) => one.name === tool.name);
    expect([found?.action, found?.core, more]).toEqual([await loadAction(name), tool.core, []]);
    expect(found?.show.join(" ")).toBe(tool.show);
  });

  test.for(rows)("%s in a batch, or not", async ([name, { batch, aliases: others = [] }]) => {
    const action = batch === undefined ? undefined : await loadAction(name);
    expect(await operationOf(name)).toBe(action);
    const names = batch === undefined ? [] : [...others, ...(batch === true ? [] : batch)];
    for (const other of names) expect([other, await operationOf(other)]).toEqual([other, action]);
  });

  const offers = rows.flatMap(([name, { offered }]) => (offered === undefined ? [] : [{ name, offered }]));
  test.for(offers)("$name on the board, by its route, at a place of its own", ({ name, offered }) => {
    expect(Object.keys(paths[`/tickets/{id}/${name}`] ?? {})).toEqual(["post"]);
    for (const [situation, place] of Object.entries(offered.in)) {
      const there = offers.filter((other) => other.offered.in[situation as keyof typeof offered.in] === place);
      expect(there.map((one) => one.name)).toEqual([name]);
    }
  });
});

/** Verbs of tickets that a face does not have, on purpose; tools are left out, of which models can afford only so many. */
const LEFT_OUT = {
  // A commit is linked by a trailer or a tool; who has a terminal has git. Tasks are what prompts in phases make;
  // `agents whoami` and `ticket commits --patch` say what the last two do.
  // `ayo watch ID` is the channel.
  // People and scripts sync by `ayo sync`, which can share for the first time, and by `ayo sync linear`.
  cli: [
    "create task",
    "link commit",
    "channel",
    "commit diff",
    "sync again",
    "tracker sync",
    "tracker mapping",
    "agents list",
  ],
  // Only models write tasks.
  rest: ["create task"],
  // A program has the text, the commits and the tickets with their deps themselves.
  library: ["create task", "edit", "link commit", "dep tree", "dep cycle", "graph", "sync again", "tracker mapping"],
  // Either they do not go through change() alone, or a batch is no place for them.
  batch: [
    ...[
      "landed",
      "verify",
      "create task",
      "attach",
      "detach",
      "edit",
      "link commit",
      "batch",
      "archive",
      "delete",
      "sync again",
    ],
    "tracker sync",
  ],
};

test("a face that a verb of tickets does not have is left out on purpose", async () => {
  const ofTickets = rows.filter(([, { cli }]) => cli !== "ayo");
  const without = (face: keyof typeof LEFT_OUT) =>
    ofTickets.flatMap(([name, row]) => (row[face] === undefined ? [name] : []));
  expect(without("cli")).toEqual(LEFT_OUT.cli);
  expect(without("rest")).toEqual(LEFT_OUT.rest);
  expect(without("library")).toEqual(LEFT_OUT.library);
  const actions = await Promise.all(without("batch").map(loadAction));
  expect(actions.flatMap(({ name, writes }) => (writes ? [name] : []))).toEqual(LEFT_OUT.batch);
});

test("nothing is on a face that the table does not have", () => {
  const lines = rows.flatMap(([name, { cli }]) => (cli === undefined ? [] : [lineOf(name, cli)]));
  expect(Object.keys(FACES).filter((line) => !lines.includes(line))).toEqual([]);
  expect(OPERATIONS).toEqual(rows.flatMap(([name, { batch }]) => (batch === undefined ? [] : [name])));
  expect(routes.length).toBe(rows.flatMap(([, { rest = [] }]) => rest).length);
  expect(tools.length).toBe(rows.filter(([, { tool }]) => tool !== undefined).length);
});

test("the board offers something for a ticket in every category", () => {
  const empty = CATEGORIES.filter((category) => !rows.some(([, { offered }]) => offered?.in[category] === 1));
  expect(empty).toEqual([]);
});

test("the functions of the library are those of the table", async () => {
  await expect(libraryText()).toMatchFileSnapshot(LIBRARY);
  expect(library).toMatchObject(functions);
});
