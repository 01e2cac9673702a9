import { expect, test } from "vitest";
import { depTree } from "../../../src/actions/depTree.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { archiveTickets, closeTickets, createTicket, linkTickets, showTicket } from "../../../src/index.ts";
import { tempStore } from "../../helpers/tempStore.ts";

test("archived parts, links and dependencies are shown like any", async () => {
  const store = await tempStore();
  const old = store.open({ now: () => Date.now() - 90 * 24 * 60 * 60 * 1000 });
  const make = async (title: string, more = {}) => (await createTicket(old, { title, ...more })).ticket.id;
  const epic = await make("Epic");
  const schema = await make("Schema");
  const part = await make("Part", { parent: epic, deps: [schema] });
  const late = await make("Late", { parent: epic, deps: [part] });
  await linkTickets(old, { ids: [epic, schema] });
  await closeTickets(old, { ids: [schema, part] });
  const handle = store.open();
  expect([...(await archiveTickets(handle, {})).tickets.map(({ id }) => id)].sort()).toEqual([part, schema].sort());
  const shown = await showTicket(handle, { id: epic });
  expect(shown).toMatchObject({
    children: [
      { id: late, title: "Late", status: "open" },
      { id: part, title: "Part", status: "closed" },
    ],
    links: [{ id: schema, title: "Schema", status: "closed" }],
  });
  const tree = [`${part} [closed] Part`, `└── ${schema} [closed] Schema`];
  expect((await invoke(depTree, handle, { id: part })).lines).toEqual(tree);
  expect((await invoke(depTree, handle, { id: late })).lines).toEqual([
    `${late} [open] Late`,
    `└── ${tree[0]}`,
    `    ${tree[1]}`,
  ]);
  // A part that moves back to the active tickets is shown once.
  await store.ayo("ticket", "reopen", part);
  const again = await showTicket(handle, { id: epic });
  expect("children" in again && again.children.map(({ id }) => id).sort()).toEqual([late, part].sort());
});
