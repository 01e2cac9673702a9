import type { Board } from "../../ticket/rules/board.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import {
  blockersOf,
  childrenIndex,
  dependentsIndex,
  isBlocked,
  isOpenChild,
  isReady,
  type Lookup,
  type Readiness,
  readinessOf,
} from "../../ticket/rules/readiness.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";
import type { Config } from "../open/config/config.ts";
import { type Index, isTopTicket } from "../open/entry.ts";
import { keep, kept, runtimeKey } from "../open/runtime.ts";
import type { Store } from "../open/store.ts";
import { sharesStores } from "../open/syncFolder.ts";
import { type Archive, EMPTY_ARCHIVE, openArchive } from "./archive/archive.ts";
import { type Collected, collect } from "./collect.ts";
import { collectedWith, withAnswers } from "./collectedWith.ts";
import { type Defaults, overdueQuestions } from "./defaultAnswers.ts";
import { parseText } from "./readFile.ts";
import { refreshIndex } from "./refresh.ts";
import type { TableEntries } from "./table/entries.ts";
import { Relations } from "./table/relations.ts";
import { NO_ROWS, type RowRules, rowRules } from "./table/rowReadiness.ts";
import { itemReader, type TrackerItem, trackersOf } from "./trackerItem.ts";

/** A store as it stands at one moment: what every read works on and every change starts from. */
export interface View {
  /** The same object in views of one state of the store at different moments; its claims that nobody may have heard of. */
  readonly state: { readonly unconfirmed: () => ReadonlySet<string> };
  readonly config: Config;
  readonly board: Board;
  /** Milliseconds since 1970; one moment for the whole view. */
  readonly now: number;
  /** Gives {@link View.tickets}. */
  readonly all: () => readonly Ticket[];
  /** Active tickets, by file name; many are made objects when they are asked for. */
  readonly tickets: readonly Ticket[];
  /** Those that somebody holds, or of which something waits for a person's yes; others may be among them. */
  readonly marked: readonly Ticket[];
  readonly byId: ReadonlyMap<string, Ticket>;
  /** Those whose default answer is in force and not written yet, as their files have them; all else shows them answered. */
  readonly answered: readonly Ticket[];
  /** Whether a claim was made here, and others are not known to have heard of it. */
  isUnconfirmed(token: string): boolean;
  /** Reads the tokens of all such claims. */
  readonly unconfirmed: () => ReadonlySet<string>;
  /** Files that are no readable tickets. */
  readonly problems: readonly Problem[];
  /** Resolves active and archived ids. */
  readonly lookup: Lookup;
  readonly archive: Archive;
  children(id: string): readonly Ticket[];
  dependents(id: string): readonly Ticket[];
  readiness(ticket: Ticket): Readiness;
  /** Whether it can be worked on now; cheaper than `readiness` for many. */
  isReady(ticket: Ticket): boolean;
  /** Ids of what it waits for and is not done. */
  blockers(ticket: Ticket): readonly string[];
  /** Whether it waits for another, or stands in a blocked column. */
  isBlocked(ticket: Ticket): boolean;
  /** What a cache tells without reading a ticket. */
  readonly byRow: RowRules;
  /** What a tracker calls a ticket's item, read when it is asked for; why that cannot be read. */
  item(ticket: Ticket): TrackerItem | string | undefined;
  /** What the tickets stand in, where that is a table; it does not change. */
  readonly entries?: TableEntries;
}

/**
 * Reads the store without changing it; hand edits show, and are left for the next write to commit.
 * @throws bad_config, no_store
 */
export async function readStore(store: Store): Promise<View> {
  // Whoever asks another process gets what it would have read itself: to the moment, and from the whole disk.
  const shared = store.host.request === undefined ? kept(store, SHARED) : undefined;
  return shared === undefined ? readFresh(store) : shared();
}

/** Reads the store from the disk, also where its reads share a view. */
export async function readFresh(store: Store): Promise<View> {
  return viewOf(store, await refreshIndex(store, false));
}

const SHARED = runtimeKey<(() => Promise<View>) | undefined>("shared view", () => undefined);

/** Has all reads of a store answered by `read`; see keepView. */
export function shareView(store: Store, read: () => Promise<View>): void {
  keep(store, SHARED, read);
}

/** The view of an index that was just refreshed; questions that `spares` keeps are shown as they are. */
export async function viewOf(store: Store, index: Index, spares?: Defaults["spares"]): Promise<View> {
  return viewFrom(store, index.config, store.host.now(), collect(store, index), { spares });
}

/** The same tickets at another moment, in milliseconds since 1970: default answers may be in force by then. */
export async function viewLater(store: Store, view: View, now: number): Promise<View> {
  const answered = overdueQuestions(view, view.board, now);
  // Others hear of a claim, or do not, without any change of a ticket.
  const isSame = isSameSet(view.state.unconfirmed(), view.unconfirmed());
  if (answered.length === 0) return viewAt(isSame ? view : { ...view, state: stateOf(view.unconfirmed) }, now);
  return viewFrom(store, view.config, now, ticketsOf(view), { known: view.answered });
}

/** What a view was made from. */
function ticketsOf({ all, byId, problems, entries }: View): Collected {
  return { tickets: all, byId, problems, isWhole: false, ...(entries === undefined ? {} : { entries }) };
}

/** A view as it would be with some files of the top directory changed (null: deleted) and not yet on disk. */
export async function viewWith(store: Store, view: View, files: ReadonlyMap<string, string | null>): Promise<View> {
  const problems = view.problems.filter(({ path }) => !files.has(path));
  const parsed = new Map<string, Ticket | undefined>();
  for (const [file, text] of files) {
    const ticket = text === null || !isTopTicket(file) ? undefined : await parseText(text, file);
    if (ticket !== undefined && !("id" in ticket)) problems.push(ticket);
    parsed.set(file, ticket !== undefined && "id" in ticket ? ticket : undefined);
  }
  const known = view.answered.filter(({ path }) => !files.has(path));
  return viewFrom(store, view.config, view.now, collectedWith(ticketsOf(view), parsed, problems), { known });
}

async function viewFrom(
  store: Store,
  config: Config,
  now: number,
  found: Collected,
  { known = [], spares }: Defaults = {},
): Promise<View> {
  const fresh = overdueQuestions(found, config.board, now, spares);
  const collected = fresh.length === 0 ? found : withAnswers(found, fresh, config.board);
  const { tickets, byId, problems, entries } = collected;
  const archive = await archiveIfNeeded(store, collected);
  const { board } = config;
  const relations = entries === undefined ? relationsOf(tickets()) : new Relations(entries);
  const lookup: Lookup = {
    get: (id) => byId.get(id) ?? archive.find(id),
    partsOf: (id) => relations.children(id).map((child) => child.id),
  };
  const unconfirmed = await unconfirmedIn(store, config);
  return viewAt(
    {
      ...(entries === undefined ? {} : { entries }),
      state: stateOf(unconfirmed),
      config,
      board,
      answered: [...known, ...fresh],
      unconfirmed,
      all: tickets,
      byId,
      problems,
      lookup,
      archive,
      children: relations.children,
      dependents: relations.dependents,
      byRow: entries === undefined ? NO_ROWS : rowRules(entries, board),
      item: itemReader(store.dir, trackersOf(config)),
    },
    now,
  );
}

/** Whoever shares nothing has no such claims, and loads nothing of them. A claim made later comes with another view. */
async function unconfirmedIn(store: Store, config: Config): Promise<View["unconfirmed"]> {
  if (!sharesStores(store)) return () => NOBODYS;
  const { unconfirmedTokens } = await import("../open/ownClaims.ts");
  return () => unconfirmedTokens(store, config);
}

/** A state of a store: what is made of it holds for as long as that is what its views have. */
const stateOf = (unconfirmed: View["unconfirmed"]): View["state"] => ({ unconfirmed: lazy(unconfirmed) });

/** Whether two sets have the same in them. */
export function isSameSet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((one) => right.has(one));
}

const NOBODYS: ReadonlySet<string> = new Set();

/** What of a view does not depend on the moment. */
type Parts = Omit<
  View,
  "now" | "tickets" | "marked" | "isUnconfirmed" | "isReady" | "blockers" | "isBlocked" | "readiness"
>;

function viewAt(parts: Parts, now: number): View {
  const { board, lookup, children, byRow } = parts;
  const openChildren = (id: string): string[] =>
    children(id)
      .filter((child) => isOpenChild(board, child))
      .map((child) => child.id);
  const blockers = (ticket: Ticket) => byRow.blockers(ticket) ?? blockersOf(ticket, board, lookup);
  return {
    ...parts,
    now,
    isUnconfirmed: (token) => parts.state.unconfirmed().has(token),
    get tickets() {
      return parts.all();
    },
    get marked() {
      return parts.entries?.marked() ?? parts.all();
    },
    isReady: (ticket) =>
      byRow.isReady(ticket) ?? isReady(ticket, board, lookup, () => openChildren(ticket.id).length > 0, now),
    isBlocked: (ticket) => isBlocked(ticket, board, () => blockers(ticket)),
    blockers,
    readiness: (ticket) => readinessOf(ticket, board, lookup, openChildren(ticket.id), now),
  };
}

/** Whether a status means that no more work is expected: done, cancelled or failed. */
export function isFinished(board: Board, status: string): boolean {
  const category = categoryOf(board, status);
  return category === "done" || category === "cancelled" || category === "failed";
}

async function archiveIfNeeded(
  store: Store,
  { tickets, byId, isWhole, entries }: Omit<Collected, "problems">,
): Promise<Archive> {
  const suspects = isWhole && entries !== undefined ? entries.maybeAbsent() : tickets();
  const missing = suspects.some(({ known, fields }) => {
    if (isWhole && known !== undefined) return known.hasAbsent;
    const { deps = [], parent } = fields;
    return deps.some((dep) => !byId.has(dep)) || (parent !== undefined && !byId.has(parent));
  });
  return missing ? openArchive(store) : NO_ARCHIVE;
}

/** The archive of a view that did not need it for readiness. */
export function archiveOf(store: Store, view: View): Promise<Archive> {
  return view.archive === NO_ARCHIVE ? openArchive(store) : Promise.resolve(view.archive);
}

const NO_ARCHIVE: Archive = { ...EMPTY_ARCHIVE };

/** The same for tickets that stand in no table. */
function relationsOf(tickets: readonly Ticket[]): Pick<View, "children" | "dependents"> {
  const children = lazy(() => childrenIndex(tickets));
  const dependents = lazy(() => dependentsIndex(tickets));
  return { children: (id) => children().get(id) ?? [], dependents: (id) => dependents().get(id) ?? [] };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
