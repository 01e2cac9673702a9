import { posix } from "node:path";
import { yieldToOthers } from "../../store/events/branchLine.ts";
import { type Stage, stageAt } from "../../store/events/stage.ts";
import { knownTicketsOf } from "../../store/events/worldAt.ts";
import { readHistory } from "../../store/history/historyTable.ts";
import { type Step, ticketSteps } from "../../store/history/ticketHistory.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import { alike } from "../../ticket/events/textParts.ts";
import { briefOf } from "../../ticket/events/ticketBrief.ts";
import { withIds } from "../../ticket/text/noteId.ts";
import type { IdentifiedNote, Note, Ticket } from "../../ticket/ticket.ts";
import type { ChannelEvent } from "./channelEvent.ts";
import { countNotes, notesAt, snapshotNotes } from "./ticketNotes.ts";

/** After so many commits others in this process get a turn. */
const BATCH = 8;

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
  for (const [step, own] of inTurn(said)) {
    events.push(await eventOf(store, stage, ticket, { step, own }));
    if (events.length % BATCH === 0) await yieldToOthers();
  }
  return events;
}

type Said = readonly (readonly [Step | undefined, IdentifiedNote])[];

/** Each note with the step that brought it: the last one that has it and not before. */
async function whenSaid(journal: Journal, steps: readonly Step[], notes: readonly IdentifiedNote[]): Promise<Said> {
  const found = new Map<IdentifiedNote, Step>();
  const left = new Map<string, IdentifiedNote[]>();
  for (const note of notes) left.set(note.id, [...(left.get(note.id) ?? []), note]);
  const brought = newNotes(journal);
  const isMerge = ({ row }: Step): boolean => row.parents.length > 1;
  // What a merge has of its lines their own commits brought.
  const newestFirst = steps.toReversed().sort((one, other) => Number(isMerge(one)) - Number(isMerge(other)));
  for (const [at, step] of newestFirst.entries()) {
    if (found.size === notes.length) break;
    if ((at + 1) % BATCH === 0) await yieldToOthers();
    for (const { id } of await brought(step)) {
      const note = left.get(id)?.pop();
      if (note !== undefined) found.set(note, step);
    }
  }
  return notes.map((note) => [found.get(note), note]);
}

/** What a step has that was not there before; the version before it is most often the next one's after. */
function newNotes(journal: Journal): (step: Step) => Promise<readonly IdentifiedNote[]> {
  let last: { blob: string | null; notes: readonly Note[] } = { blob: null, notes: [] };
  const read = async (file: string, blob: string | null): Promise<readonly Note[]> => {
    if (last.blob !== blob) last = { blob, notes: (await snapshotNotes(journal, file, blob)) ?? [] };
    return last.notes;
  };
  return async (step) => {
    const after = await read(step.path, step.after);
    const before = await read(step.from, step.before);
    const count = alike(before, after);
    const old = countNotes(withIds(before.slice(count)));
    return withIds(after.slice(count)).filter(({ id }) => {
      const times = old.get(id) ?? 0;
      old.set(id, times - 1);
      return times <= 0;
    });
  };
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
