import { describe, expect, test } from "vitest";
import type { Checked } from "../../../src/store/outputs/checker.ts";
import { checkOutput, checkOutputNow } from "../../../src/store/outputs/checkOutput.ts";

const pair = (schema: unknown, output: unknown) => ({ schema: JSON.stringify(schema), output: JSON.stringify(output) });

/** As told, waiting or not. */
const told = (checked: Checked): unknown =>
  "unusable" in checked ? checked.unusable : checked.fits ? "fits" : checked.errors.map(({ pointer }) => pointer);

describe("an output is held to its schema in a thread of its own", () => {
  test("what does not fit is named by JSON pointers, also the second time", async () => {
    const schema = {
      type: "object",
      properties: { "a/b": { type: "string" }, list: { type: "array", items: { $ref: "#/$defs/n" } }, __proto__: {} },
      required: ["name"],
      additionalProperties: false,
      $defs: { n: { type: "number" } },
    };
    const wrong = pair(schema, { "a/b": 1, list: [1, "2"], more: 0 });
    const found = [await checkOutput(wrong), checkOutputNow(wrong), checkOutputNow({ ...wrong })];
    for (const one of found) expect(told(one)).toEqual(["", "/a~1b", "/list/1", "/more"]);
    expect(told(checkOutputNow(pair(schema, { name: 1, list: [] })))).toEqual(["/name"]);
    expect(told(checkOutputNow(pair({ ...schema, required: [] }, { list: [1] })))).toBe("fits");
  });

  test("whatever a schema does, it is over soon", async () => {
    const letters = `${"a".repeat(40)}!`;
    const $defs: Record<string, unknown> = { 0: { type: "string" } };
    for (let depth = 1; depth < 60; depth++) {
      const below = { $ref: `#/$defs/${depth - 1}` };
      $defs[depth] = { allOf: [below, below] };
    }
    const wide = await checkOutput(pair({ items: { type: "string" } }, Array(20_000).fill(1)));
    expect(wide).toMatchObject({ fits: false, more: 19_980 });
    const [loop, hang, many, doubled, fewer] = await Promise.all([
      checkOutput(pair({ $ref: "#" }, 1)),
      checkOutput(pair({ pattern: "^(a+)+$" }, letters)),
      checkOutput(pair({ items: { anyOf: Array(300).fill({ $ref: "#/items" }) } }, [[[[[[1]]]]]])),
      checkOutput(pair({ $ref: "#/$defs/59", $defs }, 1)),
      checkOutput(pair({ $ref: "#/$defs/17", $defs }, 1)),
    ]);
    expect(told(loop)).toBe("it refers to itself without an end");
    expect(told(hang)).toMatch(/takes longer than 2 s/);
    expect(told(many)).toMatch(/itself without an end|longer than|memory/);
    // What counts faults by doubling them ends by the clock, by memory or by their number, as fast as the machine is.
    expect(told(doubled)).toMatch(/longer than|memory|more faults than/);
    expect(told(fewer)).toMatch(/longer than|memory|more faults than/);
  });
});
