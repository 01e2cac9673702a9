import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { doctor, type Examined } from "../../src/actions/doctor/doctor.ts";
import { invoke } from "../../src/actions/input/action.ts";
import { type TempStore, tempStore, writeTickets } from "./tempStore.ts";

/** A ticket that lies where somebody puts it. */
export const TICKET = "---\nid: t-lost\nstatus: open\ncreated: 2026-01-05T08:00:00Z\n---\n# Lost\n";

/** What doctor says of a store, as a process of its own would ask it. */
export function examine(store: TempStore, fix = false): Promise<Examined> {
  return invoke(doctor, store.open(), { fix });
}

/** A store with two committed tickets, one of them a part of the other, with which nothing is wrong. */
export async function twoTickets(inline = false): Promise<TempStore> {
  const store = await tempStore({ inline });
  writeTickets(store, { "t-a": "First\ncreated: 2026-01-05T08:00:00Z", "t-b": "Second\nparent: t-a\npriority: 1" });
  await store.ayo("ticket", "note", "t-a", "seen");
  expect((await examine(store)).findings).toEqual([]);
  return store;
}

/** Writes a file of a store, in whatever folder. */
export function put({ tickets }: TempStore, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(tickets, file)), { recursive: true });
  writeFileSync(path.join(tickets, file), text);
}
