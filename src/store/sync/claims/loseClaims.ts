import { withAuthors } from "../../../ticket/rules/authors.ts";
import { WITHOUT_REVIEW, withoutClaim, workOf } from "../../../ticket/rules/claim.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import type { Draft } from "../../change/draft.ts";
import { AYO } from "../../change/leases.ts";
import { transaction } from "../../change/transaction.ts";
import type { View } from "../../disk/view.ts";
import type { Store } from "../../open/store.ts";

/** A claim that somebody else turned out to have. */
export interface Loss {
  readonly id: string;
  /** The claim that is lost. */
  readonly actor: string;
  readonly token: string;
  /** Who has it, and the name of the machine. */
  readonly by: string;
  readonly host: string;
  /** It is nobody's: somebody has ended it. */
  readonly ended?: string;
}

/** Who it is: `@bob on laptop`. */
export function whoHas({ by, host }: Pick<Loss, "by" | "host">): string {
  return host === "" ? by : `${by} on ${host}`;
}

/** Whether a ticket says that a claim holds: also one of a review, and of a person without a lease. */
export function saysSo({ board }: Pick<View, "board">, ticket: Ticket, token: string): boolean {
  const { claimedBy, claim, lease } = ticket.fields;
  if (claimedBy === undefined || claim !== token) return false;
  const category = categoryOf(board, ticket.status);
  return (
    category === "active" ||
    category === "blocked" ||
    category === "todo" ||
    (category === "review" && lease !== undefined)
  );
}

/** Takes claims back that somebody else turned out to have: notes and commits stay. Returns what to tell. */
export async function loseClaims(store: Store, losses: readonly Loss[]): Promise<readonly string[]> {
  if (losses.length === 0) return [];
  const told: string[] = [];
  const { notices } = await transaction(store, { actor: AYO }, async (draft) => {
    told.length = 0;
    const lost: string[] = [];
    for (const loss of losses) if (await loseOne(draft, loss, told)) lost.push(loss.id);
    if (lost.length === 0) return { result: undefined };
    return {
      result: undefined,
      sentence: { subject: `claim lost: ${lost.join(", ")}`, event: "claim_kept", tickets: lost },
    };
  });
  return [...told, ...notices];
}

async function loseOne(draft: Draft, loss: Loss, told: string[]): Promise<boolean> {
  const { view } = draft;
  const ticket = view.byId.get(loss.id);
  if (ticket === undefined) return false;
  if (!saysSo(view, ticket, loss.token)) return false;
  const { id, actor, ended } = loss;
  told.push(
    ended === undefined
      ? `lost to ${whoHas(loss)}: ${id}; ${actor} does not hold it any more`
      : `the claim of ${actor} on ${id} was ended elsewhere (${ended}): ${actor} does not hold it any more`,
  );
  const isReview = categoryOf(view.board, ticket.status) === "review";
  const claim = isReview ? WITHOUT_REVIEW : { ...withoutClaim(ticket), ...withAuthors(ticket, [loss.actor]) };
  const work = isReview ? "" : ` ${workOf(ticket)}`;
  // In work it is all the same: by whoever has it.
  await draft.patch(ticket, claim);
  const how = ended === undefined ? `lost to ${whoHas(loss)}` : `ended elsewhere: ${ended}`;
  draft.note(ticket, `The claim of ${actor} was ${how}.${work}`.trim());
  return true;
}
