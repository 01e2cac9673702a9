import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Store } from "../store/open/store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { action, change, ids, optionalText, type WriteOptions, type Written, writeOptions } from "./input/action.ts";
import { assertVersion } from "./input/conflict.ts";
import { findAll } from "./lifecycle/findAll.ts";

/** What `link` and `unlink` answer: the tickets, and how many lines changed. */
export interface Linked extends Written, WithTickets {
  readonly changed: number;
}

/** What `link` and `unlink` take besides the ids. */
export const linkOptions = {
  ...writeOptions,
  ifMatch: optionalText("refuse unless the first of the tickets still has this version"),
};

/** `ayo ticket link <id> <id…>`: every ticket named is related to every other. */
export const link = action({
  name: "link",
  summary: "Relate tickets to each other",
  writes: true,
  input: v.object({ ids, ...linkOptions }),
  run: (store, input) => relink(store, input, "link", (links, others) => [...new Set([...links, ...others])]),
});

/** Sets the links of all tickets named; both directions in one commit. */
export async function relink(
  store: Store,
  input: WriteOptions & { readonly ids: readonly string[] },
  verb: "link" | "unlink",
  combine: (links: readonly string[], others: readonly string[]) => readonly string[],
): Promise<Linked> {
  const outcome = await change(store, input, async (draft) => {
    const tickets = await findAll(draft, input.ids);
    await assertVersion(store, draft, tickets.slice(0, 1), input.ifMatch);
    if (tickets.length < 2) throw new AyoError("bad_usage", `${verb} needs at least two different tickets`);
    const result = tickets.map((ticket) => ticket.id);
    for (const ticket of tickets) {
      const others = result.filter((id) => id !== ticket.id);
      const links = combine(ticket.fields.links ?? [], others);
      if (links.join() !== (ticket.fields.links ?? []).join()) await draft.patch(ticket, { links });
    }
    const changed: Ticket[] = tickets.filter((ticket) => draft.files.has(ticket.path));
    if (changed.length === 0) return { result: { ids: result, changed: 0 } };
    const subject = `${verb} ${result.join(", ")}`;
    return {
      result: { ids: result, changed: changed.length },
      sentence: { subject, event: "updated", tickets: result },
    };
  });
  const { ids: linked, changed } = outcome.result;
  return { ...outcome.written, ...(await ticketsAfter(store, outcome, linked)), changed };
}
