import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { faultIn, MAX_DEPTH, readJson } from "../../../src/ticket/output/readJson.ts";

const faultOf = (text: string) => {
  const read = readJson(text);
  return "fault" in read ? `${read.fault.pointer} ${read.fault.message}` : undefined;
};

describe("a text of JSON is read, and refused where it would be kept as something else", () => {
  test.each([
    ["", / is no JSON: /],
    ["{", / is no JSON: /],
    ["NaN", / is no JSON: /],
    ["[1,]", / is no JSON: /],
    ['{"a":1,"b":{"c":1,"c":2}}', /^\/b\/c is there twice/],
    ['{"a":1,"\\u0061":2}', /^\/a is there twice/],
    ['{"a/b":[{"~":1,"~":2}]}', /^\/a~1b\/0\/~0 is there twice/],
    ['["x",12345678901234567890]', /^\/1 is the number 12345678901234567890,/],
    ["1e400", / is a number that is too large/],
    ['{"a":"\\ud800"}', /^\/a has half of a character/],
    ['{"\\udfff":1}', / has half of a character/],
    [`${"[".repeat(MAX_DEPTH + 1)}${"]".repeat(MAX_DEPTH + 1)}`, / lies deeper than 64/],
    [`${'{"a":'.repeat(MAX_DEPTH + 1)}1${"}".repeat(MAX_DEPTH + 1)}`, / lies deeper than 64/],
    [`${"[".repeat(500_000)}`, / is no JSON: /],
  ])("%.60s", (text, why) => expect(faultOf(text)).toMatch(why));

  test.each(['"{\\"a\\":1,\\"a\\":2}"', '{"a":{"a":[{"a":"a"},"a"]},"b":"a"}', "1e3", '{"__proto__":{"x":1}}', "null"])(
    "%s is one",
    (text) => expect(readJson(text)).toEqual({ value: JSON.parse(text) }),
  );

  test("a large number that is written again as it came is itself", () => {
    for (const text of ["10000000000000000", "1e16", "1e20", "123456789012345678.5"]) {
      const read = readJson(text);
      expect([text, "fault" in read]).toEqual([text, false]);
      if ("value" in read) expect(readJson(JSON.stringify(read.value))).toEqual(read);
    }
    expect(readJson("9007199254740993")).toMatchObject({ fault: { message: expect.stringContaining("another") } });
  });

  test("whatever a program prints as JSON is read as the same", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        const read = readJson(text);
        if ("fault" in read) expect(text).toMatch(/\\ud[89a-f]|\d{16}/);
        else expect(JSON.stringify(read.value)).toBe(text);
      }),
    );
  });

  test("a value that did not come as a text is held to the same", () => {
    expect(faultIn({ a: [Number.POSITIVE_INFINITY] })).toMatchObject({ pointer: "/a/0" });
    expect(faultIn({ a: undefined })).toMatchObject({ pointer: "/a", message: expect.stringContaining("undefined") });
    expect(faultIn({ a: [true, null, "b", 1.5] })).toBeUndefined();
  });
});
