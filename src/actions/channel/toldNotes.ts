import { commitAt } from "../../store/events/branchLine.ts";
import { readTrailers } from "../../store/events/commitEvents.ts";
import type { Journal } from "../../store/open/store.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import { noteMoves, type ToldNote } from "../../ticket/events/noteMoves.ts";
import type { ChannelEvent, ChannelNote } from "./channelEvent.ts";
import type { FollowedTicket } from "./followed.ts";
import { countNotes, notesOf } from "./ticketNotes.ts";

/**
 * The event with its notes in full, each that is new told once: what comes again by a merge or with a file that is put
 * back is no news, what an undo brings back is told as that. Undefined where nothing else is in it.
 */
export async function withNotes(
  journal: Journal,
  event: TicketEvent,
  followed: FollowedTicket,
): Promise<ChannelEvent | undefined> {
  const { notes: changed, ...others } = event.changes;
  if (changed === undefined || event.cause.commit === null || !CARRIERS.has(event.event)) return event;
  const about = await commitAbout(journal, event.cause.commit);
  const whole = wholeNotes(journal, event);
  const notes =
    event.event === "ticket.updated"
      ? await rewritten(event, followed, about, whole)
      : await said(event, followed, about, whole);
  if (notes.length > 0) return { ...event, notes };
  const isEmpty = event.event === "ticket.noted" || (event.event === "ticket.updated" && isNothing(others));
  return isEmpty ? undefined : event;
}

/** The events that tell of notes; others have only heard of them. */
const CARRIERS = new Set<TicketEvent["event"]>(["ticket.noted", "ticket.created", "ticket.updated"]);

interface About {
  readonly isMerge: boolean;
  readonly isUndo: boolean;
}

type Whole = () => Promise<ReadonlyMap<string, { readonly count: number; readonly text: string }>>;

async function commitAbout(journal: Journal, commit: string): Promise<About> {
  const { parents = [], message = "" } = (await commitAt(journal, commit)) ?? {};
  return { isMerge: parents.length > 1, isUndo: readTrailers(message).get("Event") === "undone" };
}

/** New notes: those that were never told, or more of them than were. */
async function said(event: TicketEvent, { told }: FollowedTicket, about: About, whole: Whole): Promise<ChannelNote[]> {
  const notes: ChannelNote[] = [];
  for (const note of noteMoves(event.changes).said) {
    const known = told.get(note.id) ?? 0;
    const isNew = known === 0 || ((await whole()).get(note.id)?.count ?? 0) > known;
    if (isNew) told.set(note.id, known + 1);
    // A file that is back has all that it had; a line of a merge may have what another told.
    else if (event.event !== "ticket.noted" || about.isMerge || event.position !== undefined) continue;
    const full = await inFull(note, whole);
    notes.push(isNew && !about.isUndo ? full : { ...full, back: true });
  }
  return notes;
}

/** Notes that were edited or taken back; of a merge each side's commits have told it. */
async function rewritten(
  event: TicketEvent,
  { told }: FollowedTicket,
  { isMerge }: About,
  whole: Whole,
): Promise<ChannelNote[]> {
  if (isMerge) return [];
  const { edited, gone } = noteMoves(event.changes);
  const notes: ChannelNote[] = [];
  for (const { from, to } of edited) {
    told.set(to.id, told.get(to.id) ?? 1);
    notes.push({ ...(await inFull(to, whole)), was: from.id });
  }
  return [...notes, ...gone.map((note) => ({ ...note, text: note.text ?? "", gone: true as const }))];
}

/** A change has only the beginning of a long text. */
async function inFull(note: ToldNote, whole: Whole): Promise<ChannelNote> {
  const { id, at, by, text } = note;
  const isCut = text?.endsWith("…") === true;
  return { id, at, by, text: (isCut ? (await whole()).get(id)?.text : undefined) ?? text ?? "" };
}

/** The notes of the ticket as the event's commit has it, read once. */
function wholeNotes(journal: Journal, { ticket }: TicketEvent): Whole {
  let read: ReturnType<Whole> | undefined;
  const load = async () => {
    const notes = ticket.version === "" ? [] : await notesOf(journal, ticket.path, ticket.version);
    const counts = countNotes(notes);
    return new Map(notes.map(({ id, text }) => [id, { count: counts.get(id) ?? 0, text }]));
  };
  return () => {
    read ??= load();
    return read;
  };
}

function isNothing(changes: object): boolean {
  return Object.keys(changes).length === 0;
}
