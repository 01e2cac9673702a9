import type { Provider, RemoteItem, RemoteRelation } from "../provider.ts";
import { Draft } from "./draft.ts";
import type { Cursor, LocalSide, LocalState } from "./localSide.ts";
import type { PullRules } from "./merge/mergeItem.ts";
import { plan } from "./plan.ts";
import type { RemoteRead } from "./pull.ts";

/** How a tracker is read. */
export interface ReadOptions {
  /** Reads everything again, not only what changed. */
  readonly whole?: boolean | undefined;
  /** Milliseconds before the last time read that are read again. */
  readonly overlap?: number | undefined;
  /** Items that are wanted by their keys. */
  readonly take?: readonly string[] | undefined;
  /** Hears how many things were read so far. */
  readonly onRead?: (count: number) => void;
}

const OVERLAP = 60_000;

/** Reads all that is needed, or throws. */
export async function readAll(
  provider: Provider,
  local: LocalSide,
  rules: PullRules,
  { whole = false, overlap = OVERLAP, take = [], onRead = () => undefined }: ReadOptions,
): Promise<RemoteRead> {
  const state = await local.read();
  const cursor: Cursor = whole ? {} : state.cursor;
  let count = 0;
  const onPage = (more: number): void => {
    count += more;
    onRead(count);
  };
  const changed = await provider.items(cursor.items, onPage);
  const { items, missing, returned } = await readItems(provider, state, rules, local, { whole, take, changed });
  const again = new Set([...take, ...returned]);
  const fresh = freshOf(state, [...items.values()], again);
  const comments = [...(await provider.comments(cursor.comments, undefined, onPage))];
  const since = cursor.comments;
  const older = since === undefined ? [] : fresh.filter(({ createdAt }) => createdAt < since);
  const known = new Set(comments.map(({ key }) => key));
  if (older.length > 0) {
    const keys = older.map(({ key }) => key);
    const more = await provider.comments(undefined, keys, onPage);
    comments.push(...more.filter(({ key }) => !known.has(key)));
  }
  const all = [...items.values()];
  const ahead = whole ? undefined : local.ahead?.find(state.cursor);
  const around = { items: all, fresh, changed, onPage };
  const read = await readRelations(provider, { ...cursor, relations: ahead ?? cursor.relations }, around);
  const { relations, isAllRelations, whole: wholeOf, until } = read;
  const next = {
    items: later(state.cursor.items, latest(changed), overlap),
    comments: later(state.cursor.comments, latest(comments), overlap),
    relations: later(state.cursor.relations, until, provider.relationsOf === undefined ? overlap : 0),
  };
  return { items: all, missing, comments, relations, isAllRelations, wholeOf, before: state.cursor, cursor: next };
}

interface Around {
  readonly items: readonly RemoteItem[];
  readonly fresh: readonly RemoteItem[];
  readonly changed: readonly RemoteItem[];
  readonly onPage: (count: number) => void;
}

/** Relations, and of whom they are all: of everybody, or of those whose keys are told. */
async function readRelations(
  provider: Provider,
  cursor: Cursor,
  { items, fresh, changed, onPage }: Around,
): Promise<{
  readonly relations: readonly RemoteRelation[];
  readonly isAllRelations: boolean;
  readonly whole?: ReadonlySet<string>;
  /** The last time that they were read of. */
  readonly until: string | undefined;
}> {
  if (provider.relationsOf === undefined) {
    const from = fresh.length > 0 ? undefined : cursor.relations;
    const relations = await provider.relations(from, onPage);
    return { relations, isAllRelations: from === undefined, until: latest(relations) };
  }
  const since = Date.parse(cursor.relations ?? "");
  const there = items.filter(({ away }) => away === undefined);
  // They cost a request for each item: those that are read again only because a cursor is inclusive are not asked. What
  // becomes of them in the same second, after we looked, comes with a whole look.
  const moved = there.filter(({ updatedAt }) => !(Date.parse(updatedAt) <= since));
  // What waits for an item that is new here was read before it was; where everything is read it is among the others.
  const both = cursor.items === undefined ? [] : fresh.filter(({ away }) => away === undefined);
  const isBoth = new Set(both.map(({ key }) => key));
  const alone = moved.filter(({ key }) => !isBoth.has(key));
  const relations = await provider.relationsOf(alone, false, onPage);
  const more = both.length === 0 ? [] : await provider.relationsOf(both, true, onPage);
  const whole = new Set([...alone, ...both].map(({ key }) => key));
  return { relations: [...relations, ...more], isAllRelations: false, whole, until: latest(changed) };
}

interface ToRead {
  readonly whole: boolean;
  readonly take: readonly string[];
  readonly changed: readonly RemoteItem[];
}

/** Items that changed, and those that are looked at whether or not they did. */
async function readItems(
  provider: Provider,
  state: LocalState,
  rules: PullRules,
  { storeId, fit }: LocalSide,
  { whole, take, changed }: ToRead,
): Promise<{ items: Map<string, RemoteItem>; missing: Set<string>; returned: readonly string[] }> {
  const items = new Map(changed.map((item) => [item.key, item] as const));
  const live = [...state.pairs].filter(([, pair]) => pair.state === "linked" || pair.state === "creating");
  const keysOf = (isIt: (pair: (typeof live)[number]) => boolean): string[] =>
    live.filter(isIt).map(([, { key }]) => key);
  const returned = keysOf(([id, { missed }]) => missed === true && state.tickets.has(id));
  const updates = plan(new Draft(state, fit), rules.mapping, storeId).filter(({ kind }) => kind !== "create");
  const toChange = new Set(updates.map(({ key }) => key));
  // Of those an answer is due, or they were pushed last before they were unlinked: their past tells what became of it.
  const alone = new Set([...keysOf(([, { pending }]) => pending !== undefined), ...take]);
  const others = keysOf(([, { key, state: now, refused }]) => {
    // What was refused is not there.
    return whole || (now === "creating" && refused.create === undefined) || toChange.has(key);
  });
  const missing = new Set<string>();
  const put = (key: string, item: RemoteItem | undefined): void => {
    if (item === undefined) missing.add(key);
    else items.set(key, item);
  };
  const asked = [...new Set([...others, ...returned])].filter((key) => !alone.has(key) && !items.has(key));
  const got = asked.length === 0 ? [] : await provider.getMany(asked);
  const byKey = new Map(got.map((item) => [item.key, item] as const));
  for (const key of asked) put(key, byKey.get(key));
  for (const key of alone) put(key, await provider.get(key));
  return { items, missing, returned };
}

/** Items of which more is read than what changed: new links, and those that come back. */
function freshOf(state: LocalState, items: readonly RemoteItem[], again: ReadonlySet<string>): readonly RemoteItem[] {
  const pairs = [...state.pairs.values()];
  const linked = pairs.filter(({ state: now }) => now === "linked" || now === "severed");
  const known = new Set([...linked.map(({ key }) => key), ...pairs.flatMap(({ was }) => was ?? [])]);
  return items.filter(({ key, away }) => again.has(key) || (away === undefined && !known.has(key)));
}

function latest(things: readonly { readonly updatedAt: string }[]): string | undefined {
  return things.reduce<string | undefined>(
    (last, { updatedAt }) => (last !== undefined && last > updatedAt ? last : updatedAt),
    undefined,
  );
}

/** The highest time read, by the tracker's own clock, and a little before; never back. */
function later(before: string | undefined, newest: string | undefined, overlap: number): string | undefined {
  if (newest === undefined) return before;
  const time = new Date(Date.parse(newest) - overlap).toISOString();
  return before !== undefined && before > time ? before : time;
}
