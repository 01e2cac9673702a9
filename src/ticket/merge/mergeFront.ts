import { categoryOf } from "../rules/columns.ts";
import { formatList } from "../text/formatScalar.ts";
import { patchValue } from "../text/patchValue.ts";
import { scanFrontMatter } from "../text/scanFrontMatter.ts";
import { FIELDS } from "../ticket.ts";
import { compareTime } from "../time.ts";
import { type Front, type FrontItem, type Fronts, isClaimKey, isQuestionKey, stampKey } from "./frontItems.ts";
import { type Claim, mergeClaim } from "./mergeClaim.ts";
import { mergeOrder, mergeSet } from "./mergeOrder.ts";
import { askedStatus, questionSide } from "./mergeQuestion.ts";
import { mergeStatus } from "./mergeStatus.ts";
import { choose, compareText, type Job, nameOf, otherOf, pickQuietly, type Which, winnerOf } from "./sides.ts";

type Item = FrontItem | undefined;

/** Lists whose members are added and taken away one by one; every other list is one value. */
const SETS: readonly string[] = (
  ["tags", "deps", "links", "collaborators", "commits", "authors", "unconfirmed", "attachments"] as const
).map((name) => FIELDS[name].key);
/** Times of which the earlier one stays: whoever came second did not know of the first. */
const EARLIER = ["created", "started", "closed"];
const ORDER: readonly string[] = Object.values(FIELDS).map(({ key }) => key);

/** The lines of a front matter that both sides changed. What gives way is added to the job's losses. */
export function mergeFront(fronts: Fronts, job: Job): string {
  const { base, a, b } = fronts;
  const status = mergeStatus(fronts, job);
  const asks = questionSide(fronts, job);
  const merged = status.has("status") ? status.get("status") : mergeItem("status", fronts, job);
  const stays = askedStatus(fronts, asks, merged, job);
  const claim = mergeClaim(fronts, String(stays?.value ?? ""), job);
  const begun = begunBy(fronts, claim, stays, job);
  const order = mergeOrder([...base.keys()], [...a.keys()], [...b.keys()], compareKeys, isBetween);
  const lines = order.map((key) => {
    if (isClaimKey(key)) return claim.get(key)?.raw;
    if (begun !== undefined && BEGUN.includes(key)) return begun.get(key)?.raw;
    if (key === "status") return stays?.raw;
    if (asks !== undefined && isQuestionKey(key)) return questionItem(key, fronts, asks, job)?.raw;
    return (status.has(key) ? status.get(key) : mergeItem(key, fronts, job))?.raw;
  });
  return lines.join("");
}

/** Of a question that both sides changed each key is the winner's; only the question itself is told. */
function questionItem(key: string, { a, b }: Fronts, winner: Which, job: Job): Item {
  const items = { a: a.get(key), b: b.get(key) };
  if (key === FIELDS.question.key && !isSameItem(items.a, items.b)) tellScalar(job, key, winner, items);
  return items[winner];
}

const BEGUN: readonly string[] = ["status", "started"];

/**
 * The side whose claim stays, where the ticket would be as it was before somebody begins: that a claim ended on the other
 * side is no word against this one, be it the one before it, or this one, which others know to be held.
 */
function begunBy({ a, b }: Fronts, claim: Claim, status: Item, { context: { board } }: Job): Front | undefined {
  const token = claim.get("claim")?.value;
  if (token === undefined || categoryOf(board, String(status?.value ?? "")) !== "todo") return undefined;
  const has = (side: Front): boolean => side.get("claim")?.value === token;
  if (has(a) && has(b)) return undefined;
  return [a, b].find((side) => has(side) && categoryOf(board, String(side.get("status")?.value ?? "")) === "active");
}

/** Fields in the order of FIELDS, other keys by name. */
function compareKeys(one: string, other: string): number {
  const [left, right] = [one, other].map((key) => (ORDER.indexOf(key) + ORDER.length + 1) % (ORDER.length + 1));
  return (left as number) - (right as number) || compareText(one, other);
}

/** A comment or blank line between keys. */
function isBetween(key: string): boolean {
  return key.startsWith("\n");
}

/** The mark of a run, and where work has landed, are nobody's word; an order is not worth a note. */
const UNTOLD: ReadonlySet<string> = new Set([
  FIELDS.dispatched.key,
  FIELDS.landed.key,
  FIELDS.unlanded.key,
  FIELDS.rank.key,
]);

function mergeItem(key: string, { base, a, b }: Fronts, job: Job): Item {
  const [o, x, y] = [base.get(key), a.get(key), b.get(key)];
  const choice = choose(o, x, y, isSameItem);
  if (choice === "a") return x;
  if (choice === "b") return y;
  if (choice === "either") return pickQuietly(o, x, y, winnerOf(job, stampKey(key)), isSameRaw);
  if (SETS.includes(key) && isSet(o) && isSet(x) && isSet(y)) return mergeMembers(o, x, y, winnerOf(job, key));
  if (EARLIER.includes(key) && x !== undefined && y !== undefined) {
    return compareTime(String(x.value), String(y.value)) <= 0 ? x : y;
  }
  const winner = winnerOf(job, key);
  if (!UNTOLD.has(key)) tellScalar(job, key, winner, { a: x, b: y });
  return winner === "a" ? x : y;
}

/** Whether two items say the same, however they are written. */
export function isSameItem(one: Item, other: Item): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one === other || JSON.stringify(one.value) === JSON.stringify(other.value);
}

function isSameRaw(one: Item, other: Item): boolean {
  return one?.raw === other?.raw;
}

/** Keeps a value that gave way as a sentence. */
export function tellScalar(job: Job, key: string, winner: Which, items: { readonly a: Item; readonly b: Item }): void {
  const loser = otherOf(winner);
  const field = stampKey(key);
  const [stays, gone] = [saidOf(key, items[winner]), saidOf(key, items[loser])];
  const lost = `${gone} of ${nameOf(job, loser, field)} gave way`;
  job.losses.push({ field: key, text: `${stays} of ${nameOf(job, winner, field)} stays; ${lost}`, gone: lost });
}

function saidOf(key: string, item: Item): string {
  const value = item?.value;
  if (value === undefined || value === null) return `no ${key}`;
  const isText = typeof value === "string" || typeof value === "number";
  const list = Array.isArray(value) ? formatList(value.map(String)) : JSON.stringify(value);
  return `${key} ${isText ? `'${value}'` : list}`;
}

type SetItem = (FrontItem & { readonly value: readonly string[] | undefined }) | undefined;

function isSet(item: Item): item is SetItem {
  const value = item?.value;
  return value === undefined || (Array.isArray(value) && value.every((one) => typeof one === "string"));
}

/** A list with what either side added and without what either took away, in the style that the base has it in. */
function mergeMembers(o: SetItem, x: SetItem, y: SetItem, winner: Which): Item {
  const merged = mergeSet(o?.value ?? [], x?.value ?? [], y?.value ?? [], compareText);
  const made = [x, y].find((item) => JSON.stringify(item?.value ?? []) === JSON.stringify(merged));
  if (made !== undefined) return made;
  const pattern = o ?? (winner === "a" ? (x ?? y) : (y ?? x));
  if (pattern === undefined || (merged.length === 0 && (x === undefined || y === undefined))) return undefined;
  return { ...pattern, value: merged, raw: withMembers(pattern.raw, merged) };
}

function withMembers(raw: string, members: readonly string[]): string {
  const [entry] = scanFrontMatter(raw) ?? [];
  if (entry === undefined) return raw;
  return patchValue(raw, entry, members, { time: false, alone: false, words: true, number: false });
}
