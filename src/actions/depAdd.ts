import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { findTicket } from "../store/disk/findTicket.ts";
import { findCycle } from "../ticket/rules/graph.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { action, change, id, type Written, writeOptions } from "./input/action.ts";
import { assertVersion } from "./input/conflict.ts";
import { assertFinishable } from "./lifecycle/finishable.ts";

/** What changing a dependency answers. */
export interface DependencyChanged extends Written, WithTickets {
  readonly dep: string;
  /** False where it was so already. */
  readonly changed: boolean;
}

/** `ayo ticket dep add <id> <dep>`. */
export const depAdd = action({
  name: "dep add",
  summary: "Make a ticket wait for another",
  writes: true,
  input: v.object({ id, dep: id, ...writeOptions }),
  run: async (store, input): Promise<DependencyChanged> => {
    const outcome = await change(store, input, async (draft) => {
      const ticket = await draft.find(input.id);
      await assertVersion(store, draft, [ticket], input.ifMatch);
      const dep = (await findTicket(store, draft.view, input.dep, false)).id;
      const result = { id: ticket.id, dep, changed: !(ticket.fields.deps ?? []).includes(dep) };
      if (!result.changed) return { result };
      await addDependency(draft, ticket, dep);
      await assertFinishable(draft);
      const subject = `dep ${ticket.id}: waits for ${dep}`;
      return { result, sentence: { subject, event: "updated", tickets: [ticket.id] } };
    });
    const { id, ...rest } = outcome.result;
    return { ...outcome.written, ...(await ticketsAfter(store, outcome, [id])), ...rest };
  },
});

/**
 * Adds `dep` to a ticket's dependencies; `ownDeps` are those of `dep` itself where the store has no such ticket yet.
 * @throws cycle with the ids that would wait for each other
 */
export async function addDependency(
  draft: Draft,
  ticket: Ticket,
  dep: string,
  ownDeps: readonly string[] = [],
): Promise<void> {
  const deps = ticket.fields.deps ?? [];
  if (deps.includes(dep)) return;
  assertNoCycle(draft, ticket.id, dep, ownDeps);
  await draft.patch(ticket, { deps: [...deps, dep] });
}

/** @throws cycle with the ids that would wait for each other */
export function assertNoCycle(draft: Draft, from: string, to: string, ownDeps: readonly string[] = []): void {
  const depsOf = (id: string): readonly string[] => draft.view.byId.get(id)?.fields.deps ?? (id === to ? ownDeps : []);
  const cycle = findCycle(depsOf, from, to);
  if (cycle === undefined) return;
  const fact = from === to ? `${from} cannot wait for itself` : `that would be a cycle: ${cycle.join(" -> ")}`;
  throw new AyoError("cycle", fact, { try: ["ayo", "ticket", "dep", "tree", to], data: { cycle } });
}
