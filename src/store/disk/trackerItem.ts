import path from "node:path";
import { isValidId } from "../../ticket/ids.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { type TrackerRef, trackerRef } from "../../ticket/tracked/trackerRef.ts";
import { listStoreFolder, lookAt, notFolder, readStoreFile, Unread } from "../files/storeFile.ts";
import type { Config } from "../open/config/config.ts";

/** A longer one is not read, in bytes; what a sync makes of it is its own. */
const MAX_PAIR = 8 * 1024 * 1024;
const MAX_KEY = 100;

/** How a ticket stands with its item: see Pair in src/trackers/sync/pair.ts. */
export type ItemState = "creating" | "linked" | "archived" | "detached" | "severed";
const STATES: readonly ItemState[] = ["creating", "detached", "severed"];

/** What a tracker calls a ticket's item. */
export interface TrackerItem {
  readonly tracker: TrackerRef["tracker"];
  /** `ENG-12`; empty where the tracker has not answered yet. */
  readonly key: string;
  /** Where a browser finds it: an address of http or https, else empty. */
  readonly url: string;
  /** `linked` where both are kept the same. */
  readonly state: ItemState;
}

/**
 * Reads what stands in the files beside tickets of their items: why one cannot be read; undefined where nothing names
 * an item. There may be thousands in a list, so that the folder is looked at once. `hasTrackers`: also of tickets that were
published and are called otherwise elsewhere.
 */
export function itemReader(
  dir: string,
  trackers: readonly TrackerRef["tracker"][],
): (ticket: Pick<Ticket, "id" | "fields">) => TrackerItem | string | undefined {
  const folders = new Map<string, string | Unread | undefined>();
  const folderOf = (tracker: string): string | Unread | undefined => {
    if (!folders.has(tracker)) folders.set(tracker, safeFolder(dir, tracker));
    return folders.get(tracker);
  };
  const read = (id: string, ref: Named): TrackerItem | string | undefined => {
    const folder = isValidId(id) ? folderOf(ref.tracker) : undefined;
    if (folder === undefined) return undefined;
    if (folder instanceof Unread) return `sync/${ref.tracker}: ${folder.message}`;
    return readItem(`${folder}${path.sep}${id}.json`, ref, fileOf(ref.tracker, id));
  };
  return ({ id, fields }) => {
    const ref = trackerRef(fields);
    if (ref !== undefined) return read(id, ref);
    if (fields.externalRef === undefined) return undefined;
    // Whatever item it has.
    const found = trackers.map((tracker) => read(id, { tracker }));
    return found.find((item) => item !== undefined);
  };
}

/** The folder of a tracker's files, where no link leads out of the store on the way to it. */
function safeFolder(dir: string, tracker: string): string | Unread | undefined {
  for (const folder of ["sync", `sync/${tracker}`]) {
    const stat = lookAt(path.join(dir, folder));
    if (stat === undefined || stat instanceof Unread) return stat;
    if (!stat.isDirectory()) return notFolder(stat, folder);
  }
  return path.join(dir, "sync", tracker);
}

type Named = Pick<TrackerRef, "tracker"> & Partial<TrackerRef>;

function readItem(full: string, { tracker, item }: Named, file: string): TrackerItem | string | undefined {
  const read = readStoreFile(full, { limit: MAX_PAIR });
  if (read === undefined) return undefined;
  if (read instanceof Unread) return `${file}: ${read.message}`;
  const raw = parsed(read.bytes);
  if (raw === undefined) return `${file} makes no sense`;
  return item === undefined || raw.key === item ? itemIn(tracker, raw) : undefined;
}

const fileOf = (tracker: string, id: string): string => `sync/${tracker}/${id}.json`;

/** Somebody else's file: whatever it is, it is only text. */
function parsed(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const raw: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function itemIn(tracker: TrackerRef["tracker"], { name, url, ...raw }: Readonly<Record<string, unknown>>): TrackerItem {
  const key = typeof name === "string" && name.length <= MAX_KEY && /^#?[\w.-]+$/.test(name) ? name : "";
  const state = STATES.find((one) => one === raw.state) ?? (raw.archived === true ? "archived" : "linked");
  return { tracker, key, url: typeof url === "string" ? webUrl(url) : "", state };
}

/** An address that a browser may be sent to, in the one form that it has; else nothing. */
function webUrl(text: string): string {
  if (text.length > 2_000 || !URL.canParse(text)) return "";
  const { protocol, href } = new URL(text);
  return protocol === "https:" || protocol === "http:" ? href : "";
}

/** What looks like the key of an item: `ENG-12`, `#12`. */
const KEY = /^(?:[A-Za-z][A-Za-z0-9_]{0,30}-\d{1,9}|#\d{1,16})$/;

/** The trackers that config.yml names, whatever it says of them. */
export function trackersOf({ settings }: Pick<Config, "settings">): readonly TrackerRef["tracker"][] {
  const named = settings.trackers;
  if (typeof named !== "object" || named === null) return [];
  return TRACKERS.filter((tracker) => Object.hasOwn(named, tracker));
}

const TRACKERS: readonly TrackerRef["tracker"][] = ["linear", "github"];

/**
 * The id of the ticket whose item a tracker calls so, in any case: of several the one that is linked. All files are
 * looked through, so only in a store with trackers, and for a word that can be a key.
 */
export function idOfKey(dir: string, config: Pick<Config, "settings">, word: string): string | undefined {
  if (config.settings.trackers === undefined || !KEY.test(word)) return undefined;
  const found = trackersOf(config).flatMap((tracker) => idsOfKey(dir, tracker, word.toUpperCase()));
  return (found.find(({ state }) => state === "linked") ?? found[0])?.id;
}

function idsOfKey(dir: string, tracker: TrackerRef["tracker"], key: string): { id: string; state: ItemState }[] {
  const folder = safeFolder(dir, tracker);
  const names = folder === undefined || folder instanceof Unread ? undefined : listStoreFolder(folder);
  if (names === undefined || names instanceof Unread) return [];
  return names.flatMap((name) => {
    const id = name.endsWith(".json") ? name.slice(0, -".json".length) : "";
    const state = isValidId(id) ? stateOf(`${folder}${path.sep}${name}`, tracker, key) : undefined;
    return state === undefined ? [] : [{ id, state }];
  });
}

/** How the ticket of a file stands, where its item has this key; a file without that word is not parsed. */
function stateOf(full: string, tracker: TrackerRef["tracker"], key: string): ItemState | undefined {
  const read = readStoreFile(full, { limit: MAX_PAIR });
  if (read === undefined || read instanceof Unread || !read.bytes.includes(`"${key}"`)) return undefined;
  const raw = parsed(read.bytes);
  return raw?.name === key ? itemIn(tracker, raw).state : undefined;
}
