import { objectExists } from "../../git/objects/objects.ts";
import { readHead } from "../../git/refs/refs.ts";
import { lsTree } from "../../git/trees/lsTree.ts";
import type { TicketChange, TicketEvent } from "../../ticket/events/events.ts";
import type { World } from "../../ticket/events/world.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { CONFIG_FILE } from "../open/config/values.ts";
import { isTopTicket } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import { type LinkedCommit, linesSince, yieldToOthers } from "./branchLine.ts";
import { boardAt, isTicketPath, type ReadCommit, readCommitOf, snapshotOf } from "./commitEvents.ts";
import { type Front, frontOf, type StartingPoint, type Told } from "./front.ts";
import type { Way } from "./mergeEvents.ts";
import { type Stage, stageAt } from "./stage.ts";
import type { KnownTickets } from "./worldAt.ts";

/** Reads a store's history forwards, from one commit on, as events. */
export interface Follower {
  /** The commit whose events were the last; undefined before a store's first. */
  readonly at: string | undefined;
  /** The store's tickets at that commit. */
  readonly world: World;
  /** What resumes here: the commits that were told last, of each line one; "" before a store's first. */
  readonly position: string;
  /**
   * The events of each commit that the branch has gained, parents before their children; every commit once, however
   * often it is called. Where the branch was rewritten, the difference to it comes as the events of its newest commit.
   * @throws not_found when an object is missing or damaged
   */
  next(): AsyncGenerator<readonly TicketEvent[]>;
}

/** After so many commits others in this process get a turn. */
const BATCH = 8;

/**
 * Follows a store's branch from a commit on. `near` saves reading the tree of that commit where the tickets of one nearby
 * are at hand.
 */
export async function followStore(
  store: Store,
  journal: Journal,
  { after, seen, also = [] }: StartingPoint,
  near?: KnownTickets,
): Promise<Follower> {
  const stage = await stageAt(store, journal, after, near);
  const first: Told[] = after === undefined ? [] : [{ commit: after, ...(seen === undefined ? {} : { seen }) }];
  const known = [...first, ...also];
  let front = frontOf(known.map(({ commit }) => commit));
  // Commits of which some events are to come.
  const partly = new Map(known.flatMap((one) => (one.seen === undefined ? [] : [[one.commit, one.seen] as const])));
  const tell = async (oid: string, way?: Way, parents?: readonly string[]): Promise<readonly TicketEvent[]> => {
    const events = await stage.eventsOf(oid, way);
    const last = partly.get(oid) ?? -1;
    partly.delete(oid);
    if (parents !== undefined) front.tell(oid, parents);
    follower.at = oid;
    return placed(
      events.filter(({ id }) => Number(id.split(":")[1]) > last),
      front,
    );
  };
  const follower = {
    at: after,
    get world() {
      return stage.world;
    },
    get position() {
      return front.tips.map((tip) => (partly.has(tip) ? `${tip}:${partly.get(tip)}` : tip)).join(",");
    },
    async *next(): AsyncGenerator<readonly TicketEvent[]> {
      const [start, ...others] = front.tips;
      if (start !== undefined && partly.has(start)) yield await tell(start);
      const tip = readHead(journal.repository).oid;
      if (tip === undefined || (tip === start && others.length === 0)) return;
      const chain = await linesSince(journal, start, tip);
      if (chain === undefined) {
        const read = await rewritten(store, journal, stage, tip);
        front = frontOf([tip]);
        follower.at = tip;
        yield await stage.step(read, tip);
        return;
      }
      const told = reachedBy(others, chain);
      const todo = [...chain.entries()].filter(([, { oid }]) => !told.has(oid) || partly.has(oid));
      for (const [at, { oid, parents }] of todo) {
        yield await tell(oid, { start, told }, parents);
        told.set(oid, at);
        if ((at + 1) % BATCH === 0) await yieldToOthers();
      }
      front = frontOf([tip]);
    },
  };
  return follower;
}

/** The events with where to resume behind each, where its id alone does not say it. */
function placed(events: readonly TicketEvent[], front: Front): readonly TicketEvent[] {
  if (front.tips.length < 2) return events;
  return events.map(({ schema, id, ...event }) => {
    const [commit = "", n = ""] = id.split(":");
    return { schema, id, position: front.behind(commit, n), ...event };
  });
}

/** Those of a chain, parents before children, that these commits have, with their place. */
function reachedBy(tips: readonly string[], chain: readonly LinkedCommit[]): Map<string, number> {
  const reached = new Set(tips);
  for (const { oid, parents } of tips.length === 0 ? [] : chain.toReversed())
    if (reached.has(oid)) for (const parent of parents) reached.add(parent);
  return new Map(chain.flatMap(({ oid }, at) => (reached.has(oid) ? [[oid, at] as const] : [])));
}

/** What a rewritten branch's tip differs in from the world that was followed so far. */
async function rewritten(store: Store, journal: Journal, { world }: Stage, tip: string): Promise<ReadCommit> {
  const read = await readCommitOf(journal, store.dir, tip, tip);
  const changed: TicketChange[] = [];
  const now = await lsTree(journal.repository, tip, { prefix: journal.prefix });
  const known = new Map([...world.tickets.values()].map((ticket) => [ticket.path, ticket]));
  for (const [file, { oid }] of now) {
    if (!isTopTicket(file) || !isTicketPath(file) || known.get(file)?.version === oid) continue;
    changed.push({
      before: await knownSnapshot(journal, known.get(file)),
      after: await snapshotOf(journal, file, oid),
    });
  }
  for (const [file, ticket] of known) {
    if (!now.has(file)) changed.push({ before: await knownSnapshot(journal, ticket), after: undefined });
  }
  const config = now.get(CONFIG_FILE)?.oid ?? null;
  const board = await boardAt(journal, config);
  return { ...read, changed: changed.filter(({ before, after }) => before ?? after), board, config };
}

/** A ticket with its text, or with none where its objects went with the old branch. */
async function knownSnapshot(journal: Journal, ticket: Ticket | undefined): Promise<TicketChange["before"]> {
  if (ticket === undefined) return undefined;
  if (!(await objectExists(journal.repository, ticket.version))) return { ticket, text: "" };
  return snapshotOf(journal, ticket.path, ticket.version);
}
