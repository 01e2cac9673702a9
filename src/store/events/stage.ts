import { objectExists } from "../../git/objects/objects.ts";
import { advance } from "../../ticket/events/advance.ts";
import type { EventCommit, TicketChange, TicketEvent } from "../../ticket/events/events.ts";
import type { World } from "../../ticket/events/world.ts";
import { isTopTicket } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import { commitAt } from "./branchLine.ts";
import { type ReadCommit, readCommitOf } from "./commitEvents.ts";
import { type Against, untoldChanges, type Way } from "./mergeEvents.ts";
import { type KnownTickets, worldAt } from "./worldAt.ts";

/** The store at one commit after another, and what happened between two. */
export interface Stage {
  readonly world: World;
  /**
   * The events of a commit: what it did against its parent. Of a merge what the commits that it joins did not tell, which
   * depends on whose were told first; an event has the same id whichever way one comes. The world is the commit's then.
   * @throws not_found when an object is missing or damaged
   */
  eventsOf(oid: string, way?: Way): Promise<readonly TicketEvent[]>;
  /** The events of what was read, from where the world is to a commit. */
  step(read: ReadCommit, oid: string): Promise<readonly TicketEvent[]>;
}

/** A stage that begins at a commit (undefined: before the first). */
export async function stageAt(
  store: Store,
  journal: Journal,
  start: string | undefined,
  near?: KnownTickets,
): Promise<Stage> {
  let now = await worldAt(store, journal, start, near);
  let at = start;
  const moveTo = async (commit: string | undefined): Promise<void> => {
    if (commit === at) return;
    const tickets = new Map([...now.world.tickets.values()].map((ticket) => [ticket.path, ticket]));
    for (const file of tickets.keys()) if (!isTopTicket(file)) tickets.delete(file);
    const near = at === undefined ? undefined : { commit: at, tickets, open: new Map(), config: now.config };
    now = await worldAt(store, journal, commit, near);
    at = commit;
  };
  const step = async (read: ReadCommit, oid: string): Promise<readonly TicketEvent[]> => {
    await now.fetch(read.changed.flatMap(({ after }) => (after === undefined ? [] : [after.ticket])));
    const events = advance(now.world, read.commit, read.changed, read.board);
    if (read.config !== undefined) now = { ...now, config: read.config ?? undefined };
    at = oid;
    return events;
  };
  const against = async (oid: string, parent: string | undefined) => {
    await moveTo(parent);
    const read = await readCommitOf(journal, store.dir, oid, parent);
    const { changed, commit } = read;
    const seen: Against = { parent: parent ?? "", changed, events: await step(read, oid) };
    return { commit, against: seen };
  };
  return {
    get world() {
      return now.world;
    },
    step,
    eventsOf: async (oid, way) => {
      const [first, ...others] = await parentsHere(journal, oid);
      const elsewhere: Against[] = [];
      for (const parent of others) elsewhere.push((await against(oid, parent)).against);
      const here = await against(oid, first);
      if (elsewhere.length === 0) return here.against.events;
      const parents = [here.against, ...elsewhere];
      const { either, now: untold } = await untoldChanges(journal, parents, way);
      const tell = (changes: readonly TicketChange[]) => toldBy(now.world, here.commit, changes, parents);
      return numbered(oid, either.map(tell), tell(untold), readyBy(parents));
    },
  };
}

/** The events of what a merge changed against what was told of its lines. */
function toldBy(
  world: World,
  commit: EventCommit,
  changes: readonly TicketChange[],
  parents: readonly Against[],
): readonly TicketEvent[] {
  const events = advance(world, commit, changes);
  const back = new Set(events.filter(({ event }) => event === "ticket.created").map(({ ticket }) => ticket.id));
  const ready = parents.flatMap((parent) => parent.events.filter((one) => isReady(one) && back.has(one.ticket.id)));
  const once = new Map(ready.map((one) => [one.ticket.id, one]));
  // What a line passed by is told of that line: the merge has only taken it over. So are its notes, and whom they mention.
  const isOwn = ({ event, ticket: { id, status } }: TicketEvent): boolean =>
    event !== "ticket.mentioned" &&
    (event !== "ticket.gate_skipped" ||
      parents.every(({ changed }) =>
        changed.some(({ before }) => before?.ticket.id === id && before.ticket.status !== status),
      ));
  return [...events.filter(isOwn), ...once.values()];
}

/** What became ready by a merge is changed by none of the commits that it joins: it is ready in no parent. */
function readyBy(parents: readonly Against[]): readonly TicketEvent[] {
  const [first, ...others] = parents.map(({ events }) => events.filter(isReady));
  const isIn = (some: readonly TicketEvent[], id: string): boolean => some.some(({ ticket }) => ticket.id === id);
  return (first ?? []).filter(({ ticket }) => others.every((some) => isIn(some, ticket.id)));
}

function isReady({ event }: TicketEvent): boolean {
  return event === "ticket.ready";
}

/** The events that are told now, each with the number that it has among all that may be told of the merge. */
function numbered(
  oid: string,
  either: readonly (readonly TicketEvent[])[],
  now: readonly TicketEvent[],
  ready: readonly TicketEvent[],
): readonly TicketEvent[] {
  const numbers = new Map<string, number>();
  const all = [...either.flat(), ...now].toSorted((one, other) => Number(isReady(one)) - Number(isReady(other)));
  for (const event of [...all, ...ready]) if (!numbers.has(keyOf(event))) numbers.set(keyOf(event), numbers.size);
  const told = new Map([...now, ...ready].map((event) => [numbers.get(keyOf(event)) as number, event]));
  return [...told].sort(([one], [other]) => one - other).map(([n, event]) => ({ ...event, id: `${oid}:${n}` }));
}

/** What happened to which ticket. */
function keyOf({ event, ticket, changes }: TicketEvent): string {
  return JSON.stringify([event, ticket.id, changes]);
}

/** The parents that the repository has: at the edge of a shallow clone it has none. */
async function parentsHere(journal: Journal, oid: string): Promise<readonly string[]> {
  const { parents = [] } = (await commitAt(journal, oid)) ?? {};
  const here: string[] = [];
  for (const parent of parents) if (await objectExists(journal.repository, parent)) here.push(parent);
  return here;
}
