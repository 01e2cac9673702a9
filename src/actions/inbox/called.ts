import { isFinished, type View } from "../../store/disk/view.ts";
import { firstTimeOf, type HistoryTable } from "../../store/history/historyTable.ts";
import { type Call, isFor, readCall, whoIsCalled } from "../../ticket/calls.ts";
import { isAgent, isSameName } from "../../ticket/rules/claim.ts";
import { whoOf } from "../../ticket/rules/collaborators.ts";
import { callsOf, type Ticket } from "../../ticket/ticket.ts";
import { isByTracker } from "../../ticket/tracked/byTracker.ts";
import { writtenBeside } from "./beside.ts";
import type { InboxKind, Looked, Need } from "./item.ts";
import { isNews } from "./news.ts";

/** A ticket whose text calls for somebody. */
export interface Called {
  readonly ticket: Ticket;
  readonly calls: readonly Call[];
}

/** The tickets whose texts call for somebody: one column of the cache tells. */
export function calledTickets(view: View, table: HistoryTable, name: string): Called[] {
  let first: number | undefined;
  // Of two with one first name the other is still called, if he was here when it was said.
  const isHeard = ({ heard, at }: Call): boolean => {
    if (heard === undefined) return false;
    first ??= firstTimeOf(table, name) ?? Number.POSITIVE_INFINITY;
    return at < first || heard.some((one) => isSameName(one, name));
  };
  const isHis = knownAnswers((to) => isFor(to, name));
  const called: Called[] = [];
  for (const ticket of view.tickets) {
    const texts = callsOf(ticket);
    if (texts === undefined) continue;
    const calls = texts.flatMap((text) => (isHis(whoIsCalled(text)) ? readCall(text) : []));
    const kept = calls.filter((call) => !isHeard(call) && concerns(view, ticket, call, name));
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
function concerns(view: View, { status, fields }: Ticket, { kind, by, note }: Call, name: string): boolean {
  // What came from elsewhere calls no agent.
  if (isAgent(name) && (isByTracker(by) || (note === null && fields.origin !== undefined))) return false;
  if (kind === "lost") return !isSameName(fields.claimedBy, name) && !isFinished(view.board, status);
  if (kind !== "message" || !isFinished(view.board, status)) return true;
  return (fields.collaborators ?? []).some((one) => isFor(whoOf(one), name));
}

/** What calls for somebody, as lines; one line for all messages of a ticket, and none for a message that mentions. */
export async function calledNeeds(looked: Looked, called: readonly Called[]): Promise<Need[]> {
  const needs: Need[] = [];
  const unseen = await writtenBeside(looked);
  const others = [...unseen.keys()].filter((ticket) => !called.some((one) => one.ticket === ticket));
  for (const { ticket, calls } of [...called, ...others.map((ticket) => ({ ticket, calls: [] }))]) {
    const fresh: Call[] = [...(unseen.get(ticket) ?? [])];
    for (const call of calls) if (await isNews(looked, ticket, call)) fresh.push(call);
    const mentioned = new Set(fresh.flatMap(({ kind, note }) => (kind === "mention" && note !== null ? [note] : [])));
    const messages = fresh.filter(({ kind, note }) => kind === "message" && !mentioned.has(note ?? ""));
    const [newest] = messages.sort((one, two) => two.at - one.at);
    const told = fresh.filter((call) => call.kind !== "message" || call === newest);
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
