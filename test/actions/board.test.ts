import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { board } from "../../src/actions/board.ts";
import { invoke } from "../../src/actions/input/action.ts";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";

test("every column in the config's order, empty ones too, then what is no column; each in its own order", async () => {
  const store = await tempStore();
  writeFileSync(
    path.join(store.tickets, "config.yml"),
    "board:\n  columns:\n    - {id: backlog, category: todo}\n    - {id: doing, name: In hand, category: active, limit: 1}\n    - {id: shipped, category: done}\n",
  );
  writeTickets(store, {
    "a-1": "Later\nstatus: backlog\npriority: 3\ncreated: 2026-01-01T00:00:00Z",
    "a-2": "Sooner\nstatus: backlog\npriority: 1\ncreated: 2026-01-02T00:00:00Z",
    "a-3": "First done\nstatus: shipped\nclosed: 2026-01-03T00:00:00Z",
    "a-4": "Last done\nstatus: shipped\nclosed: 2026-01-04T00:00:00Z",
    "a-5": "Odd\nstatus: dreaming",
    "a-6": "None\nstatus: ''",
  });
  store.write("a-7", "---\nbroken: [\n---\n");
  const { columns, problems } = await invoke(board, store.open(), {});
  const seen = columns.map(({ name, category, limit, tickets }) => [
    name,
    category,
    limit,
    ...tickets.map(({ id }) => id),
  ]);
  expect(seen).toEqual([
    ["backlog", "todo", null, "a-2", "a-1"],
    ["In hand", "active", 1],
    ["shipped", "done", null, "a-4", "a-3"],
    ["dreaming", null, null, "a-5"],
    ["(no status)", null, null, "a-6"],
  ]);
  expect(problems.map(({ path: file }) => file)).toEqual(["a-7.md"]);
});

test("filters and a limit: the count says how many there are", async () => {
  const store = await tempStore();
  writeTickets(store, { "a-1": "One\ntags: [x]", "a-2": "Two\ntags: [x]", "a-3": "Three\ntags: [y]" });
  const { columns } = await invoke(board, store.open(), { tag: ["x"], limit: 1 });
  expect(columns[0]).toMatchObject({ id: "open", count: 2, tickets: [{ id: "a-1" }] });
  const filtered = await store.run(["board", "-tag:x"]);
  expect(filtered).toMatchObject({ code: 0, stdout: expect.stringContaining("a-3") });
  expect(filtered.stdout).not.toContain("a-1");
  const refused = await store.run(["board", "prioritty:1"]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no filter 'prioritty'") });
});
