import fc from "fast-check";
import { expect, test } from "vitest";
import { best } from "../../src/search/fuse.ts";

test("the best of many are those that sorting them all gives", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 60 }), fc.integer({ min: 1, max: 10 }), (values, count) => {
      const all = Int32Array.from(values, (_, at) => at);
      const order = [...all].sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
      expect(best(all, Float64Array.from(values), count, (a, b) => a - b)).toEqual(order.slice(0, count));
    }),
  );
});
