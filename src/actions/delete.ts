import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { recordDeleted } from "../store/change/recordDeleted.ts";
import type { Store } from "../store/open/store.ts";
import { countsStill } from "../ticket/rules/counting.ts";
import { assertNobodyIsAsked } from "../ticket/rules/gate.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { type WithTickets, withTicket } from "./answers/written.ts";
import { action, change, flag, ids, type Written, writeOptions } from "./input/action.ts";
import { assertVersion } from "./input/conflict.ts";
import { assertNotHeldByAnother, type Claimant } from "./lifecycle/claims/holder.ts";
import { findAll, subjectOf } from "./lifecycle/findAll.ts";
import { tellLeftBehind } from "./lifecycle/moving/leftBehind.ts";
import { type NowReady, readySince, type Watched, watched } from "./lifecycle/nowReady.ts";

/** What `delete` answers: who waited for a deleted ticket, or was a part of it, and now is so of a missing one. */
export interface Deleted extends Written, WithTickets {
  /** The deleted tickets as they were. */
  readonly tickets: readonly TicketJson[];
  readonly dependents: readonly string[];
  readonly children: readonly string[];
  /** Tickets that became ready by it, where there are any. */
  readonly nowReady?: NowReady;
}

/** `ayo ticket delete <id…>`: git keeps the text, and the id is never given out again. */
export const deleteTickets = action({
  name: "delete",
  summary: "Delete tickets; git keeps them",
  writes: true,
  input: v.object({ ids, yes: flag("do not ask"), ...writeOptions }),
  run: async (store, input): Promise<Deleted> => {
    let before: Watched | undefined;
    const outcome = await change(store, input, async (draft) => {
      const tickets = await findAll(draft, input.ids);
      await assertVersion(store, draft, tickets, input.ifMatch);
      const claimant = { store, actor: draft.actor, token: input.claim };
      for (const ticket of tickets) assertDeletable(claimant, draft, ticket);
      if (!input.yes && !input.dryRun) throw unconfirmed(tickets.map((ticket) => `${ticket.id} (${ticket.title})`));
      const gone = tickets.map((ticket) => ticket.id);
      before = watched(draft.view, tickets);
      const was = tickets.map((ticket) => ({ ...ticketJson(draft.view, ticket) }));
      for (const ticket of tickets) draft.put(ticket.path, null);
      for (const ticket of tickets) await dropFilesOf(store, draft, ticket);
      recordDeleted(draft, store.dir, gone);
      const waiting = gone.flatMap((id) => draft.view.dependents(id)).map((ticket) => ticket.id);
      const dependents = [...new Set(waiting)].filter((id) => !gone.includes(id));
      const parts = gone.flatMap((id) => draft.view.children(id)).map((ticket) => ticket.id);
      const children = [...new Set(parts)].filter((id) => !gone.includes(id));
      for (const ticket of tickets) tellLeftBehind(draft, ticket, "deleted", new Set(gone));
      const result = { ...withTicket(was), dependents, children };
      return { result, sentence: { subject: `delete ${subjectOf(tickets)}`, event: "deleted", tickets: gone } };
    });
    const ready = before === undefined ? {} : readySince(before, await outcome.after());
    return { ...outcome.written, ...outcome.result, ...ready };
  },
});

/** Its output, and what was attached. */
async function dropFilesOf(store: Store, draft: Draft, ticket: Ticket): Promise<void> {
  const { dropAttachments } = await import("./attachments/bringAttachments.ts");
  dropAttachments(store, draft, ticket);
  if (ticket.fields.outputId === undefined) return;
  const { dropOutput } = await import("./output/bringOutputs.ts");
  dropOutput(store, draft, ticket);
}

/** @throws claimed, lost_claim, needs_person */
function assertDeletable(claimant: Claimant, draft: Draft, ticket: Ticket): void {
  assertNotHeldByAnother(claimant, draft, ticket);
  assertNobodyIsAsked(ticket, draft.actor);
  if (draft.actor.agent && countsStill(draft.view, ticket)) throw counts(ticket);
}

function counts({ id }: Ticket): AyoError {
  return new AyoError(
    "needs_person",
    `only a person can delete ${id}: agents made it, and it counts until what it is for is finished`,
    { try: ["ayo", "ticket", "cancel", id], data: { id } },
  );
}

function unconfirmed(what: readonly string[]): AyoError {
  return new AyoError("needs_confirmation", `deleting ${what.join(", ")} needs a yes: add --yes`, { data: { what } });
}
