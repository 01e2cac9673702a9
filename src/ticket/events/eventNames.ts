import type { Category } from "../rules/board.ts";
import { categoryOf } from "../rules/columns.ts";
import { parseDispatch } from "../rules/dispatch.ts";
import { QUESTION_FIELDS } from "../rules/questions.ts";
import type { Ticket } from "../ticket.ts";
import { type Changes, changesOf } from "./changes.ts";
import type { EventCommit, TicketChange } from "./events.ts";
import { noteMoves } from "./noteMoves.ts";
import { isArchived, type World } from "./world.ts";

/** The names, without `ticket.`, of what happened to one ticket in a commit, in the order in which they are published. */
export function namesOf(
  world: Pick<World, "board">,
  commit: Pick<EventCommit, "event" | "run">,
  { before, after }: TicketChange,
): string[] {
  if (after === undefined) return ["deleted"];
  if (before === undefined) return isArchived(after.ticket.path) ? [] : ["created", ...atBirth(after.ticket)];
  const changes = changesOf(before, after);
  const archived = !isArchived(before.ticket.path) && isArchived(after.ticket.path) ? ["archived"] : [];
  const moved = statusNames(world, commit, before.ticket, after.ticket);
  const { said, edited, gone } = noteMoves(changes);
  const names = [
    ...claimNames(commit, before.ticket, after.ticket, moved),
    ...(isStarted(before.ticket, after.ticket) ? ["run_started"] : []),
    ...moved,
    ...("assignee" in changes && !("claimedBy" in changes) ? ["assigned"] : []),
    ...questionNames(changes),
    ...confirmNames(changes),
    ...landNames(changes),
    ...(said.length > 0 ? ["noted"] : []),
    ...archived,
    ...verifiedNames(commit, changes),
    ...(commit.run === undefined ? [] : ["run_ended"]),
  ];
  // Who takes a note back or writes it anew says nothing, and changes the ticket.
  const isRewritten = edited.length + gone.length > 0;
  const explained = changes.question === undefined ? EXPLAINED : EXPLAINED_BY_QUESTION;
  const rest = Object.keys(changes).filter((key) => !explained.has(key));
  return isRewritten || rest.length > 0 ? [...names, "updated"] : names;
}

/** Whoever makes a ticket for somebody assigns it, and may hand it on so. */
function atBirth({ fields: { assignee = [], claimedBy, delegatedBy } }: Ticket): string[] {
  return [
    ...(delegatedBy === undefined ? [] : ["delegated"]),
    ...(assignee.length > 0 && claimedBy === undefined ? ["assigned"] : []),
  ];
}

/** Fields whose change has an event of its own, or only goes with one. */
const EXPLAINED = new Set(
  "status started closed claimedBy lease claim claimBranch claimHead dispatched assignee question notes path blockedReason commits authors unconfirmed landed unlanded verified wish".split(
    " ",
  ),
);

/** The same where a question came or went, and its options and default with it. */
const EXPLAINED_BY_QUESTION: ReadonlySet<string> = new Set([...EXPLAINED, ...QUESTION_FIELDS]);

const REACHED: Readonly<Partial<Record<Category, string>>> = {
  blocked: "blocked",
  review: "submitted",
  done: "closed",
  cancelled: "cancelled",
  failed: "failed",
};

function statusNames(
  { board }: Pick<World, "board">,
  { event }: Pick<EventCommit, "event">,
  before: Ticket,
  after: Ticket,
): string[] {
  if (before.status === after.status) return [];
  const [from, to] = [categoryOf(board, before.status), categoryOf(board, after.status)];
  if (from === "review" && event === "rejected") return ["rejected"];
  if (from === "review" && event === "approved" && to === "done") return ["approved", "closed"];
  if (to === undefined || from === to) return ["moved"];
  return to === "todo" || to === "active" ? reopening(from, to, event) : [REACHED[to] ?? "moved"];
}

/** What coming to a column where work goes on means. */
function reopening(from: Category | undefined, to: Category, event: string | undefined): string[] {
  if (from === "done" || from === "cancelled" || from === "failed") return ["reopened"];
  if (to === "active") return from === "review" ? ["moved"] : ["started"];
  return event === "released" || event === "lease_expired" ? [] : ["moved"];
}

function claimNames(
  { event }: Pick<EventCommit, "event">,
  before: Ticket,
  after: Ticket,
  moved: readonly string[],
): string[] {
  const [from, to] = [before.fields, after.fields];
  if (event === "claim_kept") return ["claim_kept"];
  if (to.claimedBy !== undefined) {
    // Who submits what nobody had claimed is written down as its author.
    if (from.claimedBy === undefined && moved.includes("submitted")) return [];
    const isSame = from.claimedBy === to.claimedBy && from.claim === to.claim;
    if (!isSame) return ["claimed"];
    return event === "renewed" && from.lease !== to.lease ? ["renewed"] : [];
  }
  const isOver = moved.some((name) => ["rejected", "closed", "cancelled", "failed"].includes(name));
  if (from.claimedBy === undefined || isOver) return [];
  return event === "lease_expired" ? ["lease_expired"] : ["released"];
}

/** Whether an agent's program was started for it: by the mark of the claim. */
function isStarted({ fields: before }: Ticket, { fields: { dispatched, claim } }: Ticket): boolean {
  if (dispatched === undefined || dispatched === before.dispatched || claim === undefined) return false;
  const mark = parseDispatch(dispatched);
  return mark !== undefined && !mark.isLost && mark.isWaiting !== true;
}

/** What ayo saw pass; a hand that writes the same says nothing. */
function verifiedNames({ event }: Pick<EventCommit, "event">, { verified }: Changes): string[] {
  return event === "verified" && verified !== undefined && verified.to !== null ? ["verified"] : [];
}

function questionNames({ question }: Changes): string[] {
  if (question === undefined) return [];
  return [question.to === null ? "answered" : "asked"];
}

function confirmNames({ unconfirmed }: Changes): string[] {
  if (unconfirmed === undefined) return [];
  return [unconfirmed.to === null ? "confirmed" : "unconfirmed"];
}

/** Its work came to the base branch, or was taken back from it. */
function landNames({ landed, unlanded }: Changes): string[] {
  if (unlanded !== undefined && unlanded.to !== null) return ["unlanded"];
  return landed !== undefined && landed.to !== null ? ["landed"] : [];
}
