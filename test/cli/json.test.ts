import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { hashObject } from "../../src/git/objects/objects.ts";
import { WRITTEN_SHAPE } from "../../src/server/describe/changeShapes.ts";
import { COMPONENTS } from "../../src/server/describe/openApiShapes.ts";
import { ROOT } from "../helpers/pages.ts";
import { tempStore } from "../helpers/tempStore.ts";

const PAGE = path.join(ROOT, "templates/guide/json.md");
const BLOCK = /^```json\n([\s\S]*?)^```$/m;

/** What the page's table names; shapes that these use come with them. */
const TOLD = [
  ...["Tickets", "TicketShown", "TicketMade", "TicketsWritten", "Written", "Board", "Graph", "History", "Commits"],
  ...["Undone", "Configured", "Event"],
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
    for (const [name, ...words] of [
      ["Written", "config", "prefix", "web"],
      ["Written", "config", "prefix", "web", "--dry-run"],
      ["Configured", "config"],
      ["Written", "config", "prefix"],
      ["Written", "config", "prefix", "--unset"],
      ["Undone", "undo", "--dry-run"],
      ["Undone", "undo"],
    ] as const) {
      expect([words, problemsOf(name, await json(...words))]).toEqual([words, []]);
    }
  });

  test("of undo and redo, whatever they bring back: each ticket with its version", async () => {
    const { ayo, json, text } = await tempStore();
    const id = await ayo("ticket", "create", "A");
    interface Undone {
      readonly ticket: { readonly id: string; readonly version: string; readonly kind: string; readonly path: string };
      readonly tickets: readonly unknown[];
    }
    const versionNow = (): string => hashObject("blob", Buffer.from(text(id)));
    const check = async (kind: string, ...words: string[]): Promise<Undone> => {
      const version = kind === "deleted" ? versionNow() : "";
      const answer = await json<Undone>(...words);
      expect([words, problemsOf("Undone", answer)]).toEqual([words, []]);
      expect([words, answer.ticket.kind, answer.tickets]).toEqual([words, kind, [answer.ticket]]);
      expect([words, answer.ticket.version]).toEqual([words, expect.stringMatching(/^[0-9a-f]{40}$/)]);
      if (kind === "deleted") expect(answer.ticket.version).toBe(version);
      return answer;
    };
    await check("deleted", "undo", "--dry-run");
    await check("deleted", "undo");
    await check("restored", "redo");
    await ayo("ticket", "note", id, "x");
    const undone = await check("changed", "undo");
    expect(undone.ticket.version).toBe(versionNow());
    await ayo("ticket", "close", id);
    await ayo("ticket", "archive", "--before", "2100-01-01");
    await check("changed", "undo");
    const archived = await check("changed", "redo");
    expect(archived.ticket.path).toMatch(/^archive\//);
    await ayo("undo");
    await ayo("ticket", "delete", id, "--yes");
    await check("restored", "undo");
    const dry = await check("deleted", "redo", "--dry-run");
    expect(dry.ticket.id).toBe(id);
  });

  test("of questions, reviews, claims, moves, edits and confirmations", async () => {
    const { ayo, json, text, write } = await tempStore();
    interface Answer {
      readonly tickets: readonly { readonly id: string; readonly version: string }[];
      readonly commit: string | null;
    }
    const make = (title: string) => ayo("ticket", "create", title);
    const [a, b, c, d, e] = [await make("A"), await make("B"), await make("C"), await make("D"), await make("E")];
    const versionOf = (id: string): string => hashObject("blob", Buffer.from(text(id)));
    const check = async (id: string, ...words: string[]): Promise<void> => {
      for (const flags of [["--dry-run"], []]) {
        const answer = await json<Answer>("ticket", ...words, ...flags);
        expect([words, problemsOf("TicketsWritten", answer)]).toEqual([words, []]);
        expect([words, answer.tickets.map((one) => one.id)]).toEqual([words, [id]]);
        if (flags.length === 0) expect([words, answer.tickets[0]?.version]).toEqual([words, versionOf(id)]);
        expect([words, answer.commit === null]).toEqual([words, flags.length > 0]);
      }
    };
    await check(a, "ask", a, "Which?");
    await check(a, "answer", a, "This one");
    await check(a, "start", a);
    await check(a, "status", a, "in_review");
    await check(a, "status", a, "open");
    await check(e, "submit", e, "--as", "@coder");
    await check(e, "reject", e, "-m", "no");
    await check(e, "submit", e, "--as", "@coder");
    await check(e, "approve", e);
    await check(b, "block", b, "-m", "why");
    await check(b, "unblock", b);
    await check(b, "fail", b);
    await check(c, "cancel", c);
    await check(c, "reopen", c);
    await check(d, "claim", d, "--lease", "5m", "--as", "@coder");
    await check(d, "renew", d, "--lease", "2h", "--as", "@coder");
    await check(d, "update", d, "--set", "estimate=3", "--as", "@coder");
    write(d, text(d).replace(/^type: /m, "assignee: '@other'\ntype: "));
    await ayo("ticket", "note", c, "takes the edit in", "--as", "@coder");
    expect(text(d)).toContain("unconfirmed:");
    await check(d, "confirm", d);
  });

  test("of edit", async () => {
    const { ayo, run, text } = await tempStore();
    const id = await ayo("ticket", "create", "A");
    const env = { EDITOR: "sed -i s/A/B/" };
    const answer = JSON.parse((await run(["ticket", "edit", id, "--json"], { env })).stdout);
    expect(problemsOf("TicketsWritten", answer)).toEqual([]);
    expect(answer.ticket.version).toBe(hashObject("blob", Buffer.from(text(id))));
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
