import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { assertSelf } from "../store/open/identity/identity.ts";
import type { Store } from "../store/open/store.ts";
import { projectKeysOf } from "../store/projects/projectFiles.ts";
import { isOfProject, projectKeys } from "../ticket/project.ts";
import { isAuthor } from "../ticket/rules/authors.ts";
import { categoryOf } from "../ticket/rules/columns.ts";
import { selfReview } from "../ticket/rules/gate.ts";
import { compareReady } from "../ticket/rules/readyOrder.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action, flag, optionalText } from "./input/action.ts";
import { isReviewedByAnother } from "./lifecycle/claims/reviews.ts";
import { moveInput, moveTickets } from "./lifecycle/moveTickets.ts";
import { toCategory } from "./lifecycle/step.ts";
import { verifyFirst } from "./verify/verifyFirst.ts";

const input = v.object({
  ...moveInput,
  ids: v.optional(v.pipe(v.array(v.string()), v.description("ticket ids"))),
  all: flag("everything that waits for review and is not your own work"),
  project: optionalText("with all: only of this project"),
});

/** `ayo ticket approve <id…>`: closes what was submitted; never one's own work. */
export const approve = action({
  name: "approve",
  summary: "Close reviewed work of somebody else",
  writes: true,
  input,
  run: async (store, { all, project, ids = [], ...input }) => {
    if ((all === true) === ids.length > 0) {
      throw new AyoError("bad_usage", "approve takes ticket ids, or --all", {
        try: ["ayo", "ticket", "ready", "--role", "reviewer"],
      });
    }
    if (project !== undefined && all !== true) throw new AyoError("bad_usage", "--project goes with --all");
    await verifyFirst(store, { ...input, ids: all ? "in review" : ids });
    const keyOf = project === undefined ? projectKeys([]) : await projectKeysOf(store.dir);
    const isAskedFor = (ticket: Ticket): boolean => project === undefined || isOfProject(ticket, project, keyOf);
    return moveTickets(
      store,
      { ...input, ids },
      {
        verb: "approve",
        check: assertApprovable,
        step: toCategory("done"),
        event: "approved",
        ...(all ? { select: (draft: Draft) => othersWork(store, draft, isAskedFor, input.claim) } : {}),
      },
    );
  },
});

/** @throws transition_refused, self_review */
function assertApprovable(ticket: Ticket, { actor, view }: Draft): void {
  assertInReview(ticket, view);
  assertSelf(actor, "approving");
  if (isAuthor(ticket, actor.name)) throw selfReview(ticket, actor.name);
}

/** Refuses a ticket that nobody submitted. */
export function assertInReview(ticket: Ticket, { board }: Draft["view"]): void {
  const { id, status } = ticket;
  if (categoryOf(board, status) === "review") return;
  throw new AyoError("transition_refused", `${id} is ${status || "without a status"}, not in review`, {
    try: ["ayo", "ticket", "show", id],
    data: { id, from: status },
  });
}

function othersWork(
  store: Store,
  draft: Draft,
  isAskedFor: (ticket: Ticket) => boolean,
  token: string | undefined,
): Ticket[] {
  const { actor, view, notices } = draft;
  const waiting = view.tickets.filter(
    (ticket) => categoryOf(view.board, ticket.status) === "review" && isAskedFor(ticket),
  );
  const own = waiting.filter((ticket) => isAuthor(ticket, actor.name));
  const others = waiting.filter((ticket) => !own.includes(ticket));
  const taken = others.filter((ticket) => isReviewedByAnother({ store, actor, token }, draft, ticket));
  if (own.length > 0) notices.push(`somebody else must approve your own work: ${idsOf(own)}`);
  if (taken.length > 0) notices.push(`others are reviewing: ${idsOf(taken)}`);
  return others.filter((ticket) => !taken.includes(ticket)).sort(compareReady);
}

function idsOf(tickets: readonly Ticket[]): string {
  return tickets.map(({ id }) => id).join(", ");
}
