import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { fitInput } from "../../../src/actions/input/fitInput.ts";

const schema = v.object({
  ids: v.array(v.string()),
  text: v.optional(v.string()),
  addTag: v.optional(v.array(v.string())),
  numbers: v.optional(v.array(v.number())),
  limit: v.optional(v.number()),
  force: v.optional(v.boolean()),
  priority: v.optional(v.union([v.string(), v.number()])),
  set: v.optional(v.record(v.string(), v.string())),
});

describe("input as programs write it", () => {
  test.for([
    [{ id: "a" }, { ids: ["a"] }],
    [{ ids: "a" }, { ids: ["a"] }],
    [{ ids: ["a", "b"] }, { ids: ["a", "b"] }],
    [{ comment: "hello" }, { text: "hello" }],
    [{ text: null, force: undefined }, {}],
    [{ text: 3 }, { text: "3" }],
    [{ add_tag: "x" }, { addTag: ["x"] }],
    [{ "add-tag": ["x", 2] }, { addTag: ["x", "2"] }],
    [{ numbers: 1 }, { numbers: [1] }],
    [{ numbers: ["1", 2] }, { numbers: [1, 2] }],
    [{ limit: "5" }, { limit: 5 }],
    [{ limit: "five" }, { limit: "five" }],
    [{ priority: 1 }, { priority: 1 }],
    [{ priority: "high" }, { priority: "high" }],
    [{ set: { estimate: 3, done: true, who: "x" } }, { set: { estimate: "3", done: "true", who: "x" } }],
    [{ text: { a: 1 } }, { text: { a: 1 } }],
    [{ addTag: '["ui", "needs review", 2]' }, { addTag: ["ui", "needs review", "2"] }],
    [{ numbers: "[1, 2]" }, { numbers: [1, 2] }],
    [{ ids: "[]" }, { ids: [] }],
    [{ set: '{"estimate": 3}' }, { set: { estimate: "3" } }],
    [{ force: "true" }, { force: true }],
    [{ text: '["ui"]' }, { text: '["ui"]' }],
  ] as const)("%j is %j", ([given, fits]) => {
    expect(fitInput(schema, given, { comment: "text" })).toEqual(fits);
  });

  test.for([
    [{ titel: "x" }, /^there is no field 'titel'; there are ids, text, addTag,/],
    [{ id: "a", ids: ["b"] }, /^ids is given twice, also as ids/],
    [{ addTag: '["ui", ' }, /^addTag: '\["ui",' begins as a JSON list and is none/],
    [{ set: '{"a"' }, /^set: '\{"a"' begins as a JSON object and is none/],
    [{ text: "a", comment: "b" }, /^text is given twice, also as comment/],
    [JSON.parse('{"__proto__": 1}'), /^there is no field '__proto__'/],
    [{ toString: 1 }, /^there is no field 'toString'/],
  ] as const)("%j is refused", ([given, message]) => {
    expect(() => fitInput(schema, given, { comment: "text" })).toThrow(message);
  });

  test("one id does for an action that takes one", () => {
    expect(fitInput(v.object({ id: v.string() }), { ids: ["a"] })).toEqual({ id: "a" });
    expect(fitInput(v.object({ id: v.string() }), { ids: ["a", "b"] })).toEqual({ id: ["a", "b"] });
  });
});
