import { boxIn } from "../text/criteria.ts";
import type { BodyLine } from "./bodyParts.ts";
import { mergeOrder } from "./mergeOrder.ts";
import { mergeText } from "./mergeText.ts";
import { choose, compareText, type Job, nameOf, otherOf, pickQuietly, type Which, winnerOf } from "./sides.ts";

const FIELD = "criteria";
/** The key of what stands above the first box. */
const ABOVE = "";

/** A box with the lines below it. */
interface Item {
  readonly text: string;
  readonly done: boolean;
  readonly head: string;
  readonly below: readonly string[];
}

type Items = ReadonlyMap<string, Item>;
type Lines = readonly BodyLine[];

/** Merges boxes by what they say: ticks, removals and new ones of both sides. */
export function mergeCriteria(base: Lines, a: Lines, b: Lines, job: Job): BodyLine[] {
  const [o, x, y] = [base, a, b].map(itemsOf) as [Items, Items, Items];
  const order = mergeOrder([...o.keys()], [...x.keys()], [...y.keys()], compareText);
  const lines = order.flatMap((key) => {
    const [old, left, right] = [o.get(key), x.get(key), y.get(key)];
    if (left !== undefined && right !== undefined) return both(old, left, right, job);
    const [only, side] = left === undefined ? ([right, "b"] as const) : ([left, "a"] as const);
    if (only === undefined || old === undefined) return only === undefined ? [] : linesOf(only);
    if (!isSame(old, only)) tellRemoved(only, side, job);
    return [];
  });
  return lines.map((raw) => ({ raw, fenced: false }));
}

function itemsOf(lines: Lines): Items {
  let last: Item & { readonly below: string[] } = { text: "", done: false, head: "", below: [] };
  const items = new Map<string, Item>([[ABOVE, last]]);
  for (const { raw, fenced } of lines) {
    const box = fenced ? undefined : boxIn(raw.replace(/\r$/, ""));
    if (box === undefined) {
      last.below.push(raw);
      continue;
    }
    last = { ...box, head: raw, below: [] };
    let key = `=${box.text}`;
    while (items.has(key)) key += "\n";
    items.set(key, last);
  }
  return items;
}

function linesOf({ head, below }: Item): string[] {
  return head === "" ? [...below] : [head, ...below];
}

function isSame(one: Item, other: Item): boolean {
  return one.done === other.done && isSameLines(one.below, other.below);
}

function isSameLines(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, at) => line === other[at]);
}

/** A box that both have: ticked where one side ticked it, and by neither cleared since the base. */
function both(old: Item | undefined, a: Item, b: Item, job: Job): string[] {
  const done = pickQuietly(old?.done ?? false, a.done, b.done, "a");
  const head = pickQuietly(old?.head, a.head, b.head, winnerOf(job, FIELD)) ?? a.head;
  const ticked = [a, b].find((item) => item.head === head && item.done === done)?.head ?? withTick(head, done);
  const winner = winnerOf(job, FIELD);
  const before = old?.below ?? [];
  if (choose(before, a.below, b.below, isSameLines) === "either") return linesOf({ ...a, head: ticked });
  const { lines, lost } = mergeText(before, a.below, b.below, winner);
  for (const gone of lost) tellLines(`what criterion '${a.text}' says`, gone, winner, job);
  return linesOf({ ...a, head: ticked, below: lines });
}

function withTick(head: string, done: boolean): string {
  return head.replace(/\[[ xX]\]/, done ? "[x]" : "[ ]");
}

function tellRemoved(item: Item, side: Which, job: Job): void {
  const gone = `criterion '${item.text}', ${item.done ? "ticked" : "changed"} by ${nameOf(job, side, FIELD)}`;
  const text = `${gone}, was taken away by ${nameOf(job, otherOf(side), FIELD)}`;
  job.losses.push({ field: FIELD, text: [text, ...quoted(item.below)].join("\n"), gone });
}

function tellLines(what: string, lost: readonly string[], winner: Which, job: Job): void {
  const gone = [`${nameOf(job, otherOf(winner), FIELD)} had`, ...quoted(lost)].join("\n");
  job.losses.push({ field: FIELD, text: `${what}: ${nameOf(job, winner, FIELD)} stays; ${gone}`, gone });
}

function quoted(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines.map((line) => `> ${line}`)];
}
