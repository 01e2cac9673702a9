import { diffCommits } from "../../git/trees/diffTrees.ts";
import { lsTree } from "../../git/trees/lsTree.ts";
import type { TreeItem } from "../../git/trees/tree.ts";
import { isArchived, type World, worldOf } from "../../ticket/events/world.ts";
import { DEFAULT_BOARD } from "../../ticket/rules/board.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { CONFIG_FILE } from "../open/config/values.ts";
import { type Index, isTopTicket } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import { boardAt, isTicketPath, snapshotOf } from "./commitEvents.ts";

/** The store as a commit has it. */
export interface WorldAt {
  readonly world: World;
  /** The blob of config.yml. */
  readonly config: string | undefined;
  /** Reads what these tickets wait for and the world does not know. */
  fetch(tickets: readonly Ticket[]): Promise<void>;
}

/** The store at a commit; `near` saves reading its tree where the tickets of a commit nearby are at hand. */
export async function worldAt(
  store: Store,
  journal: Journal,
  commit: string | undefined,
  near?: KnownTickets,
): Promise<WorldAt> {
  const approvalFolder = approvalFolderOf(journal, commit);
  const { tickets, config } = (await ticketsFrom(journal, commit, near)) ?? (await ticketsIn(store, journal, commit));
  // Reading YAML costs more than all the rest, and most often it is the file that was just read.
  const known = store.index?.entries.get(CONFIG_FILE)?.oid === config ? store.index?.config.board : undefined;
  const board = config === undefined ? DEFAULT_BOARD : (known ?? (await boardAt(journal, config)));
  const world = worldOf(tickets, board, approvalFolder);
  const fetch = (tickets: readonly Ticket[]) =>
    approvalFolder.fetch(
      world,
      tickets.flatMap(({ fields }) => fields.deps ?? []),
    );
  await fetch(tickets);
  return { world, config, fetch };
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
