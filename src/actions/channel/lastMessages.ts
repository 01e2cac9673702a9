import { posix } from "node:path";
import { type Stage, stageAt } from "../../store/events/stage.ts";
import { knownTicketsOf } from "../../store/events/worldAt.ts";
import { readHistory } from "../../store/history/historyTable.ts";
import { type Step, ticketSteps } from "../../store/history/ticketHistory.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import { briefOf } from "../../ticket/events/ticketBrief.ts";
import type { IdentifiedNote, Ticket } from "../../ticket/ticket.ts";
import type { ChannelEvent } from "./channelEvent.ts";
import { countNotes, notesAt, notesOf } from "./ticketNotes.ts";

/** The last so many notes that a ticket has at a commit, in their order, each in the event that brought it. */
export async function lastMessages(
  store: Store,
  journal: Journal,
  ticket: Ticket,
  { at, count }: { readonly at: string; readonly count: number },
): Promise<ChannelEvent[]> {
  const notes = count === 0 ? [] : (await notesAt(journal, ticket, at)).slice(-count);
  if (notes.length === 0) return [];
  const steps = ticketSteps(await readHistory(store), posix.basename(ticket.path, ".md"));
  const said = await whenSaid(journal, steps, notes);
  const near = store.index === undefined ? undefined : knownTicketsOf(store.index);
  const stage = await stageAt(store, journal, at, near);
  const events: ChannelEvent[] = [];
  for (const [step, own] of inTurn(said)) events.push(await eventOf(store, stage, ticket, { step, own }));
  return events;
}

type Said = readonly (readonly [Step | undefined, IdentifiedNote])[];

/** Each note with the step that brought it: the last one that has it and not before. */
async function whenSaid(journal: Journal, steps: readonly Step[], notes: readonly IdentifiedNote[]): Promise<Said> {
  const found = new Map<IdentifiedNote, Step>();
  const left = [...notes];
  const read = new Map<string, ReadonlyMap<string, number>>();
  const countsOf = async (file: string, blob: string | null): Promise<ReadonlyMap<string, number>> => {
    const known = read.get(blob ?? "") ?? countNotes(await notesOf(journal, file, blob));
    read.clear();
    read.set(blob ?? "", known);
    return known;
  };
  const isMerge = ({ row }: Step): boolean => row.parents.length > 1;
  // What a merge has of its lines their own commits brought.
  const newestFirst = steps.toReversed().sort((one, other) => Number(isMerge(one)) - Number(isMerge(other)));
  for (const step of newestFirst) {
    if (left.length === 0) break;
    const after = await countsOf(step.path, step.after);
    const before = await countsOf(step.from, step.before);
    for (const note of left.toReversed()) {
      if ((after.get(note.id) ?? 0) <= (before.get(note.id) ?? 0)) continue;
      found.set(note, step);
      left.splice(left.indexOf(note), 1);
    }
  }
  return notes.map((note) => [found.get(note), note]);
}

/** Notes that one commit brought, together where the first of them stands. */
function inTurn(said: Said): Map<Step | symbol, IdentifiedNote[]> {
  const turns = new Map<Step | symbol, IdentifiedNote[]>();
  for (const [step, note] of said) {
    const key = step ?? Symbol(note.id);
    turns.set(key, [...(turns.get(key) ?? []), note]);
  }
  return turns;
}

async function eventOf(
  store: Store,
  stage: Stage,
  ticket: Ticket,
  { step, own }: { readonly step: Step | symbol; readonly own: readonly IdentifiedNote[] },
): Promise<ChannelEvent> {
  const all = typeof step === "symbol" ? [] : await stage.eventsOf(step.row.oid);
  const ours = all.filter((event) => isOf(event, ticket) && event.changes.notes !== undefined);
  const bearer = (name: string) => ours.find(({ event }) => event === name);
  const event = bearer("ticket.noted") ?? bearer("ticket.created") ?? bearer("ticket.updated");
  const notes = own.map((note) => ({ ...note }));
  const changes = { notes: { from: [], to: notes } };
  return event === undefined ? { ...unknownOrigin(store, stage, ticket, own), notes } : { ...event, changes, notes };
}

function isOf(event: TicketEvent, { id, path }: Ticket): boolean {
  return event.ticket.id === id || posix.basename(event.ticket.path) === posix.basename(path);
}

/** A note of a time of which the repository knows nothing: before the edge of a shallow clone, or a rewritten branch. */
function unknownOrigin(store: Store, { world }: Stage, ticket: Ticket, [note]: readonly IdentifiedNote[]): TicketEvent {
  const { id = "", at = "", by = null } = note ?? {};
  return {
    schema: 1,
    id: `noted@${id}:${ticket.id}`,
    event: "ticket.noted",
    at,
    actor: by ?? "",
    store: store.dir,
    ticket: briefOf(world, ticket),
    changes: {},
    cause: { commit: null, subject: "" },
  };
}
