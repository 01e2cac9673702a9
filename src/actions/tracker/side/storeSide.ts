import { createHash } from "node:crypto";
import type { Change } from "../../../store/change/changing.ts";
import type { Draft } from "../../../store/change/draft.ts";
import type { Sentence } from "../../../store/change/message.ts";
import { hasOtherRecords } from "../../../store/change/record/redo.ts";
import { findTicket } from "../../../store/disk/findTicket.ts";
import { readTicketText } from "../../../store/disk/readFile.ts";
import { archiveOf, readFresh, type View } from "../../../store/disk/view.ts";
import type { Actor } from "../../../store/open/identity/identity.ts";
import type { Store } from "../../../store/open/store.ts";
import { ownPrefix } from "../../../store/open/storeId.ts";
import { counted } from "../../../ticket/counted.ts";
import { columnFor } from "../../../ticket/rules/columns.ts";
import { fieldOf, type Ticket } from "../../../ticket/ticket.ts";
import { isEmpty } from "../../../trackers/sync/draft.ts";
import type { Fit, LocalChange, LocalSide, LocalState, LocalTicket } from "../../../trackers/sync/localSide.ts";
import type { Pair } from "../../../trackers/sync/pair.ts";
import { change } from "../../input/action.ts";
import { type TrackerRules, trackersIn } from "../rules.ts";
import { applyEdit, isBrought } from "./applyEdit.ts";
import { fitFor } from "./fitted.ts";
import { aheadOf, type Known, keepKnown, readKnown } from "./known.ts";
import { localTicket, type Texts } from "./localTicket.ts";
import { type NamedState, nameAgain, unnamedIn } from "./nameAgain.ts";
import { pairReader, readCursor } from "./pairFiles.ts";
import { putPairs } from "./putPairs.ts";
import { keyIn, seedOf } from "./refs.ts";
import { twinsOf } from "./twins.ts";

/** A store as one side of a sync with a tracker. */
export interface StoreSide extends LocalSide {
  /** Keeps what was read, so that the next sync need not. */
  readonly keep: () => void;
  /** What changes of it have told besides. */
  readonly notices: string[];
  /** Commits that it made, and tickets that the tracker made or changed by them. */
  readonly commits: () => number;
  readonly came: () => number;
}

/** What else a side is told. */
export interface SideOptions {
  /** Tickets that are about to have an item. */
  readonly wished?: readonly string[] | undefined;
  /** Done before anything is changed; what it throws stops the sync. */
  readonly beforeChange?: (() => Promise<unknown>) | undefined;
}

/** A store as the side of a sync: its tickets, and the pairs that lie beside them. */
export function storeSide(
  store: Store,
  rules: TrackerRules,
  storeId: string,
  { wished = [], beforeChange }: SideOptions = {},
): StoreSide {
  const tracker = rules.name;
  const reader = readerOf(store, rules, wished);
  const { fit } = reader;
  const notices: string[] = [];
  let made = 0;
  let came = 0;
  const make = async <T>(
    work: (now: LocalState) => { readonly change: LocalChange; readonly result: T },
  ): Promise<T> => {
    // A quiet sync takes no lock: what comes to nothing by what was read last is nothing, and what came since is the next one's.
    const last = await reader.last();
    const planned = work(last);
    if (isEmpty(planned.change) && last.unnamed.length === 0) return planned.result;
    await beforeChange?.();
    let brought = 0;
    const run = async (draft: Draft): Promise<Change<T>> => {
      const now = await reader.stateOf(draft.view, (ticket) => draft.read(ticket));
      const { change: wanted, result } = work(now);
      brought = wanted.tickets.filter(isBrought).length;
      if (isEmpty(wanted) && now.unnamed.length === 0) return { result };
      for (const edit of wanted.tickets) await applyEdit(draft, edit, rules);
      await putPairs(draft, wanted, { rules, dir: store.dir });
      await nameAgain(draft, now, wanted, rules);
      const { unnamed: tickets } = now;
      const again = { subject: `${tracker}: name the items of ${counted(tickets.length, "ticket")} again`, tickets };
      return { result, sentence: isEmpty(wanted) ? { ...again, sync: tracker } : sentenceOf(wanted, tracker) };
    };
    const outcome = await change(store, {}, run, { actor: actorFor(planned.change, tracker, fit), sparesNone: true });
    reader.forget();
    if (outcome.commit !== undefined) made++;
    came += brought;
    notices.push(...outcome.written.notices);
    return outcome.result;
  };
  return {
    storeId,
    read: reader.read,
    change: make,
    fit,
    idFor: reader.idFor,
    ahead: reader.ahead,
    notices,
    keep: reader.keep,
    commits: () => made,
    came: () => came,
  };
}

/** Reads a store as trackers know it: each file once, as long as it is the same. */
function readerOf(store: Store, rules: TrackerRules, wished: readonly string[]) {
  const { journal } = store;
  const tracker = rules.name;
  const known: Known = journal === undefined ? { texts: new Map(), pairs: new Map() } : readKnown(journal, tracker);
  let isNews = false;
  const isNew = (): void => {
    isNews = true;
  };
  const readPairs = pairReader(store.dir, tracker, known.pairs, isNew);
  let ids: Ids = { prefix: ownPrefix(store.dir), isTaken: () => false };
  let board: View["board"] | undefined;
  let last: NamedState | undefined;
  const stateOf = async (view: View, read: Texts["read"]): Promise<NamedState> => {
    board = view.board;
    const pairs = readPairs();
    const [twin] = twinsOf(pairs, tracker);
    // Two tickets are not one item.
    if (twin !== undefined) throw twin;
    const state = await readState(store, view, { pairs, wished, rules, texts: { known: known.texts, read, isNew } });
    const archive = await archiveOf(store, view);
    ids = {
      prefix: view.config.prefix ?? ownPrefix(store.dir),
      isTaken: (id) => pairs.has(id) || view.byId.has(id) || archive.find(id) !== undefined,
    };
    return { ...state, pairs, cursor: readCursor(store.dir, tracker, rules), unnamed: unnamedIn(view, pairs) };
  };
  const read = async (): Promise<NamedState> => {
    // What somebody died over is finished first: half of it may be on the disk.
    if (journal !== undefined && hasOtherRecords(journal.stateDir, []))
      await change(store, {}, () => ({ result: null }));
    last = await stateOf(await readFresh(store), ({ path }) => readTicketText(store.dir, path));
    return last;
  };
  // A column that the board does not have is where new tickets begin.
  const columnHere = (status: string): string =>
    board === undefined ? status : (columnFor(board, status)?.id ?? board.initial);
  const idFor: LocalSide["idFor"] = (key, isTaken) =>
    newIdFor(seedOf(rules, key), { ...ids, isTaken: (id) => isTaken(id) || ids.isTaken(id) });
  const keep = (): void => {
    if (journal !== undefined && isNews) keepKnown(journal, tracker, known);
  };
  const forget = (): void => {
    last = undefined;
  };
  return {
    ahead: aheadOf(known, isNew),
    fit: fitFor(rules, columnHere),
    read,
    last: async () => last ?? (await read()),
    forget,
    stateOf,
    idFor,
    keep,
  };
}

interface Ids {
  readonly prefix: string;
  readonly isTaken: (id: string) => boolean;
}

/** Lengths of ids, each tried where the one before is another ticket's. */
const LENGTHS = [6, 8, 12];

/** The id of a new ticket for an item: the same on all machines. */
function newIdFor(once: string, { prefix, isTaken }: Ids): string {
  const number = BigInt(`0x${createHash("sha256").update(once).digest("hex")}`);
  const digits = number.toString(36).padStart(50, "0");
  const ids = LENGTHS.map((length) => `${prefix}-${digits.slice(-length)}`);
  return ids.find((id) => !isTaken(id)) ?? (ids.at(-1) as string);
}

interface Reading {
  readonly pairs: ReadonlyMap<string, Pair>;
  readonly wished: readonly string[];
  readonly rules: TrackerRules;
  readonly texts: Texts;
}

async function readState(
  store: Store,
  view: View,
  { pairs, wished, rules, texts }: Reading,
): Promise<Pick<LocalState, "tickets" | "away">> {
  const tickets = new Map<string, LocalTicket>();
  const away = new Set<string>();
  // Who has an item, or will have one, is read whole: a text that is not read would look as if somebody had emptied it.
  const isLinked = (ticket: Ticket): boolean =>
    pairs.has(ticket.id) ||
    wished.includes(ticket.id) ||
    keyIn(fieldOf(ticket, "externalRef") ?? "", rules) !== undefined;
  const elsewhere = keptElsewhere(store, view, rules);
  const add = (ticket: Ticket): void => {
    const isElsewhere = elsewhere.has(ticket.id);
    tickets.set(ticket.id, localTicket(view, ticket, { rules, isLinked: isLinked(ticket), isElsewhere, texts }));
  };
  for (const ticket of view.tickets) add(ticket);
  const broken = new Set(view.problems.map(({ path }) => path));
  const archive = await archiveOf(store, view);
  for (const [id] of pairs) {
    if (tickets.has(id)) continue;
    if (broken.has(`${id}.md`)) away.add(id);
    else if (archive.find(id) !== undefined) add(await findTicket(store, view, id, false));
  }
  return { tickets, away };
}

/** Tickets that another tracker of the store has, or is just getting. */
function keptElsewhere({ dir }: Store, { config }: View, { name }: TrackerRules): ReadonlySet<string> {
  const others = trackersIn(config).filter((other) => other.name !== name);
  const pairs = others.flatMap((other) => [...pairReader(dir, other.name)()]);
  return new Set(pairs.flatMap(([id, { state }]) => (state === "linked" || state === "creating" ? [id] : [])));
}

/** In whose name a change is made: a person's of the tracker, where all of it is of one. */
function actorFor({ tickets }: LocalChange, tracker: string, fitted: Fit): Actor {
  // A name there is nobody's here.
  const nameOf = ({ by }: (typeof tickets)[number]): string =>
    by?.isPerson ? `${fitted("by", by.name)} (${tracker})` : tracker;
  const names = new Set(tickets.map(nameOf));
  const [name = tracker] = names.size === 1 ? names : [];
  return { name, email: `${tracker}@ayo.invalid`, agent: false };
}

/** What is only written down: what will be sent, or what came of it. */
function remembered(pairs: LocalChange["pairs"]): string {
  const isSent = [...pairs.values()].some(
    (pair) => pair?.state === "creating" || pair?.pending !== undefined || Object.keys(pair?.relating ?? {}).length > 0,
  );
  return `${isSent ? "about to send" : "keep"} ${counted(pairs.size, "item")}`;
}

function sentenceOf({ tickets, pairs }: LocalChange, tracker: string): Sentence {
  const ids = tickets.map(({ after }) => after.id);
  const [first] = tickets;
  const added = tickets.filter(({ before }) => before === undefined).length;
  const what = (): string => {
    if (tickets.length === 1 && first !== undefined)
      return added === 1 ? `${first.after.id}: ${first.after.fields.title}` : `${first.after.id}`;
    const changed = tickets.length - added;
    return [added > 0 ? `${counted(added, "new ticket")}` : "", changed > 0 ? counted(changed, "ticket") : ""]
      .filter((part) => part !== "")
      .join(" and ");
  };
  const done = tickets.length > 0 ? `bring ${what()}` : pairs.size === 0 ? "read on" : remembered(pairs);
  return { subject: `${tracker}: ${done}`, tickets: ids, sync: tracker };
}
