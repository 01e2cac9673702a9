import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { batch } from "../../../src/actions/batch/batch.ts";
import { depAdd } from "../../../src/actions/depAdd.ts";
import { edit } from "../../../src/actions/edit.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { update } from "../../../src/actions/update.ts";
import { hashObject } from "../../../src/git/objects/objects.ts";
import { createTicket } from "../../../src/index.ts";
import { type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

/** A grandparent, its part, and that one's part; and one more. */
async function family(): Promise<TempStore> {
  const store = await tempStore();
  writeTickets(store, {
    "t-top": "Top",
    "t-mid": "Middle\nparent: t-top",
    "t-low": "Low\nparent: t-mid",
    "t-else": "Else",
  });
  await store.ayo("ticket", "note", "t-else", "seen");
  return store;
}

const CYCLE = { code: "cycle" };

test("a ticket that would wait for its own parent is not created", async () => {
  const store = await family();
  const wanted = { title: "New", parent: "t-low", deps: ["t-top"] };
  await expect(createTicket(store.open(), wanted)).rejects.toMatchObject({
    ...CYCLE,
    message: expect.stringMatching(/^that would be a cycle: .* waits for t-top, .*its part t-low/),
  });
  const blocking = { title: "New", deps: ["t-top"], blocks: ["t-low"] };
  await expect(createTicket(store.open(), blocking)).rejects.toMatchObject(CYCLE);
  expect(store.files()).toHaveLength(4);
  // A brother or a stranger may be waited for, and a parent that is closed.
  await createTicket(store.open(), { title: "New", parent: "t-low", deps: ["t-else"] });
});

test("dep add, update and edit refuse what neither parent nor part could ever be finished with", async () => {
  const store = await family();
  const dep = (id: string, on: string) => invoke(depAdd, store.open(), { id, dep: on });
  await expect(dep("t-low", "t-top")).rejects.toMatchObject({
    ...CYCLE,
    message: "that would be a cycle: t-low waits for t-top, t-top for its part t-mid, and t-mid for its part t-low",
    data: { cycle: ["t-low", "t-top", "t-mid", "t-low"] },
  });
  await dep("t-low", "t-else");
  await expect(dep("t-else", "t-top")).rejects.toMatchObject(CYCLE);
  const changed = (input: object) => invoke(update, store.open(), { ids: ["t-else"], ...input });
  await expect(changed({ parent: "t-low" })).resolves.toBeDefined();
  await expect(changed({ parent: "" })).resolves.toBeDefined();
  await expect(changed({ deps: ["t-mid"] })).rejects.toMatchObject(CYCLE);
  await expect(invoke(update, store.open(), { ids: ["t-top"], parent: "t-else" })).rejects.toMatchObject(CYCLE);
  await expect(invoke(update, store.open(), { ids: ["t-top"], set: { parent: "t-else" } })).rejects.toMatchObject(
    CYCLE,
  );
  const text = store.text("t-top");
  const version = hashObject("blob", Buffer.from(text));
  const edited = text.replace("status: open", "status: open\nparent: t-else");
  await expect(invoke(edit, store.open(), { id: "t-top", text: edited, version })).rejects.toMatchObject(CYCLE);
  expect(store.text("t-top")).toBe(text);
});

test("a batch whose lines together make the circle is refused at the line that closes it", async () => {
  const store = await family();
  const operations = [
    { op: "create", title: "Parent", name: "p" },
    { op: "create", title: "Part", name: "c", parent: "$p" },
    { op: "dep add", id: "$c", dep: "$p" },
  ];
  await expect(invoke(batch, store.open(), { operations })).rejects.toMatchObject({
    ...CYCLE,
    message: expect.stringMatching(/^line 3 \(dep add\): that would be a cycle/),
  });
  expect(store.files()).toHaveLength(4);
});

test("who already waits in a circle that was made by hand can be changed otherwise", async () => {
  const store = await family();
  store.write("t-low", store.text("t-low").replace("status: open", "status: open\ndeps: [t-top]"));
  await expect(invoke(depAdd, store.open(), { id: "t-low", dep: "t-else" })).resolves.toMatchObject({ changed: true });
});

test("dep cycle and doctor name it, and an import says it", async () => {
  const store = await family();
  store.write("t-low", store.text("t-low").replace("status: open", "status: open\ndeps: [t-top]"));
  const sentence = "t-low waits for t-top, t-top for its part t-mid, and t-mid for its part t-low";
  const cycles = await store.here(["ticket", "dep", "cycle"]);
  expect([cycles.code, cycles.stdout]).toEqual([1, `${sentence}\n`]);
  const json = await store.here(["ticket", "dep", "cycle", "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    cycles: [],
    deadlocks: [{ cycle: ["t-low", "t-top", "t-mid", "t-low"], message: sentence }],
  });
  const found = await store.here(["doctor"]);
  expect([found.code, found.stdout]).toEqual([
    1,
    `error deadlock t-low.md: can never be finished: ${sentence}; break it, say with 'ayo ticket undep t-low t-top'\n1 finding\n`,
  ]);
  await store.ayo("ticket", "undep", "t-low", "t-top");
  expect(await store.ayo("ticket", "dep", "cycle")).toBe("no cycles");

  const lines = path.join(store.dir, "in.jsonl");
  writeFileSync(lines, `${JSON.stringify({ id: "x-1", title: "Part", parent: "t-else", deps: ["t-else"] })}\n`);
  const imported = await store.here(["import", lines]);
  expect(imported.stderr).toContain("note: tickets wait for each other: t-else -> x-1 -> t-else");
  expect(readFileSync(path.join(store.tickets, "x-1.md"), "utf8")).toContain("deps: [t-else]");
});

test("dep cycle prints a circle of dependencies once round", async () => {
  const store = await tempStore();
  writeTickets(store, { "t-a": "A\ndeps: [t-b]", "t-b": "B\ndeps: [t-a]" });
  expect((await store.here(["ticket", "dep", "cycle"])).stdout).toBe("t-a -> t-b -> t-a\n");
});
