import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exportTickets } from "../../../src/actions/export/export.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

async function exported(store: TempStore, input: object) {
  const { chunks, summary } = await invoke(exportTickets, store.open(), input as never);
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return { text, ...summary() };
}

const TICKETS = {
  "a-1":
    "Build *login*\npriority: 1\ntags: [auth]\nassignee: '@coder'\ndeps: [a-2]\nonce: key-1\nexternal-ref: gh-1\nx-own: [some, words]\nx-number: 7",
  "a-2": "Schema | tables\nstatus: closed\nclosed: 2026-01-03T00:00:00Z",
  "a-3": "Part\nparent: a-1\nlinks: [a-2]\ndue: 2026-12-01",
};

async function filled(): Promise<TempStore> {
  const store = await tempStore();
  writeTickets(store, TICKETS);
  store.write(
    "a-3",
    `${store.text("a-3")}\nText with 'quotes' and ünïcode\n\n## Notes\n\n**2026-01-04T00:00:00Z** @coder\n\nSeen.\n`,
  );
  mkdirSync(path.join(store.tickets, "archive/2025-01"), { recursive: true });
  writeFileSync(path.join(store.tickets, "archive/2025-01/a-0.md"), "---\nid: a-0\nstatus: closed\n---\n# Old\n");
  return store;
}

test("what is exported and imported again is the same, field for field", async () => {
  const store = await filled();
  const { text, total, problems } = await exported(store, { all: true });
  expect([total, problems]).toEqual([4, []]);
  const other = await tempStore();
  const { stdout } = await other.here(["import", "-", "--json"], { input: text });
  expect(JSON.parse(stdout)).toMatchObject({ imported: 4, needYou: [] });
  const again = await exported(other, { all: true });
  const comparable = (lines: string) =>
    lines
      .trim()
      .split("\n")
      .map((line) => ({ ...JSON.parse(line), version: "", path: "" }))
      .sort((left, right) => (left.id < right.id ? -1 : 1));
  expect(comparable(again.text)).toEqual(comparable(text));
});

test("every key comes back with its type, whatever a file holds", async () => {
  const { text, write, open, id } = { ...(await tempStore()), id: "x-1" };
  const ODD = `list: ["10", 20, "true", true, "", ~, 'a: b', "c, d"]
plain: [a, '5', b]
map: {users: 214, ids: ['07', 7], "odd key: 1": {deep: [null, "null", {}]}}
quoted-number: '5'
number: 5
quoted-true: "true"
yes: yes
empty:
tilde: ~
quoted-empty: ''
exponent: 1e3
octal: '012'
block: |
  two
  lines
folded: >-
  one
  line
beta:
  users: 214
  who: ['10', b]
due: [not, a, date]
blocked_by: ["02", "03", 10]
`;
  const store = { write, open };
  store.write(id, `---\nid: ${id}\nstatus: open\n${ODD}---\n# Odd\n`);
  const first = await exported(store as TempStore, {});
  const { extra } = JSON.parse(first.text) as { extra: Record<string, unknown> };
  expect(extra).toEqual({
    list: ["10", 20, "true", true, "", null, "a: b", "c, d"],
    plain: ["a", "5", "b"],
    map: { users: 214, ids: ["07", 7], "odd key: 1": { deep: [null, "null", {}] } },
    "quoted-number": "5",
    number: 5,
    "quoted-true": "true",
    yes: "yes",
    empty: null,
    tilde: null,
    "quoted-empty": "",
    exponent: "1e3",
    octal: "012",
    block: "two\nlines\n",
    folded: "one line",
    beta: { users: 214, who: ["10", "b"] },
    due: ["not", "a", "date"],
    blocked_by: ["02", "03", 10],
  });
  const other = await tempStore();
  await other.here(["import", "-"], { input: first.text });
  expect(JSON.parse((await exported(other, {})).text).extra).toEqual(extra);
  expect(text(id)).toContain("quoted-number: '5'");
});

test("a title that stands below a text is not written twice", async () => {
  const store = await tempStore();
  const body = "A text.\n\n# The title\n\nMore.\n";
  store.write("x-1", `---\nid: x-1\nstatus: open\n---\n${body}`);
  const other = await tempStore();
  await other.here(["import", "-"], { input: (await exported(store, {})).text });
  expect(other.text("x-1").split("---\n")[2]).toBe(body);
});

test("any value of any key comes back", async () => {
  const leaf = fc.oneof(
    fc.constantFrom(
      "",
      "~",
      "null",
      "true",
      "no",
      "5",
      "-0",
      "1e3",
      "0x1F",
      "a: b",
      "#",
      "- x",
      "[",
      "{a}",
      "'",
      '"',
      "\n",
    ),
    fc.string(),
    fc.string({ unit: "grapheme" }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.oneof(fc.constantFrom("x", "own key", "a:b", "true", "5"), fc.string({ minLength: 1, maxLength: 9 }));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    ),
  }));
  const records = fc
    .sample(value, { numRuns: 150, seed: 7 })
    .map((one, at) => ({ id: `x-${at}`, title: "T", extra: { own: one } }));
  const store = await tempStore();
  await store.here(["import", "-"], { input: records.map((record) => JSON.stringify(record)).join("\n") });
  const lines = (await exported(store, {})).text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const back = new Map(lines.map(({ id, extra }) => [id, extra.own]));
  for (const { id, extra } of records) expect([id, back.get(id)]).toEqual([id, JSON.parse(JSON.stringify(extra.own))]);
});

test("what is left out is told", async () => {
  const store = await filled();
  const file = path.join(store.dir, "out.jsonl");
  const { stdout, stderr } = await store.here(["export", "-o", file]);
  expect([stdout, stderr]).toEqual([
    `3 tickets exported to ${file}\n`,
    "note: 1 ticket of the archive is not in the export: --all takes the archive too\n",
  ]);
  expect(await store.here(["export", "--all", "-o", file])).toMatchObject({ stderr: "" });
  expect((await store.here(["ticket", "closed"])).stderr).toBe("note: 1 in the archive: --all\n");
  expect((await store.here(["ticket", "closed", "-a", "@nobody"])).stderr).toBe(
    "no ticket matches\nnote: 1 in the archive: --all\n",
  );
  expect(JSON.parse(await store.ayo("ticket", "closed", "--json"))).toMatchObject({ total: 1, archived: 1 });
  expect((await store.here(["ticket", "closed", "--all"])).stderr).toBe("");
});

test("without --all the archive is left out; --fields keeps those, in that order", async () => {
  const store = await filled();
  const { text, total } = await exported(store, { fields: ["status,id", "nothing"] });
  expect(total).toBe(3);
  expect(text).toBe('{"status":"open","id":"a-1"}\n{"status":"closed","id":"a-2"}\n{"status":"open","id":"a-3"}\n');
});

test("the board as markdown, in which titles are no markdown", async () => {
  const store = await filled();
  store.write("a-9", "no front matter: [\n---\n");
  const { text } = await exported(store, { format: "markdown" });
  expect(text).toContain(
    "# Tickets\n\n## Open (2)\n\n- **P1** `a-1` Build \\*login\\*: @coder, #auth, after `a-2` (done)\n- **P2** `a-3` Part: part of `a-1`\n\n## In progress (0)\n\nNothing.\n",
  );
  expect(text).toContain("## Closed (1)\n\n- **P2** `a-2` Schema \\| tables\n");
});

test("files that cannot be read are named, and the others are there", async () => {
  const store = await filled();
  store.write("a-8", "---\nstatus: [\n---\n");
  const { total, problems } = await exported(store, {});
  expect([total, problems]).toEqual([3, [expect.objectContaining({ path: "a-8.md", code: "bad_ticket" })]]);
});
