import { posix } from "node:path";
import { isFinished, type View } from "../../store/disk/view.ts";
import { historyObjects } from "../../store/history/historyObjects.ts";
import type { HistoryTable } from "../../store/history/historyTable.ts";
import type { PastRow } from "../../store/history/pasts.ts";
import { ticketSteps } from "../../store/history/ticketHistory.ts";
import { type Call, isFor, readCall, whoIsCalled } from "../../ticket/calls.ts";
import { whoOf } from "../../ticket/rules/collaborators.ts";
import { readDescription } from "../../ticket/text/body.ts";
import { mentionsIn } from "../../ticket/text/mentionsIn.ts";
import { withIds } from "../../ticket/text/noteId.ts";
import { parseNotes } from "../../ticket/text/notes.ts";
import { callsOf, type Ticket } from "../../ticket/ticket.ts";
import type { InboxKind, Looked, Need } from "./item.ts";

/** A ticket whose text calls for somebody. */
export interface Called {
  readonly ticket: Ticket;
  readonly calls: readonly Call[];
}

/** The tickets whose texts call for somebody: one column of the cache tells. */
export function calledTickets(view: View, name: string): Called[] {
  const isHis = knownAnswers((to) => isFor(to, name));
  const called: Called[] = [];
  for (const ticket of view.tickets) {
    const texts = callsOf(ticket);
    if (texts === undefined) continue;
    const calls = texts.flatMap((text) => (isHis(whoIsCalled(text)) ? readCall(text) : []));
    const kept = calls.filter((call) => concerns(view, ticket, call, name));
    if (kept.length > 0) called.push({ ticket, calls: kept });
  }
  return called;
}

/** The same question has the same answer: thousands of tickets call for a few. */
function knownAnswers(ask: (text: string) => boolean): (text: string) => boolean {
  const answers = new Map<string, boolean>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = ask(text);
    answers.set(text, answer);
    return answer;
  };
}

/** A loss is none for who has the ticket again; and of what is finished only its followers hear. */
function concerns(view: View, { status, fields }: Ticket, { kind }: Call, name: string): boolean {
  if (kind === "lost") return fields.claimedBy !== name && !isFinished(view.board, status);
  if (kind !== "message" || !isFinished(view.board, status)) return true;
  return (fields.collaborators ?? []).some((one) => isFor(whoOf(one), name));
}

/** Whether the history has anything that was said elsewhere before: then mentions are looked at twice. */
export function hasImports({ bytes }: HistoryTable): boolean {
  return bytes.indexOf(" imported ") >= 0;
}

/** What calls for somebody, as lines; one line for all messages of a ticket, and none for a message that mentions. */
export async function calledNeeds(looked: Looked, called: readonly Called[]): Promise<Need[]> {
  const needs: Need[] = [];
  for (const { ticket, calls } of called) {
    const fresh: Call[] = [];
    for (const call of calls) if (await isNews(looked, ticket, call)) fresh.push(call);
    const mentioned = new Set(fresh.flatMap(({ kind, note }) => (kind === "mention" && note !== null ? [note] : [])));
    const told = fresh.filter(({ kind, note }) => kind !== "message" || note === null || !mentioned.has(note));
    if (told.length > 0) needs.push(...unique(told.map((call) => new CalledNeed(ticket, call))));
  }
  return needs;
}

/** One name may be mentioned in two ways. */
function unique(needs: readonly Need[]): readonly Need[] {
  if (needs.length < 2) return needs;
  return [...new Map(needs.map((need) => [need.key, need])).values()];
}

const KINDS: Readonly<Record<Call["kind"], InboxKind>> = {
  mention: "mention",
  message: "message",
  lost: "lost",
  merged: "merged",
};

/** A line of thousands, whose ticket is asked for its title when it is shown. */
class CalledNeed implements Need {
  readonly key: string;
  readonly kind: InboxKind;
  readonly id: string;
  readonly by: string | null;
  readonly at: number | undefined;
  readonly text = "";
  readonly note?: string;
  readonly act: string;
  readonly about: string;
  readonly #ticket: Ticket;

  constructor(ticket: Ticket, { kind, note, at, by }: Call) {
    this.#ticket = ticket;
    this.id = ticket.id;
    this.key = `${this.id}:${note === null ? "text" : `note ${note}`}`;
    this.kind = KINDS[kind];
    this.by = by === "" ? null : by;
    this.at = at === 0 ? undefined : at * 1000;
    if (note !== null) this.note = note;
    this.act = kind === "lost" || kind === "merged" ? "show" : "note";
    this.about = note === null ? "" : `${at} ${by}`;
  }

  get title(): string {
    return this.#ticket.title;
  }
}

/** Whether it was said here, and not answered since. What came by an import was said elsewhere, before. */
async function isNews(looked: Looked, ticket: Ticket, { kind, note, at, answered, to }: Call): Promise<boolean> {
  if (kind !== "mention") return true;
  const rows = looked.past(ticket);
  if (note !== null) return !(await isCopied(looked, ticket, rows, { note, at }));
  const first = rows.at(-1);
  if (first?.event === "imported" && rows.every((row) => row === first || !mayHaveText(row))) return false;
  return answered === undefined || (await isMentionedSince(looked, ticket, to, answered));
}

/** Whether a note came with an import, or in a file that somebody added by hand: it was said elsewhere, before. */
async function isCopied(
  { store, table }: Looked,
  { path }: Ticket,
  rows: readonly PastRow[],
  { note, at }: { readonly note: string; readonly at: number },
): Promise<boolean> {
  const copies = rows.filter((row) => row.event === "imported" || (row.byHand && row === rows.at(-1)));
  if (copies.some((row) => at < row.time)) return true;
  // In the same second only the text tells.
  const doubtful = copies.find((row) => at === row.time);
  if (doubtful === undefined || store.journal === undefined) return false;
  const step = ticketSteps(table, posix.basename(path, ".md")).find(({ row }) => row.oid === doubtful.oid);
  const text = step === undefined ? null : await historyObjects(store, store.journal).text(step.path, step.after);
  return text !== null && withIds(parseNotes(text)).some(({ id }) => id === note);
}

/** Whether a commit may have changed a description. */
function mayHaveText({ event, byHand, parents, subject }: PastRow): boolean {
  if (byHand || parents.length > 1 || event === undefined || event === "created" || event === "undone") return true;
  return event === "updated" && /description|text/.test(subject);
}

/** Whether a description came to mention somebody after a time, in seconds. */
async function isMentionedSince(looked: Looked, ticket: Ticket, to: string, since: number): Promise<boolean> {
  const { store, table } = looked;
  const rows = new Set(looked.past(ticket).flatMap((row) => (row.time >= since && mayHaveText(row) ? [row.oid] : [])));
  if (rows.size === 0 || store.journal === undefined) return false;
  const objects = historyObjects(store, store.journal);
  const steps = ticketSteps(table, posix.basename(ticket.path, ".md")).filter(({ row }) => rows.has(row.oid));
  for (const { from, path, before, after, row } of steps) {
    const isThere = mentions(await objects.text(path, after), to);
    if (isThere && row.time > since && !mentions(await objects.text(from, before), to)) return true;
  }
  return false;
}

function mentions(text: string | null, to: string): boolean {
  return (
    text?.includes("@") === true &&
    mentionsIn(readDescription(text)).some((one) => one.toLowerCase() === to.toLowerCase())
  );
}
