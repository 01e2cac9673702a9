import { describe, expect, test } from "vitest";
import { AyoError } from "../../../src/error.ts";
import { parseFrontMatter, parseYaml } from "../../../src/ticket/text/frontMatter.ts";
import { parseTicket } from "../../../src/ticket/text/parseTicket.ts";

const SOURCE = { path: "x.md", firstLine: 2 };

function errorOf(work: () => unknown): AyoError {
  try {
    work();
  } catch (error) {
    if (error instanceof AyoError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("parseFrontMatter", () => {
  test("every scalar is the text as written", () => {
    const text = "a: 1e3\nb: 0123\nc: no\nd: 2024-01-01\ne: 1_000\nf: ~\ng: [12:30, 0x1F, true]\nh: 1234e56\n";
    expect({ ...parseFrontMatter(text, SOURCE) }).toEqual({
      a: "1e3",
      b: "0123",
      c: "no",
      d: "2024-01-01",
      e: "1_000",
      f: "~",
      g: ["12:30", "0x1F", "true"],
      h: "1234e56",
    });
  });

  test.each([
    ["1e3: ['5', {b: 'c'}]\n", { "1e3": ["5", { b: "c" }] }],
    ["~: ['x', {b: 1}]\n", { "~": ["x", { b: "1" }] }],
    ["a: {0x10: {b: ['q']}, c: '1'}\n", { a: { "0x10": { b: ["q"] }, c: "1" } }],
    ["null:\nid: ''\n\n:\n", { null: "", id: "", "": "" }],
    ["1000: {x: 'y'}\n1e3: ['a']\n1_000: 'b'\n", { 1000: { x: "y" }, "1e3": ["a"], "1_000": "b" }],
    ["1e3: ['a']\n1000: ~\n", { "1e3": ["a"], 1000: "~" }],
  ])("keys that YAML takes for numbers or nothing are the texts that they are: %j", (text, values) => {
    expect(JSON.parse(JSON.stringify(parseFrontMatter(text, SOURCE)))).toEqual(values);
  });

  test("values that begin with @ or a backtick are strings, on their own line, in lists and mappings", () => {
    const text =
      "a: @coder # who\nb: [@a, 'x, @y', @b]\nc:\n  - @c\n  - `d` # e\nd:\n  lead: @f\ne: |\n  assignee: @g\nf: '\n  @h'\ng: [\n@i,\n@j # k\n]\n";
    expect(JSON.parse(JSON.stringify(parseFrontMatter(text, SOURCE)))).toEqual({
      a: "@coder",
      b: ["@a", "x, @y", "@b"],
      c: ["@c", "`d`"],
      d: { lead: "@f" },
      e: "assignee: @g\n",
      f: " @h",
      g: ["@i", "@j"],
    });
  });

  test("an error after a mended value still names its own line", () => {
    expect(errorOf(() => parseFrontMatter("a: @x\nb: c: d\n", SOURCE)).data).toEqual({
      path: "x.md",
      line: 3,
      column: 5,
    });
  });

  test("CRLF, comments only, nothing at all", () => {
    expect({ ...parseFrontMatter("a: 1 # c\r\nb: |\r\n  x\r\n", SOURCE) }).toEqual({ a: "1", b: "x\n" });
    expect({ ...parseFrontMatter("# c\n\n", SOURCE) }).toEqual({});
    expect({ ...parseFrontMatter("", SOURCE) }).toEqual({});
  });

  test("a line that begins with dashes does not end it", () => {
    expect({ ...parseFrontMatter("---foo: a # c\nb: c\n", SOURCE) }).toEqual({ "---foo": "a", b: "c" });
  });

  test("the same text twice gives two objects, and the same error twice", () => {
    const [first, second] = [parseFrontMatter("a: [b] # c\n", SOURCE), parseFrontMatter("a: [b] # c\n", SOURCE)];
    (first.a as string[]).push("changed");
    expect(second).toEqual({ a: ["b"] });
    for (let n = 0; n < 2; n++) expect(errorOf(() => parseFrontMatter("a: [\n", SOURCE)).code).toBe("bad_ticket");
  });

  test.each<[string, string, number, RegExp]>([
    ["a JavaScript tag", "id: a\nb: !!js/function 'x'\n", 3, /YAML tags are not allowed/],
    ["an unknown tag", "b: !foo x\n", 2, /YAML tags are not allowed/],
    ["a twin key", "a: 1\nb: 2\na: 3\n", 4, /the key 'a' is there twice/],
    ["a conflict", "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", 3, /conflict markers.*remove/],
    ["a colon too many", "title: a: b\n", 2, /quote the value/],
    ["a list", "- a\n", 2, /no mapping/],
    ["two documents", "a: 1\n...\nb: 2\n", 2, /more than one YAML document|not valid YAML/],
    ["an alias of itself", "a: &a [*a]\n", 2, /alias/],
    ["a control character", "a: 1\nb: x\u0001y\n", 3, /control characters/],
    ["too many blank lines", `a: 1${"\n".repeat(1000)}`, 503, /blank lines/],
    ["too much", `a: ${"x".repeat(300_000)}\n`, 2, /more than 256 KiB/],
    ["depth", `a: ${"[".repeat(2000)}${"]".repeat(2000)}\n`, 2, /./],
  ])("%s is refused with its line and what to do", (_, text, line, message) => {
    const error = errorOf(() => parseFrontMatter(text, SOURCE));
    expect(error.code).toBe("bad_ticket");
    expect(error.message).toMatch(message);
    expect(error.data).toMatchObject({ path: "x.md", line });
  });

  test("a billion laughs are refused at once", () => {
    const levels = Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`);
    const start = performance.now();
    expect(errorOf(() => parseFrontMatter(`a0: &a0 lol\n${levels.join("\n")}\n`, SOURCE)).code).toBe("bad_ticket");
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test("__proto__ is a key like any other", () => {
    const values = parseFrontMatter("__proto__: {polluted: yes}\nconstructor: {prototype: {polluted: yes}}\n", SOURCE);
    expect(Object.keys(values)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const ticket = parseTicket("---\n__proto__: {a: b}\n---\n", "x.md", "v", parseFrontMatter);
    expect(Object.getOwnPropertyNames(ticket.extra)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });
});

describe("front matter in other languages", () => {
  test.each(["js", "javascript", "JS", " js", "coffee", "json", "toml"])("---%s never runs", (language) => {
    const source = `---${language}\n{ "id": globalThis.hacked = 1 }\n---\n# T\n`;
    const error = errorOf(() => parseTicket(source, "x.md", "v", parseFrontMatter));
    expect(error).toMatchObject({ code: "bad_ticket", data: { path: "x.md", line: 1 } });
    expect(error.message).toMatch(/is never read: write YAML/);
    expect((globalThis as Record<string, unknown>).hacked).toBeUndefined();
  });
});

describe("parseYaml", () => {
  test("reads numbers, booleans and nulls as YAML 1.2 does", () => {
    const text = "\uFEFFboard:\r\n  columns:\r\n    - {id: open, limit: 3, on: true, off: no, none: ~}\r\n";
    expect(JSON.parse(JSON.stringify(parseYaml(text, { path: "config.yml", firstLine: 1 })))).toEqual({
      board: { columns: [{ id: "open", limit: 3, on: true, off: "no", none: null }] },
    });
    expect(parseYaml("# nothing\n", { path: "config.yml", firstLine: 1 })).toBeNull();
  });

  test("names the line of an error", () => {
    const error = errorOf(() => parseYaml("a: 1\nb: [\n", { path: "config.yml", firstLine: 1 }));
    expect(error).toMatchObject({ code: "bad_config", data: { path: "config.yml" } });
    expect(error.data?.line).toBeGreaterThan(1);
  });
});
