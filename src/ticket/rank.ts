import { compareTime } from "./time.ts";

/** More characters than people make by ordering by hand: what is longer was written by something else. */
const LONGEST = 64;
/** Nothing sorts before it, so nothing could be put there. */
const SMALLEST = `A${"0".repeat(26)}`;

/** Whether a text is a place among others: a fractional index such as `a0` or `a0V`, as `fractional-indexing` makes them. */
export function isRank(text: string): boolean {
  if (text.length > LONGEST || text === SMALLEST || !/^[A-Za-z][0-9A-Za-z]+$/.test(text)) return false;
  const head = text.charCodeAt(0);
  // The first letter says how long the whole number is: a0, b00, and before them Zz, Yzz.
  const whole = head >= 97 ? head - 95 : 92 - head;
  return text.length === whole || (text.length > whole && !text.endsWith("0"));
}

/** The order by hand: who has a rank comes before who has none. */
export function compareRank(left: string | undefined, right: string | undefined): number {
  if (left === right) return 0;
  if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
  return left < right ? -1 : 1;
}

/** A ticket as far as its place goes. */
export interface Placed {
  readonly id: string;
  readonly rank?: string | undefined;
  readonly created?: string | null | undefined;
}

/** The order of tickets of one priority: by rank, then by when they were made, then by id. */
export function comparePlaced(left: Placed, right: Placed): number {
  return (
    compareRank(left.rank, right.rank) ||
    compareTime(left.created ?? "", right.created ?? "") ||
    (left.id === right.id ? 0 : left.id < right.id ? -1 : 1)
  );
}
