import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AyoError } from "../../../src/error.ts";
import { fieldName } from "../../../src/ticket/fields.ts";
import { parseFrontMatter } from "../../../src/ticket/text/frontMatter.ts";
import { NeedsYaml, readValues } from "../../../src/ticket/text/parseTicket.ts";
import { type FieldChanges, patchFields } from "../../../src/ticket/text/patchTicket.ts";

const RUNS = Number(process.env.FUZZ ?? 1500);

/** Changes a file whose front matter has these lines, and gives back the new lines. */
function patch(lines: string, changes: FieldChanges): string {
  const body = "---\n# T\n\nstatus: open\n---\n";
  const result = patchFields(`---\n${lines}${body}`, changes, "x.md", parseFrontMatter);
  expect(result.endsWith(body)).toBe(true);
  return result.slice(4, -body.length);
}

function errorOf(work: () => unknown): AyoError {
  try {
    work();
  } catch (error) {
    if (error instanceof AyoError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("patchFields keeps the style of the line it changes", () => {
  test.each<[string, string, FieldChanges, string]>([
    ["plain", "status: open\n", { status: "closed" }, "status: closed\n"],
    ["wide gap and comment", "status:   open   # now\n", { status: "closed" }, "status:   closed   # now\n"],
    ["single quotes", "status: 'open' # x\n", { status: "closed" }, "status: 'closed' # x\n"],
    ["double quotes", 'status: "open"\n', { status: 'a"b' }, 'status: "a\\"b"\n'],
    ["empty", "status:\nid: a\n", { status: "open" }, "status: open\nid: a\n"],
    ["empty with comment", "status: # why\n", { status: "open" }, "status: open # why\n"],
    ["quoted key", "'status': open\n", { status: "closed" }, "'status': closed\n"],
    ["multi-line plain", "status: a\n  b\n  c\nid: x\n", { status: "open" }, "status: open\nid: x\n"],
    ["multi-line quoted", "status: 'a\n  b' # c\nid: x\n", { status: "open" }, "status: 'open' # c\nid: x\n"],
    ["block scalar", "a: |\n  status: x\n\n  y\n\nid: x\n", { a: "z" }, "a: z\n\nid: x\n"],
    ["block scalar header comment", "a: >- # c\n  x\nid: x\n", { a: "z" }, "a: z # c\nid: x\n"],
    ["block scalar that keeps blank lines", "a: |+\n  x\n\n# c\n", { a: "z" }, "a: z\n# c\n"],
    ["value on the next line", "status:\n  open\nid: x\n", { status: "closed" }, "status: closed\nid: x\n"],
    ["number", "priority: 2 # p\n", { priority: 0 }, "priority: 0 # p\n"],
    ["quoted number", "priority: '2'\n", { priority: 0 }, "priority: '0'\n"],
    ["snake_case", "external_ref: a\n", { externalRef: "b" }, "external_ref: b\n"],
    ["camelCase", "externalRef: a\n", { "external-ref": "b" }, "externalRef: b\n"],
    ["unused anchor", "status: &s open\n", { status: "closed" }, "status: &s closed\n"],
    [
      "same value",
      'status: "open"   # c\npriority: P2\n',
      { status: "open", priority: 2 },
      'status: "open"   # c\npriority: P2\n',
    ],
    ["mention", "assignee: @me\n", { status: "open" }, "assignee: @me\nstatus: open\n"],
    ["mention replaced", "assignee: @me # x\n", { assignee: ["@you"] }, "assignee: '@you' # x\n"],
  ])("%s", (_, before, changes, after) => {
    expect(patch(before, changes)).toBe(after);
  });
});

describe("patchFields changes lists in their own style", () => {
  test.each<[string, string, readonly string[], string]>([
    ["flow", "deps: [a, b] # c\n", ["a", "c"], "deps: [a, c] # c\n"],
    ["flow, own quotes kept", `deps: ["a", 'b']\n`, ["a", "c"], `deps: ["a", c]\n`],
    ["flow, padded", "deps: [ a ]\n", ["a", "b"], "deps: [ a, b ]\n"],
    ["flow, tight", "deps: [a,b]\n", ["a", "b", "c"], "deps: [a,b,c]\n"],
    ["flow, emptied", "deps: [ a ]\n", [], "deps: []\n"],
    ["flow over lines", "deps: [\n  a, # x\n  b\n] # end\nid: x\n", ["b"], "deps: [b] # end\nid: x\n"],
    ["block, add", "deps:\n  - a # one\n  - 'b'\n", ["a", "b", "c"], "deps:\n  - a # one\n  - 'b'\n  - c\n"],
    ["block, remove", "deps:\n- a\n# why\n-   b\n- c\nid: x\n", ["a", "c"], "deps:\n- a\n# why\n- c\nid: x\n"],
    ["block, replace all", "deps:\n  - a\n  # c\n", ["z"], "deps:\n  - z\n  # c\n"],
    ["block, emptied", "deps: # d\n  - a\n  # why\nid: x\n", [], "deps: [] # d\n  # why\nid: x\n"],
    ["block, reordered", "deps:\n  - a # one\n  - b\n", ["b", "a"], "deps:\n  - b\n  - a # one\n"],
    ["scalar", "deps: a\n", ["b"], "deps: b\n"],
    ["scalar grows", "deps: 'a'\n", ["a", "b"], "deps: [a, b]\n"],
    ["comma words", "deps: a, b\n", ["a"], "deps: a\n"],
    ["empty", "deps:\n", ["a"], "deps: [a]\n"],
    ["nothing to do", "deps: a, b # c\n", ["a", "b"], "deps: a, b # c\n"],
    ["absent and empty", "id: x\n", [], "id: x\n"],
    ["number-like", "deps: []\n", ["1e3", "no", "2024-01-01"], "deps: ['1e3', 'no', '2024-01-01']\n"],
  ])("%s", (_, before, deps, after) => {
    expect(patch(before, { deps })).toBe(after);
  });
});

describe("patchFields adds and removes keys", () => {
  test("a new key becomes the last line, quoted for readers of YAML 1.1 and 1.2", () => {
    const changes = {
      assignee: ["@a"],
      parent: "0123",
      due: "2026-12-31",
      closed: "2026-11-21T03:38:00Z",
      note: "a: b",
      on: "x\ny",
    };
    expect(patch("id: x\n", changes)).toBe(
      `id: x\nassignee: '@a'\nparent: '0123'\ndue: 2026-12-31\nclosed: 2026-11-21T03:38:00Z\nnote: 'a: b'\n'on': "x\\ny"\n`,
    );
  });

  test("null removes the key's lines and leaves the comments around them", () => {
    const lines = "id: x\n# above\nlease: |\n  a\n\n# below\nexternal_ref: a\nexternal-ref: b\n";
    expect(patch(lines, { lease: null, externalRef: null, absent: null })).toBe("id: x\n# above\n\n# below\n");
  });

  test("works on empty front matter, CRLF, a byte order mark and no final newline", () => {
    expect(patch("", { id: "a" })).toBe("id: a\n");
    const source = "\uFEFF---\r\nid: a\r\ndeps:\r\n  - x\r\n---\r\nstatus: no";
    const result = patchFields(source, { deps: ["x", "z"], status: "open" }, "x.md", parseFrontMatter);
    expect(result).toBe("\uFEFF---\r\nid: a\r\ndeps:\r\n  - x\r\n  - z\r\nstatus: open\r\n---\r\nstatus: no");
    expect(patchFields("---\nid: a\n---", { id: "b" }, "x.md")).toBe("---\nid: b\n---");
  });

  test("__proto__ is a key like any other", () => {
    expect(patch("id: x\n__proto__: a\n", { ["__proto__"]: "b", status: "open" })).toBe(
      "id: x\n__proto__: b\nstatus: open\n",
    );
  });
});

describe("patchFields refuses what it cannot do byte by byte", () => {
  test.each<[string, string, FieldChanges, RegExp]>([
    [
      "an anchor that is used",
      "a: &x b\nc: *x\n",
      { a: "z" },
      /cannot change 'a' in x.md: .*anchor.*edit the file by hand/,
    ],
    ["an anchor that would go", "a: &x b\nc: *x\n", { a: null }, /cannot change 'a'/],
    ["a flow mapping", "{id: x, status: open}\n", { status: "closed" }, /not written as 'key: value' lines/],
    ["a tag that keeps", "status: !!seq [a]\n", { status: "b" }, /cannot change 'status'/],
  ])("%s", (_, lines, changes, message) => {
    const error = errorOf(() => patch(lines, changes));
    expect(error.code).toBe("unpatchable");
    expect(error.message).toMatch(message);
  });

  test("a file without front matter, or with bad front matter, is a bad ticket", () => {
    expect(errorOf(() => patchFields("# T\n", { status: "x" }, "x.md")).code).toBe("bad_ticket");
    expect(errorOf(() => patch("a: [\n", { status: "x" })).code).toBe("bad_ticket");
    expect(() => patchFields("---\na: b # c\n---\n", { a: "c" }, "x.md")).toThrow(NeedsYaml);
  });
});

const text = fc.oneof(
  fc.constantFrom(
    "open",
    "a b",
    "ayo-x7k2",
    "1e3",
    "no",
    "~",
    "@x",
    "a: b",
    "a #b",
    "it's",
    'say "hi"',
    "- x",
    "",
    " pad ",
    "x\ny",
    "---",
  ),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(..."ab ,:#'\"[]{}&*!|>%@`\\\t\n-"), maxLength: 10 }),
);
const safe = fc.constantFrom("a", "b c", "ayo-1", "'q'", '"d"', "1e3", "x: 'no'".slice(3), "@m");
const item = fc.constantFrom("a", "b", "c", "'d'", '"e f"', "1e3");
const comment = fc.constantFrom("", " # note", "   # status: x");

/** The lines of one key with some value in some style; `@` stands for the line end. */
const entry = (key: string) =>
  fc
    .oneof(
      fc.tuple(safe, comment).map(([value, tail]) => `: ${value}${tail}@`),
      comment.map((tail) => `:${tail}@`),
      fc.tuple(fc.array(item, { maxLength: 3 }), comment).map(([items, tail]) => `: [${items.join(", ")}]${tail}@`),
      fc.array(item, { maxLength: 3 }).map((items) => `: [${items.map((one) => `@  ${one}, # c`).join("")}@ ]@`),
      fc
        .tuple(fc.array(fc.tuple(item, comment), { minLength: 1, maxLength: 4 }), fc.constantFrom("", "  "), comment)
        .map(
          ([items, pad, tail]) =>
            `:${tail}@${items.map(([one, note]) => `${pad}- ${one}${note}@`).join(`${pad}# in@`)}`,
        ),
      fc.constantFrom("|", ">", "|-", ">2", "| # c").map((head) => `: ${head}@  text@@  # no comment@  status: x@`),
      fc.constant(": one@  two@@  three # c@"),
      fc.constant(`: "one@  two\\"" # c@`),
      fc.constant(": 'it''s@@  two'@"),
      fc.constant(":@  sub: 1@  # c@  other: [a]@"),
      fc.constant(": {a: 'x, y', b: \"}\"} # c@"),
      fc.constant(": &anchor value@"),
    )
    .map((value) => ({ key, text: key + value }));

const KEYS = ["id", "status", "deps", "external_ref", "x-1", "'my key'", "priority", "assignee"];
const between = fc.constantFrom("", "", "", "@", "# comment@", "# status: x@", "@# a: b@@");
const file = fc.record({
  entries: fc
    .subarray(KEYS, { minLength: 1 })
    .chain((keys) => fc.tuple(...keys.map((key) => fc.tuple(entry(key), between)))),
  top: between,
  eol: fc.constantFrom("\n", "\r\n"),
  body: fc.constantFrom("", "# T@@status: open@---@id: no@", "no final newline", "@@```@---@"),
});
const RAW = ["x-1", "my key", "new-key", "on"];
const anyValue = fc.oneof(text, fc.array(text, { maxLength: 4 }), fc.constant(null), fc.nat(9));
type Changed = [name: string, value: string | number | readonly string[] | null];
const change: fc.Arbitrary<Changed> = fc.oneof(
  fc.tuple(fc.constantFrom("status", "externalRef", "lease"), fc.option(text)),
  fc.tuple(fc.constantFrom("deps", "assignee", "tags"), fc.option(fc.oneof(text, fc.array(text, { maxLength: 4 })))),
  fc.tuple(fc.constant("priority"), fc.option(fc.nat(9))),
  fc.tuple(fc.constantFrom(...RAW), anyValue),
);

/** A generated file in three pieces: before, in and after the lines of `key`, which may be none. */
function render({ entries, top, eol, body }: File, key: string): { above: string; own: string; below: string } {
  const lines = (part: string) => part.replaceAll(/@(?!m)/g, eol);
  const found = entries.findIndex(([one]) => one.key.replaceAll("'", "") === key);
  const at = found < 0 ? entries.length : found;
  const join = (some: File["entries"]) => some.map(([one, after]) => lines(one.text + after)).join("");
  const [own, after] = entries[at] ?? [{ text: "" }, ""];
  return {
    above: `---${eol}${lines(top)}${join(entries.slice(0, at))}`,
    own: lines(own.text),
    below: `${lines(after)}${join(entries.slice(at + 1))}---${eol}${lines(body)}`,
  };
}
type File = typeof file extends fc.Arbitrary<infer T> ? T : never;

function assertReads(result: string, [name, value]: Changed): void {
  const read = readValues(result, "x.md", parseFrontMatter);
  if (value === null) expect(Object.keys(read).filter((key) => fieldName(key) === name || key === name)).toEqual([]);
  else if (RAW.includes(name)) expect(read[name]).toEqual(typeof value === "number" ? String(value) : value);
}

describe("patchFields over generated files", () => {
  test("only the lines of the changed key change, and the file says what was wanted", () => {
    let patched = 0;
    const check = (made: File, [name, value]: Changed) => {
      const { above, own, below } = render(made, name === "externalRef" ? "external_ref" : name);
      const source = above + own + below;
      const result = patchFields(source, { [name]: value }, "x.md", parseFrontMatter);
      patched += result === source ? 0 : 1;
      expect(result.slice(0, above.length)).toBe(above);
      expect(result.slice(-below.length)).toBe(below);
      if (made.eol === "\r\n") expect(result.slice(above.length, -below.length)).not.toMatch(/[^\r]\n/);
      assertReads(result, [name, value]);
    };
    fc.assert(fc.property(file, change, check), { numRuns: RUNS });
    expect(patched).toBeGreaterThan(RUNS / 2);
  });
});
