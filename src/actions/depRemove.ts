import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { matchId } from "../ticket/ids.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { ticketsAfter } from "./answers/written.ts";
import type { DependencyChanged } from "./depAdd.ts";
import { action, change, id, writeOptions } from "./input/action.ts";
import { assertVersion } from "./input/conflict.ts";

/** `ayo ticket dep remove <id> <dep>`; the dependency need not exist any more. */
export const depRemove = action({
  name: "dep remove",
  summary: "Let a ticket wait for another no longer",
  writes: true,
  input: v.object({ id, dep: id, ...writeOptions }),
  run: async (store, input): Promise<DependencyChanged> => {
    const outcome = await change(store, input, async (draft) => {
      const ticket = await draft.find(input.id);
      await assertVersion(store, draft, [ticket], input.ifMatch);
      const deps = ticket.fields.deps ?? [];
      const dep = await dependencyIn(draft, ticket, input.dep);
      if (!deps.includes(dep)) return { result: { id: ticket.id, dep, changed: false } };
      await draft.patch(ticket, { deps: deps.filter((other) => other !== dep) });
      const subject = `undep ${ticket.id}: waits no longer for ${dep}`;
      const result = { id: ticket.id, dep, changed: true };
      return { result, sentence: { subject, event: "updated", tickets: [ticket.id] } };
    });
    const { id, ...rest } = outcome.result;
    return { ...outcome.written, ...(await ticketsAfter(store, outcome, [id])), ...rest };
  },
});

/** The one that a user means: a dependency, or else a ticket, for which this one does not wait. */
async function dependencyIn(draft: Draft, { id, fields: { deps = [] } }: Ticket, wanted: string): Promise<string> {
  try {
    return dependencyOf(id, deps, wanted);
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "not_found") throw error;
    const other = await draft.find(wanted).catch((missing) => {
      if (missing instanceof AyoError && missing.code === "not_found") throw error;
      throw missing;
    });
    return other.id;
  }
}

/** The dependency that a user means, which need not exist any more. @throws not_found, ambiguous_id */
export function dependencyOf(ticket: string, deps: readonly string[], wanted: string): string {
  try {
    return matchId(wanted, deps, { substring: false });
  } catch (cause) {
    if (!(cause instanceof AyoError) || cause.code === "ambiguous_id") throw cause;
    const has = deps.length === 0 ? "it waits for nothing" : `it waits for ${deps.join(", ")}`;
    throw new AyoError("not_found", `${ticket} does not wait for '${wanted}'; ${has}`, { cause, data: { deps } });
  }
}
