import { objectExists } from "../../git/objects/objects.ts";
import { readHead } from "../../git/refs/refs.ts";
import { diffCommits } from "../../git/trees/diffTrees.ts";
import { lsTree } from "../../git/trees/lsTree.ts";
import type { TreeItem } from "../../git/trees/tree.ts";
import { advance, type TicketChange, type TicketEvent } from "../../ticket/events/events.ts";
import { isArchived, type World, worldOf } from "../../ticket/events/world.ts";
import { DEFAULT_BOARD } from "../../ticket/rules/board.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { CONFIG_FILE } from "../open/config.ts";
import { type Index, isTopTicket } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import { commitsSince, yieldToOthers } from "./branchLine.ts";
import { boardAt, isTicketPath, type ReadCommit, readCommitOf, snapshotOf } from "./commitEvents.ts";

/** Reads a store's history forwards, from one commit on, as events. */
export interface Follower {
  /** The commit whose events were the last; undefined before a store's first. */
  readonly at: string | undefined;
  /** The store's tickets at that commit. */
  readonly world: World;
  /**
   * The events of each commit that the branch has gained, in commit order; every commit once, however often it is
   * called. Where the branch was rewritten, the difference to it comes as the events of its newest commit.
   * @throws not_found when an object is missing or damaged
   */
  next(): AsyncGenerator<readonly TicketEvent[]>;
}

/**
 * Follows a store's branch from commit `start` on (undefined: from the beginning). `near` saves reading the tree of
 * `start` where the tickets of a commit nearby are at hand.
 */
export async function followStore(
  store: Store,
  journal: Journal,
  start: string | undefined,
  near?: KnownTickets,
): Promise<Follower> {
  const approvalFolder = approvalFolderOf(journal, start);
  const world = await worldAt(store, journal, start, approvalFolder, near);
  const step = async (read: ReadCommit): Promise<readonly TicketEvent[]> => {
    await approvalFolder.fetch(
      world,
      read.changed.flatMap(({ after }) => after?.ticket.fields.deps ?? []),
    );
    return advance(world, read.commit, read.changed, read.board);
  };
  const follower = {
    at: start,
    world,
    async *next(): AsyncGenerator<readonly TicketEvent[]> {
      const tip = readHead(journal.repository).oid;
      if (tip === undefined || tip === follower.at) return;
      const chain = await commitsSince(journal, follower.at, tip);
      if (chain === undefined) {
        const read = await rewritten(store, journal, follower, tip);
        follower.at = tip;
        yield await step(read);
        return;
      }
      for (const [at, oid] of chain.entries()) {
        const events = await step(await readCommitOf(journal, store.dir, oid));
        follower.at = oid;
        yield events;
        if ((at + 1) % BATCH === 0) await yieldToOthers();
      }
    },
  };
  return follower;
}

/** What a rewritten branch's tip differs in from the world that was followed so far. */
async function rewritten(store: Store, journal: Journal, { world }: Follower, tip: string): Promise<ReadCommit> {
  const read = await readCommitOf(journal, store.dir, tip);
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
  const board = await boardAt(journal, now.get(CONFIG_FILE)?.oid ?? null);
  return { ...read, changed: changed.filter(({ before, after }) => before ?? after), board };
}

/** A ticket with its text, or with none where its objects went with the old branch. */
async function knownSnapshot(journal: Journal, ticket: Ticket | undefined): Promise<TicketChange["before"]> {
  if (ticket === undefined) return undefined;
  if (!(await objectExists(journal.repository, ticket.version))) return { ticket, text: "" };
  return snapshotOf(journal, ticket.path, ticket.version);
}

async function worldAt(
  store: Store,
  journal: Journal,
  commit: string | undefined,
  approvalFolder: ApprovalFolder,
  near: KnownTickets | undefined,
): Promise<World> {
  const { tickets, config } = (await ticketsFrom(journal, commit, near)) ?? (await ticketsIn(store, journal, commit));
  // Reading YAML costs more than all the rest, and most often it is the file that was just read.
  const known = store.index?.entries.get(CONFIG_FILE)?.oid === config ? store.index?.config.board : undefined;
  const board = config === undefined ? DEFAULT_BOARD : (known ?? (await boardAt(journal, config)));
  const world = worldOf(tickets, board, approvalFolder);
  await approvalFolder.fetch(
    world,
    tickets.flatMap(({ fields }) => fields.deps ?? []),
  );
  return world;
}

interface FoundTickets {
  readonly tickets: readonly Ticket[];
  /** The blob of config.yml. */
  readonly config: string | undefined;
}

/** The active tickets of a commit, read from its tree; what the store's index has need not be parsed. */
async function ticketsIn(store: Store, journal: Journal, commit: string | undefined): Promise<FoundTickets> {
  const files = commit === undefined ? new Map<string, TreeItem>() : await treeOf(journal, commit);
  const tickets: Ticket[] = [];
  for (const [file, { oid }] of files) {
    if (!isTopTicket(file) || !isTicketPath(file)) continue;
    const known = store.index?.entries.get(file)?.ticket;
    const ticket = known?.version === oid ? known : (await snapshotOf(journal, file, oid))?.ticket;
    if (ticket !== undefined) tickets.push(ticket);
  }
  return { tickets, config: files.get(CONFIG_FILE)?.oid };
}

/** The tickets of a commit near the one to be followed from, to begin with. */
export interface KnownTickets {
  readonly commit: string;
  readonly tickets: ReadonlyMap<string, Ticket>;
  /** Paths of which `tickets` does not say what the commit has, with the blob it has there (null: none). */
  readonly open: ReadonlyMap<string, string | null>;
  readonly config: string | undefined;
}

/** What an index that is up to date knows of its commit, as it is now. */
export function knownTicketsOf({ head, entries, uncommitted }: Index): KnownTickets | undefined {
  if (head === undefined) return undefined;
  const tickets = new Map<string, Ticket>();
  for (const [file, { ticket }] of entries) if (ticket !== undefined) tickets.set(file, ticket);
  const open = new Map(uncommitted);
  const known = open.get(CONFIG_FILE);
  const config = known === undefined ? entries.get(CONFIG_FILE)?.oid : (known ?? undefined);
  return { commit: head, tickets, open, config };
}

/** After so many commits others in this process get a turn. */
const BATCH = 8;
/** With more differences than this a tree is as quickly read as compared. */
const FAR = 1_000;

/** The active tickets of a commit, told from those of one nearby by what differs; undefined where that is no help. */
async function ticketsFrom(
  journal: Journal,
  commit: string | undefined,
  near: KnownTickets | undefined,
): Promise<FoundTickets | undefined> {
  if (commit === undefined || near === undefined) return undefined;
  const differing = await diffCommits(journal.repository, near.commit, commit, journal.prefix);
  if (differing.length + near.open.size > FAR) return undefined;
  const tickets = new Map(near.tickets);
  const open = new Map([...near.open, ...differing.map(({ path, after }) => [path, after] as const)]);
  for (const [file, blob] of open) {
    tickets.delete(file);
    if (!isTopTicket(file) || !isTicketPath(file)) continue;
    const ticket = (await snapshotOf(journal, file, blob))?.ticket;
    if (ticket !== undefined) tickets.set(file, ticket);
  }
  const config = open.has(CONFIG_FILE) ? (open.get(CONFIG_FILE) ?? undefined) : near.config;
  return { tickets: [...tickets.values()], config };
}

function treeOf({ repository, prefix }: Journal, commit: string): Promise<Map<string, TreeItem>> {
  return lsTree(repository, commit, { prefix });
}

/** The archive at the commit where following began; only what active tickets wait for is ever read. */
interface ApprovalFolder {
  get(id: string): Ticket | undefined;
  /** Reads the archived tickets among `ids` that the world does not know. */
  fetch(world: World, ids: readonly string[]): Promise<void>;
}

function approvalFolderOf(journal: Journal, commit: string | undefined): ApprovalFolder {
  const read = new Map<string, Ticket | undefined>();
  let listing: Map<string, readonly [path: string, oid: string]> | undefined;
  const list = async (): Promise<NonNullable<typeof listing>> => {
    if (commit === undefined) return new Map();
    const prefix = journal.prefix === "" ? "archive" : `${journal.prefix}/archive`;
    const files = await lsTree(journal.repository, commit, { prefix, recursive: true });
    return new Map([...files].map(([file, { oid }]) => [nameOf(file), [`archive/${file}`, oid]]));
  };
  return {
    get: (id) => read.get(id),
    fetch: async (world, ids) => {
      for (const id of ids) {
        if (world.get(id) !== undefined || read.has(id)) continue;
        listing ??= await list();
        const [file, oid] = listing.get(id) ?? [];
        const isThere = file !== undefined && oid !== undefined && isArchived(file) && isTicketPath(file);
        read.set(id, isThere ? (await snapshotOf(journal, file, oid))?.ticket : undefined);
      }
    },
  };
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/\.md$/, "");
}
