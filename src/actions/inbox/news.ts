import { posix } from "node:path";
import { historyObjects } from "../../store/history/historyObjects.ts";
import type { PastRow } from "../../store/history/pasts.ts";
import { ticketSteps } from "../../store/history/ticketHistory.ts";
import type { Call } from "../../ticket/calls.ts";
import { isSameName } from "../../ticket/rules/claim.ts";
import { readDescription } from "../../ticket/text/body.ts";
import { mentionsIn } from "../../ticket/text/mentionsIn.ts";
import { withIds } from "../../ticket/text/noteId.ts";
import { parseNotes } from "../../ticket/text/notes.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { Looked } from "./item.ts";

/** A note's time is that of its commit, to a second or two; in seconds. */
const NEAR = 2;

/**
 * Whether something was said here, and he whom it calls has not written in the ticket since. What came by an import was
 * said elsewhere, before. It goes by the order of commits: clocks may be hours apart.
 */
export async function isNews(looked: Looked, ticket: Ticket, { kind, note, at, by, to }: Call): Promise<boolean> {
  if (kind === "lost") return true;
  const rows = looked.past(ticket);
  if (note === null) return isInDescription(looked, ticket, to);
  if (kind !== "merged" && (await isCopied(looked, ticket, { note, at }))) return false;
  const said = rows.findIndex((row) => isSameName(row.actor, by) && Math.abs(row.time - at) <= NEAR);
  return !isSeen(looked, ticket, rows, said < 0 ? rows.findIndex((row) => row.time <= at) : said);
}

/** Commits that do not show that somebody looked at a ticket. */
const BY_THE_WAY: ReadonlySet<string | undefined> = new Set(["renewed", "imported"]);

/**
 * Whether he who looks wrote in the ticket after one of its commits, knowing it: where both were made on two machines at
 * once, no commit of his has it before it.
 */
export function isSeen(
  { name, ancestry, beside }: Looked,
  ticket: Ticket,
  rows: readonly PastRow[],
  place: number,
): boolean {
  const row = rows[place];
  if (row === undefined) return false;
  const later = rows.slice(0, place);
  const own = later.filter(({ actor, byHand, event }) => isSameName(actor, name) && !byHand && !BY_THE_WAY.has(event));
  if (own.length === 0) return false;
  return !beside.has(ticket) || own.some(({ oid }) => ancestry.isBefore(row.oid, oid));
}

/** Whether a note came with an import, or in a file that somebody added by hand: it was said elsewhere, before. */
export async function isCopied(
  { store, table, past }: Looked,
  ticket: Ticket,
  { note, at }: { readonly note: string; readonly at: number },
): Promise<boolean> {
  const rows = past(ticket);
  const copies = rows.filter((row) => row.event === "imported" || (row.byHand && row === rows.at(-1)));
  if (copies.some((row) => at < row.time)) return true;
  // In the same second only the text tells.
  const doubtful = copies.find((row) => at === row.time);
  if (doubtful === undefined || store.journal === undefined) return false;
  const step = ticketSteps(table, posix.basename(ticket.path, ".md")).find(({ row }) => row.oid === doubtful.oid);
  const text = step === undefined ? null : await historyObjects(store, store.journal).text(step.path, step.after);
  return text !== null && withIds(parseNotes(text)).some(({ id }) => id === note);
}

/** Whether the description came to mention somebody by a commit that he has not seen; not by an import. */
async function isInDescription(looked: Looked, ticket: Ticket, to: string): Promise<boolean> {
  const { store, table, past } = looked;
  const rows = past(ticket);
  const isOwn = ({ actor, byHand }: PastRow): boolean => isSameName(actor, looked.name) && !byHand;
  const open = rows.filter((row, place) => mayHaveText(row) && !isOwn(row) && !isSeen(looked, ticket, rows, place));
  if (rows.length === 0 || store.journal === undefined) return true;
  const [only] = open;
  if (only === undefined) return false;
  if (open.length === 1 && only === rows.at(-1)) return only.event !== "imported";
  const objects = historyObjects(store, store.journal);
  const wanted = new Set(open.map(({ oid }) => oid));
  for (const { row, from, path, before, after } of ticketSteps(table, posix.basename(ticket.path, ".md"))) {
    if (!wanted.has(row.oid) || row.event === "imported") continue;
    if (mentions(await objects.text(path, after), to) && !mentions(await objects.text(from, before), to)) return true;
  }
  return false;
}

/** Whether a commit may have changed a description. */
function mayHaveText({ event, byHand, parents, subject }: PastRow): boolean {
  if (byHand || parents.length > 1 || event === undefined || event === "created" || event === "undone") return true;
  return event === "imported" || (event === "updated" && /description|text/.test(subject));
}

function mentions(text: string | null, to: string): boolean {
  if (text?.includes("@") !== true) return false;
  return mentionsIn(readDescription(text)).some((one) => one.toLowerCase() === to.toLowerCase());
}
