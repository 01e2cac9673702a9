import { readBody } from "../text/parseTicket.ts";
import { FIELDS, type Fields, type Json, type Ticket, ticketWith } from "../ticket.ts";
import { fieldsOf, type Snapshot } from "./changes.ts";
import { isArchived } from "./world.ts";

/** What one line of a branch did to a ticket, of which its commits have told. */
export interface LineChange {
  readonly before: Snapshot | undefined;
  readonly after: Snapshot | undefined;
  /** What its commits did, one by one, where that is known: also what was changed there and back was told. */
  readonly steps?: readonly LineChange[];
}

/** What a merge has to tell of a ticket: from what was told of it to what the merge has. */
export interface Untold {
  readonly before: Snapshot | undefined;
  readonly after: Snapshot | undefined;
}

/**
 * What the events of some lines, one line after the other, have not told of a ticket that their merge has: where two
 * lines set one field whoever followed knows the value that was told last; what was deleted does not come back by what
 * the other line wrote on it. Undefined where all was told. `before` is the version that was told: it differs from the
 * merge's in that alone.
 */
export function untoldOf(
  base: Snapshot | undefined,
  lines: readonly LineChange[],
  after: Snapshot | undefined,
): Untold | undefined {
  let told: Told = { isThere: base !== undefined, known: partsOf(base), last: base };
  for (const line of lines) told = afterLine(told, line);
  const { isThere, known, last } = told;
  if (after === undefined) return isThere ? { before: last, after } : undefined;
  if (!isThere) return { before: isArchived(after.ticket.path) ? atTheTop(after) : undefined, after };
  const before = toldVersion(known, after);
  return before === undefined ? undefined : { before, after };
}

/** What is known of a ticket by what was told. */
interface Told {
  readonly isThere: boolean;
  readonly known: Parts;
  readonly last: Snapshot | undefined;
}

function afterLine({ isThere, known, last }: Told, line: LineChange): Told {
  const now = line.after;
  const changes = [line, ...(line.steps ?? [])];
  const isMoved = changes.some(({ before, after }) => (before === undefined) !== (after === undefined));
  if (now === undefined) return { isThere: isThere && !isMoved, known, last };
  if (isMoved) return { isThere: true, known: partsOf(now), last: now };
  for (const change of changes) follow(known, change, partsOf(now));
  return { isThere, known, last: now };
}

/** A ticket that is back in the archive is told as archived: one that comes there first is told of by nothing. */
function atTheTop({ ticket, text }: Snapshot): Snapshot {
  const path = ticket.path.slice(ticket.path.lastIndexOf("/") + 1);
  return { ticket: ticketWith(ticket, { path, version: "" }), text };
}

/** What a ticket says: values, and what is in lists; of its text the lines. */
interface Parts {
  readonly values: Map<string, string>;
  readonly lists: Map<string, Set<string>>;
  readonly lines: Set<string>;
}

function partsOf(snapshot: Snapshot | undefined): Parts {
  const parts: Parts = { values: new Map(), lists: new Map(), lines: new Set(linesOf(snapshot)) };
  for (const [key, value] of Object.entries(fieldsOf(snapshot))) {
    if (Array.isArray(value)) parts.lists.set(key, new Set(value.map((one) => JSON.stringify(one))));
    else if (value !== undefined) parts.values.set(key, JSON.stringify(value));
  }
  return parts;
}

/** The lines of a text, but for blank ones and the title, which is a value. */
function linesOf(snapshot: Snapshot | undefined): string[] {
  if (snapshot === undefined) return [];
  return bodyLines(snapshot.text).filter((line) => line.trim() !== "" && !isTitle(line, snapshot.ticket));
}

function bodyLines(text: string): string[] {
  return readBody(text).split(/\r?\n/);
}

function isTitle(line: string, { title }: Ticket): boolean {
  return line.startsWith("#") && line.replace(/^#+/, "").trim() === title;
}

/** Takes over, of all that a change touched, what the line came to. */
function follow(known: Parts, change: LineChange, now: Parts): void {
  const [before, after] = [partsOf(change.before), partsOf(change.after)];
  for (const key of new Set([...before.values.keys(), ...after.values.keys()])) {
    if (before.values.get(key) === after.values.get(key)) continue;
    const value = now.values.get(key);
    if (value === undefined) known.values.delete(key);
    else known.values.set(key, value);
  }
  for (const key of new Set([...before.lists.keys(), ...after.lists.keys()])) {
    const list = known.lists.get(key) ?? new Set<string>();
    known.lists.set(key, list);
    followSet(list, [before.lists.get(key), after.lists.get(key)], now.lists.get(key));
  }
  followSet(known.lines, [before.lines, after.lines], now.lines);
}

const NONE: ReadonlySet<string> = new Set();

function followSet(known: Set<string>, [before = NONE, after = NONE]: (ReadonlySet<string> | undefined)[], now = NONE) {
  for (const one of new Set([...before, ...after])) {
    if (before.has(one) === after.has(one)) continue;
    if (now.has(one)) known.add(one);
    else known.delete(one);
  }
}

/** A ticket as what is known has it, in all in which that differs; undefined where it does not. */
function toldVersion(known: Parts, { ticket, text }: Snapshot): Snapshot | undefined {
  const now = partsOf({ ticket, text });
  const told = new Map<string, Json | undefined>();
  for (const key of new Set([...known.values.keys(), ...now.values.keys()])) {
    const value = known.values.get(key);
    if (value !== now.values.get(key) && !(value === undefined && known.lists.has(key))) told.set(key, read(value));
  }
  for (const key of new Set([...known.lists.keys(), ...now.lists.keys()])) {
    const [old, list] = [known.lists.get(key) ?? NONE, now.lists.get(key) ?? NONE];
    if (isSame(old, list)) continue;
    const kept = [...list].filter((one) => old.has(one));
    const all = [...kept, ...[...old].filter((one) => !list.has(one))];
    told.set(key, all.length === 0 ? undefined : all.map((one) => JSON.parse(one) as Json));
  }
  const isText = isSame(known.lines, now.lines);
  if (told.size === 0 && isText) return undefined;
  return { ticket: withValues(ticket, told), text: isText ? text : withLines(text, ticket, known.lines, now.lines) };
}

function read(value: string | undefined): Json | undefined {
  return value === undefined ? undefined : (JSON.parse(value) as Json);
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((each) => other.has(each));
}

/** The ticket with these values instead of its own; without a version, since no file ever was so. */
function withValues(ticket: Ticket, told: ReadonlyMap<string, Json | undefined>): Ticket {
  const { title = ticket.title, status = ticket.status, path = ticket.path, ...rest } = Object.fromEntries(told);
  const [fields, extra] = [
    { ...ticket.fields } as Record<string, unknown>,
    { ...ticket.extra } as Record<string, Json>,
  ];
  for (const [key, value] of Object.entries(rest)) {
    const among: Record<string, unknown> = Object.hasOwn(FIELDS, key) ? fields : extra;
    if (value === undefined) delete among[key];
    else among[key] = value;
  }
  if (fields.status !== undefined) fields.status = status;
  const head = { title: String(title), status: String(status), path: String(path), version: "" };
  return ticketWith(ticket, { ...head, fields: fields as Fields, extra });
}

/** The text without the lines that were not told, and with those that were and are not in it, in the description. */
function withLines(text: string, ticket: Ticket, known: ReadonlySet<string>, now: ReadonlySet<string>): string {
  const front = text.slice(0, text.length - readBody(text).length);
  const lines = bodyLines(text).filter((line) => known.has(line) || !now.has(line));
  const gone = [...known].filter((line) => !now.has(line) && !line.startsWith("#"));
  const title = lines.findIndex((line) => isTitle(line, ticket));
  return front + [...lines.slice(0, title + 1), ...gone, ...lines.slice(title + 1)].join("\n");
}
