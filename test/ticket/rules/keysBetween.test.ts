import fc from "fast-check";
import { generateNKeysBetween } from "fractional-indexing";
import { expect, test } from "vitest";
import { keysBetween } from "../../../src/ticket/rules/keysBetween.ts";

const HEADS = "ABCDYZabcdyz";
const DIGITS = "0123456789ABCXYZabcxyz";
const digits = (least: number, most = least) =>
  fc.string({ unit: fc.constantFrom(...DIGITS), minLength: least, maxLength: most });
/** Any key, those at the ends of their length among them. */
const KEY = fc
  .constantFrom(...HEADS)
  .chain((head) => {
    const whole = head >= "a" ? head.charCodeAt(0) - 96 : 91 - head.charCodeAt(0);
    const filled = fc.constantFrom("0".repeat(whole), "z".repeat(whole));
    return fc.tuple(fc.constant(head), fc.oneof(digits(whole), filled), digits(0, 4));
  })
  .map(([head, whole, part]) => head + whole + part.replace(/0+$/, ""))
  .filter((key) => key !== `A${"0".repeat(26)}`);

test("keys are those of fractional-indexing, whatever they stand between", () => {
  const place = fc.option(KEY, { nil: undefined });
  fc.assert(
    fc.property(place, place, fc.integer({ min: 0, max: 9 }), (one, other, count) => {
      fc.pre(one === undefined || one !== other);
      const [low, high] = one !== undefined && other !== undefined && one > other ? [other, one] : [one, other];
      let wanted: string[];
      try {
        wanted = generateNKeysBetween(low, high, count);
      } catch {
        // It knows no more keys at the very ends.
        return;
      }
      expect(keysBetween(low, high, count)).toEqual(wanted);
    }),
    { numRuns: 2000 },
  );
});

test("there is always room: put again and again before the first, behind the last, and between two", () => {
  const keys = ["a0", "a1"];
  for (let n = 0; n < 300; n++) keys.splice(1, 0, ...keysBetween(keys[0], keys[1], 1));
  keys.unshift(...keysBetween(undefined, keys[0], 4000));
  keys.push(...keysBetween(keys.at(-1), undefined, 4000));
  expect(keys).toEqual([...new Set(keys)].sort());
  expect(keysBetween(undefined, undefined, 3)).toEqual(["a0", "a1", "a2"]);
});
