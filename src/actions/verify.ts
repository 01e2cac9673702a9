import * as v from "valibot";
import { AyoError } from "../error.ts";
import { findTicket } from "../store/disk/findTicket.ts";
import { readTicketText } from "../store/disk/readFile.ts";
import { readStore, type View } from "../store/disk/view.ts";
import { type Actor, actorOf, assertSelf, isInRun } from "../store/open/identity/identity.ts";
import type { Store } from "../store/open/store.ts";
import { isSameName } from "../ticket/rules/claim.ts";
import { categoryOf } from "../ticket/rules/columns.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { action, ids, type Written, writeOptions } from "./input/action.ts";
import { type VerificationJson, verificationOf } from "./verify/verificationJson.ts";
import { verifyNow } from "./verify/verifyNow.ts";

/** What `verify` answers. */
export interface VerifyAnswer extends Written {
  readonly tickets: readonly TicketJson[];
  /** How the work of each stands then. */
  readonly verifications: readonly (VerificationJson & { readonly id: string })[];
  /** Whether all of it passed. */
  readonly ok: boolean;
}

/** `ayo ticket verify <id…>`: ayo itself runs what the work has to pass. */
export const verify = action({
  name: "verify",
  summary: "Have ayo itself run what a ticket's work has to pass, on a clean checkout of its newest commit",
  writes: true,
  input: v.object({ ids, as: writeOptions.as, dryRun: writeOptions.dryRun }),
  run: async (store, { ids: wanted, as, dryRun }): Promise<VerifyAnswer> => {
    const actor = actorOf(as, store);
    assertSelf(actor, "verifying");
    const view = await readStore(store);
    const found: string[] = [];
    for (const one of wanted) {
      const ticket = await findTicket(store, view, one, false);
      if (isInRun(store.host)) throw inRun(view, ticket, actor);
      found.push(ticket.id);
    }
    let commit: string | null = null;
    const notices: string[] = [];
    for (const id of dryRun ? [] : new Set(found)) {
      const { seen, written } = await verifyNow(store, id, { as });
      commit = written.commit ?? commit;
      notices.push(...seen.told, ...written.notices);
    }
    const told = await toldOf(store, found);
    const ok = told.verifications.every(
      ({ entries }) => entries.length > 0 && entries.every(({ state }) => state === "passed"),
    );
    return { commit, notices, ...told, ok, ...(dryRun ? { dryRun: true as const, wouldChange: true } : {}) };
  },
});

/** In a run ayo does it when that is over, for its own ticket; who is there for another one leaves it to people. */
function inRun({ board }: View, { id, status, fields }: Ticket, { name }: Actor): AyoError {
  const isOwn = fields.claimedBy !== undefined && isSameName(fields.claimedBy, name);
  if (isOwn && categoryOf(board, status) !== "review")
    return new AyoError("needs_person", "inside a run nothing is verified: ayo does it when the run is over", {
      try: ["ayo", "ticket", "close", id],
      data: { actor: name },
    });
  return new AyoError("needs_person", `inside a run ${id} cannot be verified: a person has to have it done`, {
    try: ["ayo", "ticket", "note", id, "Please have it verified."],
    data: { actor: name },
  });
}

async function toldOf(store: Store, ids: readonly string[]): Promise<Pick<VerifyAnswer, "tickets" | "verifications">> {
  const after = await readStore(store);
  const tickets = [...new Set(ids)].flatMap((id) => after.byId.get(id) ?? []);
  const verifications = await Promise.all(
    tickets.map(async (ticket) => ({
      id: ticket.id,
      ...(await verificationOf(store, after, ticket, readTicketText(store.dir, ticket.path))),
    })),
  );
  return { tickets: tickets.map((ticket) => ticketJson(after, ticket)), verifications };
}
