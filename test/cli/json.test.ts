import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { WRITTEN_SHAPE } from "../../src/server/describe/changeShapes.ts";
import { COMPONENTS } from "../../src/server/describe/openApiShapes.ts";
import { ROOT } from "../helpers/pages.ts";
import { tempStore } from "../helpers/tempStore.ts";

const PAGE = path.join(ROOT, "templates/guide/json.md");
const BLOCK = /^```json\n([\s\S]*?)^```$/m;

/** What the page's table names; shapes that these use come with them. */
const TOLD = [
  ...["Tickets", "TicketShown", "TicketMade", "TicketsWritten", "Written", "Board", "Graph", "History", "Commits"],
  "Event",
];

/** The shapes as one schema: a line each, so that a change of one is a line of a difference. */
function schemaText(): string {
  const all: Readonly<Record<string, object>> = { ...COMPONENTS, Written: WRITTEN_SHAPE };
  const told = new Set(TOLD);
  for (const name of told)
    for (const [, used] of JSON.stringify(all[name]).matchAll(/#\/components\/schemas\/(\w+)/g))
      told.add(used as string);
  const lines = [...told]
    .map((name) => [name, all[name]] as const)
    .map(([name, shape]) => `"${name}":${JSON.stringify(shape)}`);
  const text = `{"$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{\n${lines.join(",\n")}\n}}\n`;
  return text.replaceAll("#/components/schemas/", "#/$defs/");
}

test("the page has the shapes that the interface is described with", () => {
  const page = readFileSync(PAGE, "utf8");
  const renewed = page.replace(BLOCK, () => `\`\`\`json\n${schemaText()}\`\`\``);
  if (process.env.AYO_README === "renew") writeFileSync(PAGE, renewed);
  expect(page).toBe(renewed);
});

describe("real answers fit the page", () => {
  const schema = JSON.parse(schemaText());
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(schema, "page");
  const problemsOf = (name: string, answer: unknown): unknown => {
    const validate = ajv.getSchema(`page#/$defs/${name}`);
    if (validate === undefined) throw new Error(`the page has no ${name}`);
    return validate(answer) === true ? [] : validate.errors;
  };

  test("of what reads", async () => {
    const { ayo, json } = await tempStore();
    const first = await ayo("ticket", "create", "First", "-d", "Text", "--acceptance", "It works");
    await ayo("ticket", "create", "Second", "--deps", first);
    for (const [name, ...words] of [
      ["Tickets", "ticket", "list"],
      ["Tickets", "ticket", "ready"],
      ["Tickets", "ticket", "blocked"],
      ["Tickets", "ticket", "closed"],
      ["Tickets", "ticket", "search", "first"],
      ["TicketShown", "ticket", "show", first],
      ["Board", "board"],
      ["Graph", "ticket", "graph", "--format", "json"],
      ["History", "ticket", "history"],
      ["Commits", "ticket", "commits"],
    ] as const) {
      expect([words, problemsOf(name, await json(...words))]).toEqual([words, []]);
    }
  });

  test("of what writes, with the new version; commit is null where nothing changed", async () => {
    const { ayo, json } = await tempStore();
    interface Answer {
      readonly tickets: readonly { readonly id: string; readonly version: string }[];
      readonly ticket?: { readonly version: string };
      readonly commit: string | null;
    }
    const made = await json<Answer & { ticket: { id: string } }>("ticket", "create", "A", "--acceptance", "One\nTwo");
    expect(problemsOf("TicketMade", made)).toEqual([]);
    expect(made.tickets).toEqual([made.ticket]);
    const { id } = made.ticket;
    const other = await ayo("ticket", "create", "B");
    const third = await ayo("ticket", "create", "C");
    const check = async (isOne: boolean, isChanged: boolean, ...words: string[]): Promise<Answer> => {
      const answer = await json<Answer>("ticket", ...words);
      expect([words, problemsOf("TicketsWritten", answer)]).toEqual([words, []]);
      expect([words, answer.tickets.every(({ version }) => /^[0-9a-f]{40}$/.test(version))]).toEqual([words, true]);
      expect([words, answer.ticket]).toEqual([words, isOne ? answer.tickets[0] : undefined]);
      expect([words, answer.commit === null]).toEqual([words, !isChanged]);
      return answer;
    };
    const noted = await check(true, true, "note", id, "Hello");
    await check(true, true, "assign", id, "@ann", "--if-match", noted.ticket?.version ?? "");
    await check(true, false, "assign", id, "@ann");
    await check(true, true, "check", id, "1");
    await check(true, false, "check", id, "1");
    await check(true, true, "uncheck", id, "1");
    await check(true, true, "dep", "add", id, other);
    await check(true, false, "dep", "add", id, other);
    await check(true, true, "dep", "remove", id, other);
    await check(false, true, "link", id, other);
    await check(false, false, "link", id, other);
    await check(false, true, "unlink", id, other);
    await check(false, true, "update", id, "-p", "1");
    await check(true, true, "claim", "--next", "--as", "@ann");
    await check(false, true, "release", id, "--as", "@ann");
    await check(true, true, "duplicate", third, "--of", other);
    await check(false, true, "close", other);
    await check(false, false, "close", other);
    await check(false, true, "reopen", other);
    await check(false, true, "close", other);
    await check(false, true, "archive", "--before", "2100-01-01");
    await check(true, true, "delete", id, "--yes");
  });

  test("of a batch, and of what changes no ticket", async () => {
    const { ayo, json, run } = await tempStore();
    const id = await ayo("ticket", "create", "A");
    const lines = [
      { op: "note", id, text: "x" },
      { op: "create", title: "B" },
    ].map((line) => JSON.stringify(line));
    const { stdout } = await run(["ticket", "batch", "--json"], { input: lines.join("\n") });
    const batch = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect(problemsOf("TicketsWritten", batch)).toEqual([]);
    expect(batch.tickets.map((ticket: { title: string }) => ticket.title)).toEqual(["A", "B"]);
    for (const words of [["config", "prefix", "web"], ["config"], ["undo"]]) {
      expect([words, problemsOf("Written", await json(...words))]).toEqual([words, []]);
    }
  });
});

test("a field that no ticket has is refused before anything is changed", async () => {
  const store = await tempStore();
  const refused = await store.run(["ticket", "create", "A", "--json", "--fields", "id,nope"]);
  expect([refused.code, refused.stdout]).toEqual([2, ""]);
  expect(JSON.parse(refused.stderr).error).toMatchObject({
    code: "bad_input",
    message: expect.stringMatching(/^'nope' is no field of a ticket; there are id, title, status/),
    data: { unknown: ["nope"] },
  });
  expect(await store.ayo("ticket", "list", "-q")).toBe("");
  const made = await store.json<{ ticket: object; tickets: object[] }>("ticket", "create", "A", "--fields", "title");
  expect(made).toMatchObject({ ticket: { title: "A" }, tickets: [{ title: "A" }], created: true });
  expect(Object.keys(made.ticket)).toEqual(["title"]);
});
