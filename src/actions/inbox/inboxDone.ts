import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import { changeMarks, type Mark, type Marks } from "../../store/history/inboxMarks.ts";
import { actorOf, assertSelf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { periodOf, spanOf } from "../../ticket/moments.ts";
import { formatTime } from "../../ticket/time.ts";
import { action, flag, optionalText } from "../input/action.ts";
import type { Need } from "./item.ts";
import { inboxOf, type Marked } from "./needsNow.ts";

/** What `inbox done` and `inbox snooze` answer. */
export interface InboxPutAway {
  readonly actor: string;
  /** The keys of the lines that were changed. */
  readonly keys: readonly string[];
  /** Until when; null for good, or for what is there again. */
  readonly until: string | null;
  readonly notices: readonly string[];
}

const keys = v.pipe(
  v.array(v.string()),
  v.minLength(1, "at least one key"),
  v.description("keys of lines (mya-x7k2:q, 'mya-x7k2:note 3fa1c2d4'), or tickets for all their lines"),
);

/** `ayo inbox done <key…>`. */
export const inboxDone = action({
  name: "inbox done",
  summary: "Put lines of your inbox away, for good",
  writes: false,
  input: v.object({
    keys,
    undo: flag("have them back"),
    as: optionalText("the agent whose inbox it is"),
  }),
  run: (store, input): Promise<InboxPutAway> =>
    putAway(store, input, (need, now) => (input.undo === true ? undefined : { about: need.about, done: now })),
});

/** `ayo inbox snooze <key…> --for 2h`. */
export const inboxSnooze = action({
  name: "inbox snooze",
  summary: "Put lines of your inbox away for a while",
  writes: false,
  input: v.object({
    keys,
    until: optionalText("a time or a duration from now (2h, 1d, 2026-12-01); a day unless told"),
    as: optionalText("the agent whose inbox it is"),
  }),
  run: async (store, input): Promise<InboxPutAway> => {
    const until = momentToCome(input.until ?? "1d", store.host.now());
    return putAway(store, input, ({ about }) => ({ about, until }), until);
  },
});

/** Times behind it have no four digits for the year, or are none. */
const LAST = Date.UTC(9999, 11, 31);

const DAY_MS = 24 * 60 * 60 * 1000;

/** When a line is to come back: so long from now, or at the beginning of a day. @throws bad_input */
function momentToCome(text: string, now: number): number {
  const span = spanOf(text, false);
  // On a Monday 'monday' is the next one.
  const from = /^(?!to)[a-z]+day$/i.test(text.trim()) ? now + DAY_MS : now;
  const until = span === undefined ? periodOf(text, from, false)?.[0] : now + span;
  const data = { field: "until" };
  if (until === undefined || !(until <= LAST)) {
    const message = `until '${text}' is no time: 2h, 1d, tomorrow, monday, 2026-12-01`;
    throw new AyoError("bad_input", message, { data });
  }
  if (until <= now) throw new AyoError("bad_input", `until ${formatTime(until)} is over`, { data });
  return until;
}

async function putAway(
  store: Store,
  input: { readonly keys: readonly string[]; readonly as?: string | undefined },
  markOf: (need: Need, now: number) => Mark | undefined,
  until?: number,
): Promise<InboxPutAway> {
  const actor = actorOf(input.as, store);
  assertSelf(actor, "putting lines of an inbox away");
  const view = await readStore(store);
  const { needs, trouble } = await inboxOf(store, view, actor.name);
  if (trouble !== undefined) throw new AyoError("bad_config", trouble, { data: { path: trouble } });
  const notices: string[] = [];
  const lines = joined(input.keys).flatMap((key) => named(view, needs, key, notices));
  const changed = await changeMarks(store, actor.name, (marks) => {
    const result = lines.filter(({ need }) => put(marks, need, markOf(need, view.now)));
    const isSwept = sweep(marks, needs, view.now);
    return { result, isChanged: result.length > 0 || isSwept };
  });
  const known = changed.map(({ need }) => need.key);
  return { actor: actor.name, keys: known, until: until === undefined ? null : formatTime(until), notices };
}

/** The words of a line: a key has a blank in it, which a shell takes for the end of a word. */
function joined(words: readonly string[]): string[] {
  const keys: string[] = [];
  for (const word of words) {
    const last = keys.at(-1);
    if (last?.endsWith(":note") === true && /^[0-9a-f]{8}$/.test(word)) keys[keys.length - 1] = `${last} ${word}`;
    else keys.push(word);
  }
  return keys;
}

/** A ticket may be named by so much of the beginning or end of its id. */
const LEAST = 3;

/** The lines of a key, or of a ticket. @throws not_found for what is neither */
function named(view: View, needs: readonly Marked[], key: string, notices: string[]): readonly Marked[] {
  const same = needs.filter(({ need }) => need.key === key);
  const found = same.length > 0 ? same : needs.filter(({ need }) => need.id === key);
  if (found.length > 0) return found;
  // The whole id of a ticket is nobody else's beginning: mya-1 is not mya-10.
  const near = view.byId.has(key) ? [] : nearOf(needs, key);
  const ids = [...new Set(near.map(({ need }) => need.id))];
  if (ids.length === 1) return near;
  if (ids.length > 1) throw new AyoError("ambiguous_id", `'${key}' may be ${ids.join(", ")}`, { data: { near: ids } });
  const id = key.slice(0, key.lastIndexOf(":"));
  if (!view.byId.has(key) && !view.byId.has(id)) {
    throw new AyoError("not_found", `there is no line '${key}'`, { try: ["ayo", "inbox"] });
  }
  notices.push(`${key}: nothing of it is in your inbox`);
  return [];
}

function nearOf(needs: readonly Marked[], key: string): readonly Marked[] {
  return needs.filter(({ need: { id } }) => key.length >= LEAST && (id.startsWith(key) || id.endsWith(key)));
}

function put(marks: Marks, { key }: Need, mark: Mark | undefined): boolean {
  const before = marks.get(key);
  if (mark === undefined) {
    if (before?.done === undefined && before?.until === undefined) return false;
    marks.set(key, { about: before.about, told: before.told });
    return true;
  }
  const isSame = before?.about === mark.about && before.done !== undefined && mark.done !== undefined;
  if (!isSame) marks.set(key, { ...mark, told: before?.told });
  return !isSame;
}

/** A mark on what is gone is kept for a while: it may come back with a merge, or an undo. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

function sweep(marks: Marks, needs: readonly Marked[], now: number): boolean {
  const there = new Set(needs.map(({ need }) => need.key));
  const before = marks.size;
  for (const [key, { done = 0, until = 0, told = 0 }] of marks) {
    if (!there.has(key) && Math.max(done, until, told) < now - KEPT_MS) marks.delete(key);
  }
  return marks.size < before;
}
