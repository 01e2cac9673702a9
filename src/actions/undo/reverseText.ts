import { AyoError } from "../../error.ts";
import { parseText, withYaml } from "../../store/disk/readFile.ts";
import { mergeLines } from "../../store/files/mergeLines.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import { fieldName } from "../../ticket/fields.ts";
import { QUESTION_FIELDS } from "../../ticket/rules/questions.ts";
import { parseCriteria, tickCriterion } from "../../ticket/text/criteria.ts";
import { parseNotes, removeNote } from "../../ticket/text/notes.ts";
import { readBody, readValues } from "../../ticket/text/parseTicket.ts";
import { type FieldChanges, patchFields } from "../../ticket/text/patchTicket.ts";
import { splitDocument } from "../../ticket/text/splitDocument.ts";

/** A change of one ticket, and the ticket as it is now. */
export interface Reversal {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly now: Snapshot;
  /** Why a field may not be set back although nobody changed it since; undefined where it may. */
  readonly veto: (field: string) => string | undefined;
  /** Fields that stay as they are now, without a word. */
  readonly fixed: readonly string[];
}

/** A ticket's text with the change taken back, and what of it stays: the field and why. */
export interface Reversed {
  readonly text: string;
  readonly kept: readonly { readonly field: string; readonly reason: string }[];
}

/** Fields that make sense together only: they go back with the first of them, or stay with it. */
const CLAIM = ["claimedBy", "claim", "lease", "claimBranch", "claimHead"];
const LIFECYCLE = [
  "status",
  "started",
  "closed",
  "blockedReason",
  "commits",
  "landed",
  "unlanded",
  ...QUESTION_FIELDS,
  "review",
  "authors",
  "dispatched",
  ...CLAIM,
];

/** Why what somebody changed again stays. */
export const CHANGED_SINCE = "changed since";

type Values = Readonly<Record<string, unknown>>;

/**
 * Takes a change back, field by field, where nobody changed the field since; of the text what still is as the change
 * left it. Where the whole file is, it gets its bytes of before.
 */
export async function reverseText(reversal: Reversal): Promise<Reversed> {
  const { now } = reversal;
  const before = withEnds(reversal.before.text, now.text);
  const after = withEnds(reversal.after.text, now.text);
  const values = await Promise.all([before, after, now.text].map((text) => valuesOf(text, now.ticket.path)));
  const [was, became, is] = values as [Values, Values, Values];
  const { patch, kept, isFixed } = decide(was, became, is, reversal);
  if (now.text === after && kept.length === 0 && !isFixed) return { text: before, kept };
  const expected = { ...is, ...patch };
  const merged = await mergeTexts(now.text, after, before);
  if (merged !== undefined && (await says(merged, now.ticket.path, expected))) return { text: merged, kept };
  const patched = await patchAll(now.text, patch, now.ticket.path, kept);
  return reverseBody(patched, after, before, kept);
}

interface Kept {
  readonly field: string;
  readonly reason: string;
}

/** Which fields go back to what (null: they go), and which stay. */
function decide(was: Values, became: Values, is: Values, { veto, fixed }: Pick<Reversal, "veto" | "fixed">) {
  const patch: Record<string, unknown> = {};
  const kept: Kept[] = [];
  const all = [...new Set([...Object.keys(was), ...Object.keys(became)])].filter(
    (key) => key !== "id" && !same(was[key], became[key]),
  );
  const changed = all.filter((key) => !fixed.includes(key));
  const groups = [LIFECYCLE, CLAIM].filter((group) => changed.includes(group[0] as string));
  const leads = new Map(groups.toReversed().flatMap((group) => group.map((key) => [key, group[0] as string])));
  const stays = (key: string): string | undefined => {
    if (same(is[key], was[key])) return undefined;
    return same(is[key], became[key]) ? veto(key) : CHANGED_SINCE;
  };
  for (const key of changed) {
    const lead = leads.get(key) ?? key;
    const reason = stays(lead);
    if (reason !== undefined) {
      if (lead === key) kept.push({ field: key, reason });
    } else if (!same(is[key], was[key]) && (same(is[key], became[key]) || CLAIM.includes(key))) {
      patch[key] = was[key] ?? null;
    } else if (!same(is[key], was[key])) kept.push({ field: key, reason: CHANGED_SINCE });
  }
  return { patch, kept, isFixed: changed.length < all.length };
}

/** The front matter by the fields' names in code, unknown keys as they are spelled. */
async function valuesOf(text: string, path: string): Promise<Values> {
  const raw = await withYaml((frontMatter) => readValues(text, path, frontMatter));
  const ticket = await parseText(text, path);
  const fields = "id" in ticket ? ticket.fields : {};
  const unknown = Object.entries(raw).filter(([key]) => fieldName(key) === undefined);
  return { ...fields, ...Object.fromEntries(unknown) };
}

async function mergeTexts(ours: string, base: string, theirs: string): Promise<string | undefined> {
  return (await mergeLines(Buffer.from(ours), Buffer.from(base), Buffer.from(theirs)))?.toString("utf8");
}

/** Whether a text is a ticket with exactly this front matter. */
async function says(text: string, path: string, expected: Values): Promise<boolean> {
  try {
    const found = await valuesOf(text, path);
    const keys = new Set([...Object.keys(found), ...Object.keys(expected)]);
    return [...keys].every((key) => same(found[key], expected[key] ?? undefined));
  } catch {
    return false;
  }
}

async function patchAll(source: string, patch: Values, path: string, kept: Kept[]): Promise<string> {
  let text = source;
  for (const [key, value] of Object.entries(patch)) {
    try {
      text = await withYaml((frontMatter) => patchFields(text, { [key]: value } as FieldChanges, path, frontMatter));
    } catch (error) {
      if (!(error instanceof AyoError)) throw error;
      kept.push({ field: key, reason: "must be edited by hand" });
    }
  }
  return text;
}

/** Takes the text below the front matter back: notes and ticks one by one, the rest line by line. */
async function reverseBody(source: string, after: string, before: string, kept: Kept[]): Promise<Reversed> {
  let [text, base] = [source, after];
  const old = new Set(parseNotes(before).map((note) => JSON.stringify(note)));
  for (const note of parseNotes(after).filter((one) => !old.has(JSON.stringify(one)))) {
    base = removeNote(base, note) ?? base;
    text = removeNote(text, note) ?? text;
  }
  for (const { text: label, done } of parseCriteria(before)) {
    const changed = parseCriteria(base).find((one) => one.text === label && one.done !== done);
    const box = parseCriteria(text).find((one) => one.text === label && one.done !== done);
    if (changed !== undefined) base = tickCriterion(base, changed.n, done);
    if (changed !== undefined && box !== undefined) text = tickCriterion(text, box.n, done);
  }
  const [ours, common, theirs] = [text, base, before].map(readBody) as [string, string, string];
  if (common === theirs) return { text, kept };
  const body = ours === common ? theirs : await mergeTexts(ours, common, theirs);
  if (body === undefined) kept.push({ field: "text", reason: CHANGED_SINCE });
  return { text: body === undefined ? text : text.slice(0, splitDocument(text).body) + body, kept };
}

/** A text from git with the line ends that the file has on this machine. */
function withEnds(text: string, like: string): string {
  return splitDocument(like).eol === "\r\n" && !text.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
}

function same(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left ?? null) === JSON.stringify(right ?? null);
}
