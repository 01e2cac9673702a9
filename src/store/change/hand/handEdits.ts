import { renameSync } from "node:fs";
import path from "node:path";
import { makeFolders } from "../../../folderOwner.ts";
import { writeDurable } from "../../../git/disk/durable.ts";
import { objectExists, readObject } from "../../../git/objects/objects.ts";
import { ROOT_COMMIT } from "../../../git/repository/initRepository.ts";
import { counted } from "../../../ticket/counted.ts";
import { FIELDS, type Ticket } from "../../../ticket/ticket.ts";
import type { HandEdit } from "../../disk/archive/archiveEdits.ts";
import { parse } from "../../disk/readFile.ts";
import { isTicketPath } from "../../events/commitEvents.ts";
import { dropOldAside } from "../../files/oldAside.ts";
import { CONFIG_FILE } from "../../open/config/values.ts";
import { type Index, MASS } from "../../open/entry.ts";
import type { Journal, Store } from "../../open/store.ts";
import type { Sentence } from "../message.ts";

/**
 * When more than ten tickets are gone or back at older contents without a commit of the store's (a checkout or
 * clean of the project ran over them), restores them and keeps what stood there in `ayo/set-aside/`.
 * Returns what to tell the user.
 */
export async function undoMassLoss(
  store: Store,
  journal: Journal,
  edits: readonly HandEdit[],
): Promise<string | undefined> {
  if (journal.mode !== "own") return undefined;
  const lost: HandEdit[] = [];
  for (const edit of edits) {
    if (edit.before === null || !edit.file.endsWith(".md")) continue;
    if (edit.oid === null || (await objectExists(journal.repository, edit.oid))) lost.push(edit);
  }
  if (lost.length <= MASS) return undefined;
  const aside = path.join(journal.stateDir, "set-aside", String(store.host.now()));
  dropOldAside(path.dirname(aside), store.host.now());
  for (const edit of lost) {
    const target = path.join(store.dir, edit.file);
    if (edit.bytes !== null) {
      makeFolders(path.dirname(path.join(aside, edit.file)));
      renameSync(target, path.join(aside, edit.file));
    }
    await restore(journal, target, edit.before as string);
  }
  const kept = lost.some((edit) => edit.bytes !== null) ? `; what stood there is in ${aside}` : "";
  return `${lost.length} tickets were gone or set back without a commit of the store: restored${kept}`;
}

async function restore(journal: Journal, target: string, oid: string): Promise<void> {
  makeFolders(path.dirname(target));
  const { bytes } = await readObject(journal.repository, oid);
  writeDurable(target, bytes, { tmpDir: path.join(journal.stateDir, "tmp") });
}

/** The sentence of a hand edit: which tickets, and for a single one which fields. */
export async function handEditSentence(journal: Journal, index: Index, edits: readonly HandEdit[]): Promise<Sentence> {
  const isNew = edits.some((edit) => edit.file === CONFIG_FILE && edit.before === null) && edits.length === 1;
  if (index.head === ROOT_COMMIT || isNew) return adoption(index, edits);
  const nameOf = ({ file }: HandEdit): string =>
    isTicketPath(file) ? (index.entries.get(file)?.ticket?.id ?? path.basename(file, ".md")) : file;
  // A file that got another name is gone under one and new under another.
  const names = [...new Set(edits.map(nameOf))];
  const tickets = [...new Set(edits.filter(({ file }) => isTicketPath(file)).map(nameOf))];
  const [only] = edits;
  const detail =
    edits.length === 1 && only !== undefined ? await changesOf(journal, index, only) : names.slice(0, 8).join(", ");
  return { subject: `edit ${whatOf(names, tickets)} by hand: ${detail}`, tickets, byHand: true };
}

/** `x-1`, `2 tickets`, or `1 ticket and 2 files`. */
function whatOf(names: readonly string[], tickets: readonly string[]): string {
  const [name] = names;
  if (names.length === 1 && name !== undefined) return name;
  const files = names.length - tickets.length;
  const parts = [tickets.length > 0 ? counted(tickets.length, "ticket") : "", files > 0 ? counted(files, "file") : ""];
  return parts.filter((part) => part !== "").join(" and ");
}

/** What a commit is called that takes in what was there before the store was. */
export const ADOPTION = /^(?:start the store|adopt \d+ tickets?)$/;

/** The first commit of a store takes in what was there. */
function adoption(index: Index, edits: readonly HandEdit[]): Sentence {
  const tickets = edits.flatMap((edit) => index.entries.get(edit.file)?.ticket?.id ?? []);
  const subject = tickets.length === 0 ? "start the store" : `adopt ${counted(tickets.length, "ticket")}`;
  return { subject, tickets: tickets.length > MASS ? [] : tickets };
}

async function changesOf(journal: Journal, index: Index, edit: HandEdit): Promise<string> {
  if (edit.bytes === null) return "deleted";
  if (edit.before === null) return "created";
  const now = index.entries.get(edit.file)?.ticket;
  // A version that git has lost is no reason to keep the one that is there out of it.
  const before = await readObject(journal.repository, edit.before).catch(() => undefined);
  if (before === undefined) return "changed";
  const old = await parse(before.bytes, edit.file, edit.before);
  if (now === undefined || !("id" in old)) return "changed";
  return describeChanges(old, now);
}

/** `status open → closed, priority 2 → 1`, or `text` when only the body differs. */
export function describeChanges(old: Ticket, now: Ticket): string {
  const changed = changedKeys(old, now).map(({ key, from, to }) => `${key} ${from} → ${to}`);
  return changed.length === 0 ? "text" : changed.join(", ");
}

/** The front matter keys, and the title, in which two versions of a ticket differ, with both values as text. */
export function changedKeys(old: Ticket, now: Ticket): { key: string; from: string; to: string }[] {
  const before = { ...old.fields, title: old.title, ...old.extra } as Record<string, unknown>;
  const after = { ...now.fields, title: now.title, ...now.extra } as Record<string, unknown>;
  // A ticket from the cache has its keys in another order than one that was just read.
  return [...new Set([...Object.keys(FIELDS), ...Object.keys(before), ...Object.keys(after)])]
    .map((name) => ({ key: keyOf(name), from: show(before[name]), to: show(after[name]) }))
    .filter(({ from, to }) => from !== to);
}

function keyOf(name: string): string {
  return Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof typeof FIELDS].key : name;
}

function show(value: unknown): string {
  if (value === undefined) return "(none)";
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
