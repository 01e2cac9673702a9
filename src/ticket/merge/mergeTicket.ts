import { categoryOf, columnOf } from "../rules/columns.ts";
import { parseCriteria } from "../text/criteria.ts";
import { appendNow, parseNotes } from "../text/notes.ts";
import type { Note } from "../ticket.ts";
import type { Body } from "./bodyParts.ts";
import { mergeBody } from "./mergeBody.ts";
import { mergeFront } from "./mergeFront.ts";
import { withoutOvertaken } from "./mergeQuestion.ts";
import { patchSurely } from "./patchSurely.ts";
import { type Read, readParts } from "./readParts.ts";
import {
  compareStamps,
  compareText,
  type Job,
  type Loss,
  type MergeContext,
  nameOf,
  otherOf,
  pickQuietly,
  type Version,
  type Which,
} from "./sides.ts";

/** Two versions of a ticket's file as one. */
export interface TicketMerge {
  readonly text: string;
  /** What gave way; each is a note in the text too. */
  readonly losses: readonly Loss[];
  /** Bytes of a side that nobody can read, which are to be kept elsewhere. */
  readonly setAside?: string;
}

/** Who writes the notes of a merge. */
export const MERGER = "ayo";
const EMPTY: Body = { text: [], headings: new Map(), title: undefined, parts: new Map(), tail: "" };

/**
 * Merges what two sides made of a ticket's file, by field and by line: the same bytes whichever side is named first. A
 * side that changed nothing leaves the bytes of the other. Without a base both are kept as far as they go together.
 * @throws NeedsYaml without a parser that is needed
 */
export function mergeTicket(
  base: string | undefined,
  one: Version,
  other: Version,
  context: MergeContext,
): TicketMerge {
  const [a, b] = inOrder(one, other);
  if (a.text === b.text || base === b.text) return { text: a.text, losses: [] };
  if (base === a.text) return { text: b.text, losses: [] };
  const [o, x, y] = [base, a.text, b.text].map((text) => partsOf(text, context));
  if (x === undefined || y === undefined) return unreadable({ a, b }, { a: x, b: y });
  const job: Job = { a, b, context, losses: [] };
  const merged = mergeRead(o, x, y, job);
  const text = withoutOvertaken(merged, { base: o, a: x, b: y }, job, (source) => partsOf(source, context));
  return withNotes(text, [x.text, y.text], job);
}

function partsOf(text: string | undefined, context: MergeContext): Read | undefined {
  return text === undefined || context.parts === undefined ? readParts(text, context) : context.parts(text);
}

/** The sides in an order that does not depend on who merges. */
function inOrder(one: Version, other: Version): [a: Version, b: Version] {
  const order = compareStamps(one.tip, other.tip) || compareText(one.text, other.text);
  return order >= 0 ? [one, other] : [other, one];
}

/** Of two files of which one at least cannot be read, the one that can; the other is kept elsewhere. */
function unreadable({ a, b }: Record<Which, Version>, read: Record<Which, Read | undefined>): TicketMerge {
  const [stays, gone] = read.b === undefined ? [a, b] : [b, a];
  const text = `the file of ${writerOf(stays)} stays; that of ${writerOf(gone)} cannot be read, and is set aside`;
  return { text: stays.text, losses: [{ field: "file", text }], setAside: gone.text };
}

/** Who wrote a side's file last: the side's tip may be about other tickets. */
function writerOf({ stamps, tip }: Version): string {
  const [last = tip] = Object.values(stamps).sort((x, y) => y.time - x.time || compareText(y.oid, x.oid));
  return last.by;
}

function mergeRead(o: Read | undefined, x: Read, y: Read, job: Job): string {
  const body = mergeBody({ base: o?.body ?? EMPTY, a: x.body, b: y.body }, job);
  const front = mergeFront({ base: o?.front ?? new Map(), a: x.front, b: y.front }, job);
  const [above, below] = [0, 1].map((at) => pickQuietly(o?.fences[at], x.fences[at], y.fences[at], "a") ?? "---\n");
  const text = `${above}${front}${below}${below?.endsWith("\n") || body === "" ? "" : "\n"}${body}`;
  const [isCrlf, bom] = [pickQuietly(o?.isCrlf, x.isCrlf, y.isCrlf, "a"), pickQuietly(o?.bom, x.bom, y.bom, "a")];
  const whole = bom === true ? `\uFEFF${text}` : text;
  return isCrlf === true ? whole.replaceAll("\n", "\r\n") : whole;
}

/** Adds what gave way as notes, and sends a ticket back to review whose closing did not know of all that is in it. */
function withNotes(merged: string, sides: readonly string[], job: Job): TicketMerge {
  const known = sides.flatMap((text) => parseNotes(text).filter(isMergers));
  const doubt = doubtOf(merged, job);
  const losses = doubt === undefined ? job.losses : [...job.losses.filter((loss) => !isOvertaken(loss, job)), doubt];
  const text = doubt === undefined ? merged : inReview(merged, job.context);
  const isKnown = (loss: Loss): boolean => known.some(({ text }) => text.includes(loss.gone ?? sentence(loss)));
  const fresh = losses.filter((loss) => !isKnown(loss));
  fresh.sort((one, other) => compareText(sentence(one), sentence(other)));
  return { text: fresh.reduce((source, loss) => addNote(source, loss, job.context.at), text), losses };
}

/** That a status was before review is no news where the ticket is in review after all. */
function isOvertaken({ field, text }: Loss, { context: { board } }: Job): boolean {
  return field === "status" && text.includes(`status '${columnOf(board, "review").id}'`);
}

function isMergers({ by }: Note): boolean {
  return by === MERGER;
}

function sentence({ text }: Loss): string {
  return `Merge: ${text}.`.replace(/(\n\n>[\s\S]*)\.$/, "$1");
}

/** Adds a note of the merge; its time is never before that of the note before it. */
export function addNote(source: string, loss: Loss, at: string): string {
  return appendNow(source, { at, by: MERGER, text: sentence(loss) }).text;
}

/**
 * The ticket in review again, where merging brought something that the one who closed it did not know of.
 * @throws NeedsYaml, unpatchable
 */
export function inReview(source: string, { path, board, frontMatter }: MergeContext): string {
  const changes = { status: columnOf(board, "review").id, closed: null, duplicateOf: null };
  return patchSurely(source, changes, path, frontMatter);
}

/** Why a ticket that a side closed is not closed after all. */
function doubtOf(merged: string, job: Job): Loss | undefined {
  const closers = (["a", "b"] as const).filter((which) => isClosed(job[which].text, job.context));
  if (closers.length === 0 || !isClosed(merged, job.context)) return undefined;
  const [closer] = closers;
  if (closers.length === 1 && closer !== undefined && job[closer].claim === "lost") {
    return {
      field: "status",
      text: `closed by ${nameOf(job, closer, "status")} under a claim that was over: in review`,
    };
  }
  const isKnown = (text: string): boolean => closers.some((which) => openBoxes(job[which].text).includes(text));
  const fresh = openBoxes(merged).filter((text) => !isKnown(text));
  if (fresh.length === 0 || closer === undefined) return undefined;
  const boxes = fresh.map((text) => `'${text}'`).join(", ");
  const other = nameOf(job, otherOf(closer), "criteria");
  const gone = `that are not ticked (${boxes}): in review`;
  const text = `closed by ${nameOf(job, closer, "status")} without criteria of ${other} ${gone}`;
  return { field: "status", text, gone };
}

function openBoxes(source: string): string[] {
  return parseCriteria(source).flatMap(({ done, text }) => (done ? [] : [text]));
}

function isClosed(source: string, context: MergeContext): boolean {
  const status = partsOf(source, context)?.front.get("status")?.value;
  return categoryOf(context.board, String(status ?? "")) === "done";
}
