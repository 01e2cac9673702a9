/*
 * Fractional indices: texts that sort as their places do, with room between any two. A letter says how long the whole number
 * behind it is (a0, b00, and before them Zz, Yzz), digits after that are a fraction. The same as `fractional-indexing` makes
 * (CC0, David Greenspan), which tests hold it to; without its other alphabets it is a third as long for the page.
 */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const HEADS = DIGITS.slice(10);
/** The whole number before which there is none. */
const SMALLEST = `A${"0".repeat(26)}`;

/** So many keys in their order between two others; undefined where none is on that side. */
export function keysBetween(low: string | undefined, high: string | undefined, count: number): string[] {
  if (count === 0) return [];
  if (high === undefined || low === undefined) {
    const keys: string[] = [];
    while (keys.length < count) {
      const last = keys.at(-1);
      keys.push(high === undefined ? keyBetween(last ?? low, undefined) : keyBetween(undefined, last ?? high));
    }
    return high === undefined ? keys : keys.reverse();
  }
  const key = keyBetween(low, high);
  const before = Math.floor(count / 2);
  return [...keysBetween(low, key, before), key, ...keysBetween(key, high, count - before - 1)].slice(0, count);
}

function keyBetween(low: string | undefined, high: string | undefined): string {
  if (low === undefined) {
    if (high === undefined) return "a0";
    const whole = wholeOf(high);
    if (whole === SMALLEST) return whole + between("", high.slice(whole.length));
    return whole < high ? whole : (next(whole, -1) as string);
  }
  const whole = wholeOf(low);
  const part = low.slice(whole.length);
  if (high !== undefined && wholeOf(high) === whole) return whole + between(part, high.slice(whole.length));
  const after = next(whole, 1);
  return after === undefined || (high !== undefined && after >= high) ? whole + between(part) : after;
}

/** The whole number that a key begins with. */
function wholeOf(key: string): string {
  return key.slice(0, lengthOf(key.charAt(0)));
}

function lengthOf(head: string): number {
  const at = HEADS.indexOf(head);
  return at < 26 ? 27 - at : at - 24;
}

/** The whole number after another one, or before it; undefined where there is none. */
function next(whole: string, step: 1 | -1): string | undefined {
  const [full, empty] = step === 1 ? ["z", "0"] : ["0", "z"];
  let at = whole.length - 1;
  while (at > 0 && whole[at] === full) at--;
  if (at > 0) {
    const digit = DIGITS.charAt(DIGITS.indexOf(whole.charAt(at)) + step);
    return whole.slice(0, at) + digit + empty.repeat(whole.length - 1 - at);
  }
  const head = HEADS[HEADS.indexOf(whole.charAt(0)) + step];
  return head === undefined ? undefined : head + empty.repeat(lengthOf(head) - 1);
}

/** A fraction between two others; without `high` below the next whole number. */
function between(low: string, high?: string): string {
  if (high !== undefined) {
    let same = 0;
    while ((low[same] ?? "0") === high[same]) same++;
    if (same > 0) return high.slice(0, same) + between(low.slice(same), high.slice(same));
  }
  const from = DIGITS.indexOf(low.charAt(0));
  const to = high === undefined ? DIGITS.length : DIGITS.indexOf(high.charAt(0));
  if (to - from > 1) return DIGITS.charAt(Math.round((from + to) / 2));
  return high !== undefined && high.length > 1 ? high.charAt(0) : DIGITS.charAt(from) + between(low.slice(1));
}
