import { objectExists } from "../../git/objects/objects.ts";
import { readHead } from "../../git/refs/refs.ts";
import { lsTree } from "../../git/trees/lsTree.ts";
import type { TicketChange, TicketEvent } from "../../ticket/events/events.ts";
import type { World } from "../../ticket/events/world.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { CONFIG_FILE } from "../open/config/values.ts";
import { isTopTicket } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import { commitsSince, yieldToOthers } from "./branchLine.ts";
import { boardAt, isTicketPath, type ReadCommit, readCommitOf, snapshotOf } from "./commitEvents.ts";
import type { StartingPoint } from "./since.ts";
import { type Stage, stageAt } from "./stage.ts";
import type { KnownTickets } from "./worldAt.ts";

/** Reads a store's history forwards, from one commit on, as events. */
export interface Follower {
  /** The commit whose events were the last; undefined before a store's first. */
  readonly at: string | undefined;
  /** The store's tickets at that commit. */
  readonly world: World;
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
  { after, seen }: StartingPoint,
  near?: KnownTickets,
): Promise<Follower> {
  const stage = await stageAt(store, journal, after, near);
  let rest = after === undefined ? undefined : seen;
  const follower = {
    at: after,
    get world() {
      return stage.world;
    },
    async *next(): AsyncGenerator<readonly TicketEvent[]> {
      if (rest !== undefined) {
        const last = rest;
        rest = undefined;
        const events = await stage.eventsOf(after as string);
        yield events.filter(({ id }) => Number(id.split(":")[1]) > last);
      }
      const tip = readHead(journal.repository).oid;
      if (tip === undefined || tip === follower.at) return;
      const chain = await commitsSince(journal, follower.at, tip);
      if (chain === undefined) {
        const read = await rewritten(store, journal, stage, tip);
        follower.at = tip;
        yield await stage.step(read, tip);
        return;
      }
      const told = new Map<string, number>();
      const start = follower.at;
      for (const [at, oid] of chain.entries()) {
        const events = await stage.eventsOf(oid, { start, told });
        told.set(oid, at);
        follower.at = oid;
        yield events;
        if ((at + 1) % BATCH === 0) await yieldToOthers();
      }
    },
  };
  return follower;
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
