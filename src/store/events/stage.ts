import { objectExists } from "../../git/objects/objects.ts";
import { advance, type TicketChange, type TicketEvent } from "../../ticket/events/events.ts";
import { isOwnOfMerge } from "../../ticket/events/ownOfMerge.ts";
import type { World } from "../../ticket/events/world.ts";
import { isTopTicket } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import { commitAt } from "./branchLine.ts";
import { type ReadCommit, readCommitOf } from "./commitEvents.ts";
import { type KnownTickets, worldAt } from "./worldAt.ts";

/** The store at one commit after another, and what happened between two. */
export interface Stage {
  readonly world: World;
  /**
   * The events of a commit: what it did against its parent. Of a merge what it did against each of its parents; the rest
   * was done by the commits that it joins. A pure function of the commit and its parents. The world is the commit's then.
   * @throws not_found when an object is missing or damaged
   */
  eventsOf(oid: string): Promise<readonly TicketEvent[]>;
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
  const against = async (oid: string, parent: string | undefined): Promise<Against> => {
    await moveTo(parent);
    const read = await readCommitOf(journal, store.dir, oid, parent);
    return { changed: read.changed, events: await step(read, oid) };
  };
  return {
    get world() {
      return now.world;
    },
    step,
    eventsOf: async (oid) => {
      const [first, ...others] = await parentsHere(journal, oid);
      const elsewhere: Against[] = [];
      for (const parent of others) elsewhere.push(await against(oid, parent));
      const here = await against(oid, first);
      return elsewhere.length === 0 ? here.events : ownEvents(here, elsewhere);
    },
  };
}

/** A commit against one of its parents. */
interface Against {
  readonly changed: readonly TicketChange[];
  readonly events: readonly TicketEvent[];
}

/** Of the events of a merge against its first parent those that it has against every parent, of its own doing. */
function ownEvents({ changed, events }: Against, others: readonly Against[]): readonly TicketEvent[] {
  const own = new Set<string>();
  for (const { before, after } of changed) {
    const id = (after ?? before)?.ticket.id as string;
    const elsewhere = others.map((other) => other.changed.find((one) => (one.after ?? one.before)?.ticket.id === id));
    if (elsewhere.some((one) => one === undefined)) continue;
    if (isOwnOfMerge([before, ...elsewhere.map((one) => one?.before)], after)) own.add(id);
  }
  const keys = others.map((other) => new Set(other.events.map(keyOf)));
  // What became ready by a merge is changed by none of the commits that it joins.
  return events.filter(
    (event) =>
      (event.event === "ticket.ready" || own.has(event.ticket.id)) && keys.every((one) => one.has(keyOf(event))),
  );
}

/** What happened to which ticket. */
function keyOf({ event, ticket }: TicketEvent): string {
  return `${event} ${ticket.id}`;
}

/** The parents that the repository has: at the edge of a shallow clone it has none. */
async function parentsHere(journal: Journal, oid: string): Promise<readonly string[]> {
  const { parents = [] } = (await commitAt(journal, oid)) ?? {};
  const here: string[] = [];
  for (const parent of parents) if (await objectExists(journal.repository, parent)) here.push(parent);
  return here;
}
