import { lstatSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../../error.ts";
import { bytesIn } from "../../../store/files/bytesIn.ts";
import { listStoreFolder, readStoreFile, Unread } from "../../../store/files/storeFile.ts";
import { assertInside } from "../../../store/files/storePaths.ts";
import { isValidId } from "../../../ticket/ids.ts";
import type { Cursor } from "../../../trackers/sync/localSide.ts";
import { type Pair, sorted } from "../../../trackers/sync/pair.ts";
import { FACTS } from "../kinds/facts.ts";
import type { TrackerRules } from "../rules.ts";
import type { Known } from "./known.ts";

/** A longer file is a mistake or an attack; in bytes. */
const MAX_PAIR = 8 * 1024 * 1024;
/** Two versions of a file may bear stamps as near as that; in milliseconds. */
const RACY_MS = 100;

const value = v.nullable(v.union([v.string(), v.number()]));
const agreed = v.object({ l: value, r: v.optional(value) });
const fields = v.record(v.picklist(["title", "description", "status", "priority", "assignee", "parent"]), agreed);
const texts = v.record(v.string(), v.string());
const yes = v.optional(v.literal(true));
/** What a pair's file has to be: it comes from everybody who shares the store. */
const PAIR = v.looseObject({
  key: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)),
  name: v.string(),
  url: v.string(),
  state: v.picklist(["creating", "linked", "detached", "severed"]),
  generation: v.number(),
  archived: yes,
  fields,
  labels: texts,
  deps: texts,
  notes: v.record(
    v.string(),
    v.looseObject({
      comment: v.string(),
      l: v.string(),
      r: v.optional(v.string()),
      sent: v.optional(v.string()),
      ours: yes,
      over: yes,
    }),
  ),
  made: v.number(),
  relating: texts,
  pending: v.optional(v.looseObject({ seen: v.string(), fields })),
  refused: texts,
  awaits: v.optional(v.string()),
  was: v.optional(v.array(v.string())),
  apart: v.optional(texts),
  plain: yes,
  missed: yes,
});
const time = v.optional(v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)));
const CURSOR = v.looseObject({ items: time, comments: time, relations: time, place: v.optional(v.string()) });

/** Where the pairs of a tracker lie in the store. */
export const pairFolder = (tracker: string): string => `sync/${tracker}`;
/** The file of a ticket's pair. */
export const pairPath = (tracker: string, id: string): string => `${pairFolder(tracker)}/${id}.json`;
/** The file that says how far a tracker was read. */
export const cursorPath = (tracker: string): string => `sync/${tracker}.json`;

/** Reads pairs; files that are as they were are not read again. `isNew` hears that one was. */
export function pairReader(dir: string, tracker: string, known: Known["pairs"] = new Map(), isNew = (): void => {}) {
  const folder = path.join(dir, pairFolder(tracker));
  return (): ReadonlyMap<string, Pair> => {
    // The folder is no link out of the store, and no file in it is read by one.
    assertInside(dir, pairPath(tracker, "x"));
    const names = listStoreFolder(folder);
    if (names === undefined) return new Map();
    if (names instanceof Unread) throw badPair(pairFolder(tracker), names.message);
    const ids = names.flatMap((name) => (!name.startsWith(".") && name.endsWith(".json") ? [name.slice(0, -5)] : []));
    const pairs = new Map<string, Pair>();
    for (const id of ids.sort()) {
      const stamp = stampOf(path.join(folder, `${id}.json`));
      const before = known.get(id);
      if (stamp !== undefined && before?.stamp === stamp) pairs.set(id, before.pair);
      else {
        const pair = readOne(dir, tracker, id);
        pairs.set(id, pair);
        known.set(id, { stamp: stamp ?? "", pair });
        isNew();
      }
    }
    return pairs;
  };
}

/** What tells a file from what it was before; undefined for one that was written a moment ago, or is none. */
function stampOf(file: string): string | undefined {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return undefined;
  const isRacy = Math.abs(Date.now() - stat.mtimeMs) < RACY_MS;
  return isRacy ? undefined : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
}

/** The pair of one ticket; undefined where there is none. @throws bad_sync_file */
export function readPair(dir: string, tracker: string, id: string): Pair | undefined {
  const file = pairPath(tracker, id);
  const bytes = bytesIn(dir, file, MAX_PAIR);
  if (bytes instanceof Unread) throw badPair(file, bytes.message);
  return bytes === undefined ? undefined : parsed(PAIR, bytes, file);
}

function readOne(dir: string, tracker: string, id: string): Pair {
  const file = pairPath(tracker, id);
  if (!isValidId(id)) throw badPair(file, "is named after no ticket");
  const read = readStoreFile(path.join(dir, file), { limit: MAX_PAIR });
  if (read === undefined || read instanceof Unread) throw badPair(file, read?.message ?? "is gone");
  return parsed(PAIR, read.bytes, file);
}

/** The file that says how far a place was read. */
export function cursorText(cursor: Cursor, { name, placeId }: Place): string {
  const where = FACTS[name].isNumbered ? { place: placeId } : {};
  return `${JSON.stringify(sorted({ ...cursor, ...where }), null, 1)}\n`;
}

/**
 * How far the tracker was read. What was agreed on with another place says nothing of this one, where the same number is
 * another item.
 * @throws bad_sync_file
 */
export function readCursor(dir: string, tracker: string, rules?: Place): Cursor {
  const { place, ...cursor } = readFar(dir, tracker);
  if (rules === undefined || place === undefined || place === rules.placeId) return cursor;
  const file = cursorPath(tracker);
  const message = `${file}: what was agreed on is of another place (${place}, and config.yml says ${rules.placeId}): 'ayo tracker add ${tracker}' once more puts it aside`;
  throw new AyoError("bad_sync_file", message, { try: ["ayo", "help", "tracker", "add"], data: { path: file } });
}

/** The files of what was agreed on with another place than this one, which say nothing of it. */
export function filesOfElsewhere(dir: string, { name, placeId }: Place): readonly string[] {
  if (!FACTS[name].isNumbered) return [];
  const folder = listStoreFolder(path.join(dir, pairFolder(name)));
  const names = folder === undefined || folder instanceof Unread ? [] : folder.filter((one) => one.endsWith(".json"));
  const { place } = readFar(dir, name);
  if (place === placeId || (place === undefined && names.length === 0)) return [];
  return [...names.map((one) => `${pairFolder(name)}/${one}`), ...(place === undefined ? [] : [cursorPath(name)])];
}

/** The id of the place that the pairs are of, where that is written down. */
export function placeAgreed(dir: string, tracker: string): string | undefined {
  return readFar(dir, tracker).place;
}

type Place = Pick<TrackerRules, "name" | "placeId">;

function readFar(dir: string, tracker: string): Cursor & { readonly place?: string | undefined } {
  const file = cursorPath(tracker);
  const bytes = bytesIn(dir, file, MAX_PAIR);
  if (bytes === undefined) return {};
  if (bytes instanceof Unread) throw badPair(file, bytes.message);
  const { items, comments, relations, place } = parsed(CURSOR, bytes, file);
  return { items, comments, relations, place };
}

function parsed<S extends v.GenericSchema>(schema: S, bytes: Buffer, file: string): v.InferOutput<S> {
  let raw: unknown;
  try {
    raw = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw badPair(file, `is no JSON: ${(error as Error).message}`);
  }
  const checked = v.safeParse(schema, raw);
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  throw badPair(file, `${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
}

/** The error for a file of pairs that makes no sense. Without it a ticket would seem new, and become a second item: nothing is synced until it is mended. */
export function badPair(file: string, fact: string): AyoError {
  const todo = "Nothing is synced with the tracker until it can be read: bring an older version of it back";
  return badSyncFile(file, `${fact}. ${todo}`);
}

/** The error for a file of what was agreed on, with what is wrong and what helps. */
export function badSyncFile(file: string, fact: string): AyoError {
  return new AyoError("bad_sync_file", `${file}: ${fact}`, { try: ["ayo", "doctor"], data: { path: file } });
}
