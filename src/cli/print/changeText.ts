import type { HistoryEntry } from "../../actions/history.ts";
import type { Changes, FieldChange } from "../../ticket/events/changes.ts";
import type { Json } from "../../ticket/ticket.ts";
import { kebab } from "../table/spelling.ts";
import { plain } from "./print.ts";
import { truncate } from "./width.ts";

/** Fields that only go with a change of the status or of the claim, and say nothing more to a reader. */
const SILENT = new Set("started closed authors dispatched claim claimHead claimBranch commits unlanded".split(" "));
/** Fields that are told first. */
const FIRST = ["title", "status", "claimedBy", "assignee"];
/** Longer values are cut; --patch and --json have them whole. In cells. */
const MAX_VALUE = 60;

/** What happened to a ticket in a few words: `status open → in_progress, claimed-by @coder`. */
export function entryText({ kind, title, path, changes, ids, subject, event }: Omit<HistoryEntry, "at">): string {
  if (ids !== undefined) return plain(subject);
  if (kind === "created") return `${event === "undone" ? "created again" : "created"}: ${value(title)}`;
  if (kind === "deleted") return `deleted: ${value(title)}`;
  const { path: _, ...rest } = changes;
  const moves = {
    archived: `archived to ${path}`,
    restored: "taken out of the archive",
    renamed: `renamed to ${path}`,
  };
  const moved = kind === "archived" || kind === "restored" || kind === "renamed" ? [moves[kind]] : [];
  const told = changesText(rest);
  if (moved.length > 0) return [...moved, ...(told === "" ? [] : [told])].join(", ");
  return told === "" ? "changed" : told;
}

/** Field by field: `status open → closed, tags +auth -ui, note "12 tests pass"`. */
export function changesText(changes: Changes): string {
  const keys = Object.keys(changes);
  const loud = keys.filter((key) => !SILENT.has(key) && !goesWithout(key, changes));
  const shown = loud.length > 0 ? loud : keys;
  const rank = (key: string): number => (FIRST.indexOf(key) + FIRST.length + 1) % (FIRST.length + 1);
  const sorted = shown.toSorted((left, right) => rank(left) - rank(right));
  return sorted.map((key) => changeText(key, changes[key] as FieldChange)).join(", ");
}

/** A lease goes with its claim, and a claim ends with the work. */
function goesWithout(key: string, { claimedBy, closed }: Changes): boolean {
  if (key === "lease") return claimedBy !== undefined;
  return key === "claimedBy" && claimedBy?.to === null && closed !== undefined && closed.to !== null;
}

function changeText(key: string, { from, to }: FieldChange): string {
  if (key === "notes") return notesText(listOf(from), listOf(to));
  if (key === "criteria") return `criteria ${criteria(from)} → ${criteria(to)}`;
  if (key === "description" || key === "body" || key === "text") return `${key} changed`;
  const name = kebab(key);
  if (Array.isArray(from) || Array.isArray(to)) return listText(name, listOf(from), listOf(to));
  if (from === null) return `${name} ${value(to)}`;
  return to === null ? `no ${name} (${value(from)})` : `${name} ${value(from)} → ${value(to)}`;
}

function listText(name: string, from: readonly Json[], to: readonly Json[]): string {
  const [old, now] = [from.map(value), to.map(value)];
  if (old.length === 0) return `${name} ${now.join(" ")}`;
  const added = now.filter((one) => !old.includes(one)).map((one) => `+${one}`);
  const removed = old.filter((one) => !now.includes(one)).map((one) => `-${one}`);
  const all = [...added, ...removed];
  return `${name} ${all.length === 0 ? now.join(" ") : all.join(" ")}`;
}

function notesText(removed: readonly Json[], added: readonly Json[]): string {
  const text = (note: Json): string => value((note as { readonly text?: Json } | null)?.text ?? "");
  return [
    ...added.map((note) => `note "${text(note)}"`),
    ...removed.map((note) => `removed note "${text(note)}"`),
  ].join(", ");
}

function criteria(count: Json): string {
  const { done = 0, total = 0 } = (count ?? {}) as { readonly done?: number; readonly total?: number };
  return `${done}/${total}`;
}

function listOf(list: Json): readonly Json[] {
  if (list === null) return [];
  return Array.isArray(list) ? (list as readonly Json[]) : [list];
}

function value(json: Json): string {
  const text = typeof json === "string" ? json : JSON.stringify(json);
  return truncate(plain(text).replaceAll(/\s+/g, " "), MAX_VALUE);
}
