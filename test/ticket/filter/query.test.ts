import { describe, expect, test } from "vitest";
import { dateTest } from "../../../src/ticket/filter/dateFilter.ts";
import { filterText, type ParsedQuery, parseQuery as parseAll } from "../../../src/ticket/filter/query.ts";

function parseQuery(text: string, options?: { readonly strict?: boolean }): ParsedQuery {
  return parseAll(text, options)[0] as ParsedQuery;
}

const filters = (text: string) =>
  parseQuery(text).conditions.map(({ key, not, operator, values }) => [not ? `-${key}` : key, operator, ...values]);

describe("parseQuery", () => {
  test.each(['.status=="open"', "select(.priority != 2)", ".tags == []"])("%s is jq's and not looked for", (text) => {
    expect(() => parseQuery(text, { strict: true })).toThrow("is an expression of jq: write filters (status:open)");
  });

  test("a name that begins with a dot is text", () => {
    expect(parseQuery(".env and .gitignore", { strict: true }).text).toBe(".env and .gitignore");
  });

  test("tells filters from words", () => {
    const query = parseQuery('login status:open -tag:ui,web "exact phrase" -legacy priority:<2 -"old thing" jwt');
    expect(query.text).toBe("login exact phrase jwt");
    expect(query.phrases).toEqual(["exact phrase"]);
    expect(query.excluded).toEqual(["legacy", "old thing"]);
    expect(query.conditions.map(({ word }) => word)).toEqual(["status:open", "-tag:ui,web", "priority:<2"]);
  });

  test.each([
    ["assignee:@me", [["assignee", "=", "@me"]]],
    ["created:>=2026-01-01", [["created", ">=", "2026-01-01"]]],
    ["closed:<7d", [["closed", "<", "7d"]]],
    ['tag:"two words",b', [["tag", "=", "two words", "b"]]],
    [
      "Label:ui owner:@x state:open",
      [
        ["tag", "=", "ui"],
        ["assignee", "=", "@x"],
        ["status", "=", "open"],
      ],
    ],
    [
      "-has:commits is:ready",
      [
        ["-has", "=", "commits"],
        ["is", "=", "ready"],
      ],
    ],
  ])("%s", (text, expected) => {
    expect(filters(text)).toEqual(expected);
  });

  test.each([
    "std::vector",
    "TypeError: x is undefined",
    "http://example.org/a:b",
    "node:fs",
    "a - b",
    "-5 degrees",
    "(a+)+$ [x",
    '"unclosed',
    "status:",
  ])("%s is text", (text) => {
    const query = parseQuery(text);
    expect([query.conditions, query.text]).toEqual([[], text]);
  });

  test.each([
    ["statsu:open", "'statsu:open': there is no filter 'statsu'"],
    ["prioritty:1", "there is no filter 'prioritty'"],
    ["tag:,", "a value is missing after tag:"],
    ["tag:>3", "> is for priority and dates"],
  ])("%s is refused", (text, message) => {
    expect(() => parseQuery(text)).toThrow(message);
  });

  test("a strict query refuses every unknown filter", () => {
    expect(() => parseQuery("node:fs", { strict: true })).toThrow("'node:fs': there is no filter 'node'");
  });

  test("a long query is read in linear time", () => {
    expect(parseQuery('a:"'.repeat(30_000)).conditions).toEqual([]);
    expect(parseQuery("-".repeat(100_000)).text).toHaveLength(100_000);
  });
});

describe("dateTest", () => {
  const now = Date.UTC(2026, 10, 21, 12);
  const at = (text: string): number => Date.parse(text);
  test.each([
    ["2026-11-20", "=", "2026-11-20T23:59:59Z", true],
    ["2026-11-20", "=", "2026-11-21T00:00:00Z", false],
    ["2026-11-20", ">", "2026-11-20T23:00:00Z", false],
    ["2026-11-20", ">=", "2026-11-20T00:00:00Z", true],
    ["2026-11-20", "<", "2026-11-19T23:59:59Z", true],
    ["2026-11", "=", "2026-11-30T10:00:00Z", true],
    ["2026", "<=", "2026-12-31T10:00:00Z", true],
    ["today", "=", "2026-11-21T01:00:00Z", true],
    ["yesterday", "=", "2026-11-21T01:00:00Z", false],
    ["7d", "<", "2026-11-15T00:00:00Z", true],
    ["7d", ">", "2026-11-15T00:00:00Z", false],
    ["7d", "=", "2026-11-15T00:00:00Z", true],
    ["2026-01-01..2026-02-01", "=", "2026-02-01T20:00:00Z", true],
    ["..2026-02-01", "=", "2026-02-02T00:00:00Z", false],
    ["2026-02-01..", "=", "2030-01-01T00:00:00Z", true],
  ] as const)("%s with %s lets %s pass: %s", (value, operator, time, expected) => {
    expect(dateTest(value, operator, now, false)?.(at(time))).toBe(expected);
  });

  test("a span looks ahead for what is due", () => {
    expect(dateTest("3d", "<", now, true)?.(at("2026-11-23T00:00:00Z"))).toBe(true);
    expect(dateTest("3d", "<", now, true)?.(at("2026-11-25T00:00:00Z"))).toBe(false);
  });

  test.each(["foo", "2026-13", "2026-02-30", "1..2..3"])("%s is no date", (value) => {
    expect(dateTest(value, "=", now, false)).toBeUndefined();
  });
});

describe("filters as an object", () => {
  test.each([
    [undefined, ""],
    ["tag:ui -is:open", "tag:ui -is:open"],
    [{ status: "open", tag: ["ui", "api"] }, "status:open tag:ui,api"],
    [{ priority: "<2", assignee: null, labels: [] }, "priority:<2"],
    [{ project: 'a "b" c', priority: 0 }, 'project:"a b c" priority:0'],
  ])("%j", (filters, text) => {
    expect(filterText(filters)).toBe(text);
    expect(parseQuery(text).text).toBe("");
  });

  test("an object in an object is refused by name", () => {
    expect(() => filterText({ status: { not: "open" } })).toThrow("filters: status is a word");
  });
});

describe("OR, AND and NOT", () => {
  const all = (text: string) =>
    parseAll(text).map(({ conditions, text: words, excluded }) => [
      ...conditions.map(({ key, not, values }) => `${not ? "-" : ""}${key}:${values.join(",")}`),
      ...words.split(" ").filter((word) => word !== ""),
      ...excluded.map((word) => `-${word}`),
    ]);
  test.each([
    ["status:open OR tag:ui login", [["status:open"], ["tag:ui", "login"]]],
    ["NOT tag:ui status:open", [["-tag:ui", "status:open"]]],
    ["NOT -tag:ui", [["tag:ui"]]],
    ["NOT legacy AND tag:a OR NOT tag:b", [["tag:a", "-legacy"], ["-tag:b"]]],
    ["a OR b OR c", [["a"], ["b"], ["c"]]],
    ['"a OR b"', [["a", "OR", "b"]]],
    ["this or that", [["this", "or", "that"]]],
    ["OR a", [["OR", "a"]]],
    ["a OR", [["a", "OR"]]],
    ["a OR OR b", [["a"], ["OR", "b"]]],
    ["", [[]]],
  ])("%s", (text, expected) => {
    expect(all(text)).toEqual(expected);
  });
});
