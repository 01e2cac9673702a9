import { expect, test } from "vitest";
import { graph } from "../../../src/actions/graph/graph.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

const draw = async (store: TempStore, input = {}) => invoke(graph, store.open(), input);

async function filled(): Promise<TempStore> {
  const store = await tempStore();
  writeTickets(store, {
    "a-1": "Schema\nstatus: closed",
    "a-2": 'Login "now" [x] <b>\ndeps: [a-1, gone]',
    "a-3": "Part\nparent: a-2",
    "a-4": "Waits\ndeps: [a-2]",
    "a-5": "Alone",
    "b-1": "Other\ndeps: [b-2]\nstatus: dreaming",
    "b-2": "Its dep",
  });
  return store;
}

test("nodes and edges of all that is tied to something, sorted; the rest with --all", async () => {
  const store = await filled();
  const { nodes, edges, text } = await draw(store, { format: "json" });
  expect(text).toBeNull();
  expect(nodes.map(({ id, category }) => `${id} ${category}`)).toEqual([
    "a-1 done",
    "a-2 todo",
    "a-3 todo",
    "a-4 todo",
    "b-1 null",
    "b-2 todo",
    "gone missing",
  ]);
  expect(edges.map(({ from, to, kind }) => `${from} ${to} ${kind}`)).toEqual([
    "a-1 a-2 dependency",
    "a-2 a-4 dependency",
    "a-3 a-2 part",
    "b-2 b-1 dependency",
    "gone a-2 dependency",
  ]);
  expect((await draw(store, { all: true })).nodes.map(({ id }) => id)).toContain("a-5");
});

test("one ticket: what comes before and after it, and nothing else", async () => {
  const store = await filled();
  expect((await draw(store, { id: "a-4" })).nodes.map(({ id }) => id)).toEqual(["a-1", "a-2", "a-3", "a-4", "gone"]);
  expect((await draw(store, { id: "a-1" })).nodes.map(({ id }) => id)).toEqual(["a-1", "a-2", "a-4"]);
  expect((await draw(store, { id: "a-5" })).edges).toEqual([]);
});

test("cycles that somebody made by hand are drawn as they are", async () => {
  const store = await tempStore();
  writeTickets(store, { "a-1": "One\ndeps: [a-2]", "a-2": "Two\ndeps: [a-1]" });
  expect((await draw(store, { id: "a-1" })).edges).toHaveLength(2);
});

test("mermaid and dot: titles cannot break out of their labels", async () => {
  const store = await filled();
  const mermaid = (await draw(store)).text ?? "";
  expect(mermaid).toMatch(/^flowchart LR\n/);
  expect(mermaid).toContain('  t_a_2["a-2<br/>Login #34;now#34; #91;x#93; #60;b#62;"]:::todo\n');
  expect(mermaid).toContain("  t_a_3 -.-> t_a_2\n");
  expect(mermaid).toContain('  t_gone["gone<br/>(missing)"]:::missing\n');
  const dot = (await draw(store, { format: "dot" })).text ?? "";
  expect(dot).toMatch(/^digraph tickets \{\n[\s\S]*\n\}\n$/);
  expect(dot).toContain('  "a-2" [label="a-2\\nLogin \\"now\\" [x] <b>", class="todo"');
  expect(dot).toContain('  "a-3" -> "a-2" [style=dashed];\n');
});
