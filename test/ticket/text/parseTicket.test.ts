import { describe, expect, test } from "vitest";
import { AyoError } from "../../../src/error.ts";
import { parseFrontMatter } from "../../../src/ticket/text/frontMatter.ts";
import { NeedsYaml, parseTicket, readBody } from "../../../src/ticket/text/parseTicket.ts";
import type { Ticket } from "../../../src/ticket/ticket.ts";

const parse = (source: string, path = "ayo-1.md"): Ticket => parseTicket(source, path, "v", parseFrontMatter);
const withFront = (lines: string): Ticket => parse(`---\n${lines}---\n# T\n`);

describe("parseTicket", () => {
  test("reads a usual ticket without the YAML parser", () => {
    const source =
      "---\nid: ayo-x7k2\nstatus: open\ndeps: [ayo-9fq1]\nlinks: []\ncreated: 2026-11-21T03:38:00Z\ntype: task\npriority: 2\nassignee: '@coder'\ntags: [auth]\n---\n# Build login\n\nText.\n\n## Acceptance Criteria\n\n- [ ] a\n- [x] b\n";
    expect(parseTicket(source, "ayo-x7k2.md", "v")).toEqual({
      id: "ayo-x7k2",
      path: "ayo-x7k2.md",
      version: "v",
      title: "Build login",
      status: "open",
      fields: {
        id: "ayo-x7k2",
        status: "open",
        deps: ["ayo-9fq1"],
        created: "2026-11-21T03:38:00Z",
        type: "task",
        priority: 2,
        assignee: ["@coder"],
        tags: ["auth"],
      },
      extra: {},
      criteria: { done: 1, total: 2 },
    });
  });

  test("asks for the YAML parser where the plain reader gives up", () => {
    expect(() => parseTicket("---\nid: a # c\n---\n", "a.md", "v")).toThrow(NeedsYaml);
  });

  test("snake_case and camelCase spellings; the kebab one wins, the other is kept as unknown", () => {
    const { fields, extra } = withFront("external_ref: a\nduplicateOf: b\nclaimed-by: c\nclaimed_by: d\n");
    expect(fields).toEqual({ externalRef: "a", duplicateOf: "b", claimedBy: "c" });
    expect(extra).toEqual({ claimed_by: "d" });
  });

  test("unknown keys are kept, as JSON values only where nothing is lost", () => {
    const lines =
      "a: true\nb: 12\nc: 1.50\nd: 0123\ne:\nf: ~\ng: {x: [1, y]}\nh: 1e3\nStatus: s\nexpected-thing: '{}'\n";
    expect(withFront(lines).extra).toEqual({
      a: true,
      b: 12,
      c: "1.50",
      d: "0123",
      e: null,
      f: null,
      g: { x: [1, "y"] },
      h: "1e3",
      Status: "s",
      "expected-thing": "{}",
    });
  });

  test("a known field of the wrong shape does not cost the ticket", () => {
    const { fields, extra, id } = withFront(
      "id: ../x\npriority: abc\ndeps: {a: b}\nstatus: [open]\ntags: [[a]]\nparent: {}\n",
    );
    expect(fields).toEqual({});
    expect(extra).toEqual({
      id: "../x",
      priority: "abc",
      deps: { a: "b" },
      status: ["open"],
      tags: [["a"]],
      parent: {},
    });
    expect(id).toBe("ayo-1");
  });

  test.each([
    ["critical", 0],
    ["High", 1],
    ["medium", 2],
    ["low", 3],
    ["lowest", 4],
    ["P1", 1],
    ["p0", 0],
    ["'3'", 3],
    ["07", 7],
  ])("priority %s is %d", (text, priority) => {
    expect(withFront(`priority: ${text}\n`).fields.priority).toBe(priority);
  });

  test.each([
    ["[a, b]", ["a", "b"]],
    ["a", ["a"]],
    ["a, b", ["a", "b"]],
    ["@a", ["@a"]],
    ["[1e3, no, 2024-01-01]", ["1e3", "no", "2024-01-01"]],
    ["[]", undefined],
    ["", undefined],
    ["null", undefined],
  ])("a list written %s", (text, list) => {
    expect(withFront(`deps: ${text}\n`).fields.deps).toEqual(list);
  });

  test.each([
    ["the id key", "---\nid: 1e3\n---\n", "archive/2026-11/x.md", "1e3"],
    ["the file name", "---\nstatus: open\n---\n", "archive/2026-11/ayo-7.md", "ayo-7"],
    ["the file name for an impossible id", "---\nid: con\n---\n", "ayo-7.md", "ayo-7"],
  ])("the id is %s", (_, source, path, id) => {
    expect(parse(source, path).id).toBe(id);
  });

  test.each([
    ["heading", "---\ntitle: key\n---\n\n# Head #1 \ntext\n# Other\n", "Head #1"],
    ["heading after code", "---\na: b\n---\n```\n# code\n```\n#no\n## H2\n# Real\n", "Real"],
    ["key", "---\ntitle: 'The: key'\n---\n```\n# code\n```\n", "The: key"],
    ["file name", "---\na: b\n---\ntext\n", "ayo-1"],
    ["CRLF heading", "---\r\na: b\r\n---\r\n# Head\r\n", "Head"],
  ])("the title is the %s", (_, source, title) => {
    expect(parse(source).title).toBe(title);
  });

  test("a title key that is not the title stays an unknown key", () => {
    expect(parse("---\ntitle: key\n---\n# Head\n").extra).toEqual({ title: "key" });
    expect(parse("---\ntitle: key\n---\n").extra).toEqual({});
  });

  test.each([
    ["no front matter", "# T\n", /no front matter: the first line must be ---/],
    ["an empty file", "", /no front matter/],
    ["a blank first line", "\n---\na: b\n---\n", /no front matter/],
    ["unclosed", "---\na: b\n", /not closed/],
    ["unclosed, dashes with text", "---\na: b\n--- x\n----\n", /not closed/],
  ])("%s is a bad ticket in line 1", (_, source, message) => {
    const error = (() => {
      try {
        return parse(source);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(AyoError);
    expect(error).toMatchObject({ code: "bad_ticket", data: { path: "ayo-1.md", line: 1 } });
    expect((error as AyoError).message).toMatch(message);
  });

  test("blanks after the dashes, a byte order mark, CRLF and a closing line without line end", () => {
    expect(parse("\uFEFF--- \t\r\nid: a\r\n---  \r\n# T\r\n")).toMatchObject({ id: "a", title: "T" });
    expect(parse("---\nid: a\n---")).toMatchObject({ id: "a", criteria: { done: 0, total: 0 } });
    expect(readBody("---\nid: a\n---\n\ntext")).toBe("\ntext");
    expect(readBody("text")).toBe("text");
  });

  test("ten thousand tickets parse in well under a second", () => {
    const source = `---\nid: ayo-x7k2\nstatus: open\ndeps: [ayo-9fq1]\ncreated: 2026-11-21T03:38:00Z\n---\n# T\n\n${"Text of a line.\n".repeat(50)}`;
    const start = performance.now();
    for (let n = 0; n < 10_000; n++) parseTicket(source, "ayo-x7k2.md", "v");
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
