import { describe, expect, test } from "vitest";
import {
  applyBatch,
  cancelTickets,
  createTicket,
  deleteTickets,
  failTickets,
  markDuplicate,
  moveTickets,
  reopenTickets,
  showTicket,
  updateTickets,
} from "../../../src/index.ts";
import type { Store } from "../../../src/store/open/store.ts";
import { tempStore } from "../../helpers/tempStore.ts";

async function family() {
  const project = await tempStore();
  const store = project.open();
  const make = async (title: string, more: Record<string, unknown> = {}) =>
    (await createTicket(store, { title, ...more })).ticket.id;
  const given = await make("Given up");
  const waits = await make("Waits", { deps: [given] });
  const part = await make("Part", { parent: given });
  const done = await make("Done", { parent: given, status: "closed" });
  return { project, store, given, waits, part, done };
}

const told = (given: string, waits: string, part: string, fate: string) => [
  `${waits} waits for ${given}, which is ${fate}: 'ayo ticket undep ${waits} ${given}'`,
  `${part} is a part of ${given}, which is ${fate}: 'ayo ticket cancel ${given} --children' or 'ayo ticket update ${part} --parent ""'`,
];

describe("giving a ticket up", () => {
  test.each([
    ["cancelled", (store: Store, id: string) => cancelTickets(store, { ids: [id] })],
    ["failed", (store: Store, id: string) => failTickets(store, { ids: [id] })],
    ["cancelled", (store: Store, id: string) => moveTickets(store, { ids: [id], column: "cancelled" })],
    ["cancelled", (store: Store, id: string) => updateTickets(store, { ids: [id], set: { status: "cancelled" } })],
    ["cancelled", (store: Store, id: string) => applyBatch(store, { operations: [{ op: "cancel", id }] })],
  ])("as %s tells who waits for it and what are its open parts, with the command that helps", async (fate, giveUp) => {
    const { store, given, waits, part } = await family();
    expect((await giveUp(store, given)).notices).toEqual(told(given, waits, part, fate));
  });

  test("in favour of another tells it too, and what goes with it is not told", async () => {
    const { store, given, waits, part, done } = await family();
    const { notices } = await markDuplicate(store, { id: given, of: done });
    expect(notices).toEqual(told(given, waits, part, "cancelled"));
    const other = await family();
    const all = { ids: [other.given, other.waits, other.part] };
    expect((await cancelTickets(other.store, all)).notices).toEqual([]);
  });

  test("for good tells whom it leaves, finished ones too", async () => {
    const { store, given, waits, part, done } = await family();
    const deleted = await deleteTickets(store, { ids: [given], yes: true });
    expect(deleted.dependents).toEqual([waits]);
    expect([...deleted.children].sort()).toEqual([part, done].sort());
    expect([...deleted.notices].sort()).toEqual(
      [
        `${waits} waits for ${given}, which is deleted: 'ayo ticket undep ${waits} ${given}'`,
        ...[part, done].map(
          (id) => `${id} is a part of ${given}, which is deleted: 'ayo ticket update ${id} --parent ""'`,
        ),
      ].sort(),
    );
  });

  test("of which many wait tells of five", async () => {
    const { store, given } = await family();
    for (const title of ["a", "b", "c", "d", "e", "f"]) await createTicket(store, { title, deps: [given] });
    const { notices } = await cancelTickets(store, { ids: [given] });
    expect(notices).toHaveLength(7);
    expect(notices[5]).toMatch(/^and 2 more like the last:/);
  });
});

test("reopening clears what closing set, also that it was a duplicate", async () => {
  const { project, store, given, done } = await family();
  const before = project.text(given);
  await markDuplicate(store, { id: given, of: done });
  expect((await showTicket(store, { id: given })).text).toContain(`duplicate-of: ${done}`);
  await reopenTickets(store, { ids: [given] });
  expect(project.text(given)).toBe(before);
});
