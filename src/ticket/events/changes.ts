import { noteId } from "../text/noteId.ts";
import { readBody } from "../text/parseTicket.ts";
import type { Json, Note, Ticket } from "../ticket.ts";
import { alike, partsOfText } from "./textParts.ts";

/** A ticket with its file's text, at one moment. */
export interface Snapshot {
  readonly ticket: Ticket;
  readonly text: string;
}

/** What a field was and is; null where the ticket did not have it. */
export interface FieldChange {
  readonly from: Json;
  readonly to: Json;
}

/** Differences of two versions of a ticket, by field. */
export type Changes = Readonly<Record<string, FieldChange>>;

/** Longer texts are cut in a change: it tells what happened, the ticket tells the rest. In characters. */
const MAX_TEXT = 500;

/**
 * What differs between two versions of a ticket, field by field: known fields in camelCase, unknown keys as spelled,
 * and of the text `title`, `description` (cut at 500 characters), `criteria` (`{done, total}`), `notes` (those removed
 * and those added) and `body` (its number of lines, where only other parts differ). `text` (the versions) says that
 * the bytes differ and nothing else does. A version that is undefined has no fields.
 */
export function changesOf(before: Snapshot | undefined, after: Snapshot | undefined): Changes {
  // Names, mentions and events of a commit each ask for it.
  if (last.before !== before || last.after !== after) last = { before, after, changes: findChanges(before, after) };
  return last.changes;
}

let last: { before: Snapshot | undefined; after: Snapshot | undefined; changes: Changes } = {
  before: undefined,
  after: undefined,
  changes: {},
};

function findChanges(before: Snapshot | undefined, after: Snapshot | undefined): Changes {
  if (before !== undefined && before.ticket.version === after?.ticket.version) {
    return differing({ path: before.ticket.path }, { path: after.ticket.path });
  }
  const changes = differing(fieldsOf(before), fieldsOf(after));
  const text = textChanges(before, after);
  const all = { ...changes, ...text };
  if (Object.keys(all).length > 0 || before === undefined || after === undefined) return all;
  return { text: { from: before.ticket.version, to: after.ticket.version } };
}

/** Every field by its name; none of what is not there. */
export function fieldsOf(snapshot: Snapshot | undefined): Record<string, Json> {
  if (snapshot === undefined) return {};
  const { title, status, fields, extra, path } = snapshot.ticket;
  return { title, status, ...(fields as Record<string, Json>), ...extra, path };
}

function differing(before: Readonly<Record<string, Json>>, after: Readonly<Record<string, Json>>): Changes {
  const changes: Record<string, FieldChange> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const from = before[key] ?? null;
    const to = after[key] ?? null;
    // A ticket that comes or goes has no path to tell: its name says it.
    if (key === "path" && (from === null || to === null)) continue;
    if (JSON.stringify(from) !== JSON.stringify(to)) changes[key] = { from, to };
  }
  return changes;
}

function textChanges(before: Snapshot | undefined, after: Snapshot | undefined): Changes {
  const [from, to] = [before?.text ?? "", after?.text ?? ""];
  const [old, now] = [partsOfText(from), partsOfText(to)];
  const changes: Record<string, FieldChange> = {};
  if (old.description !== now.description)
    changes.description = { from: cut(old.description), to: cut(now.description) };
  if (JSON.stringify(old.criteria) !== JSON.stringify(now.criteria)) {
    changes.criteria = { from: before?.ticket.criteria ?? null, to: after?.ticket.criteria ?? null };
  }
  const notes = noteChanges(old.notes, now.notes);
  if (notes !== undefined) changes.notes = notes;
  const isElsewhere = Object.keys(changes).length === 0 && before?.ticket.title === after?.ticket.title;
  if (isElsewhere && readBody(from) !== readBody(to)) changes.body = { from: lines(from), to: lines(to) };
  return changes;
}

/** Notes that went and notes that came; equal ones are matched from the start. */
function noteChanges(old: readonly Note[], now: readonly Note[]): FieldChange | undefined {
  const count = alike(old, now);
  const [before, after] = [old.slice(count), now.slice(count)];
  const left = new Map<string, number>();
  for (const note of before) left.set(JSON.stringify(note), (left.get(JSON.stringify(note)) ?? 0) + 1);
  const added = after.filter((note) => {
    const times = left.get(JSON.stringify(note)) ?? 0;
    left.set(JSON.stringify(note), times - 1);
    return times <= 0;
  });
  const removed = before.filter((note) => {
    const times = left.get(JSON.stringify(note)) ?? 0;
    left.set(JSON.stringify(note), times - 1);
    return times > 0;
  });
  if (added.length + removed.length === 0) return undefined;
  return { from: removed.map(noteJson), to: added.map(noteJson) };
}

function noteJson(note: Note): Json {
  const { at, by, text } = note;
  return { id: noteId(note), at, by, text: cut(text) };
}

function cut(text: string): string | null {
  if (text === "") return null;
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function lines(text: string): number {
  return text === "" ? 0 : text.replace(/\r?\n$/, "").split("\n").length;
}
