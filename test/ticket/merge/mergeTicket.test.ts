import { expect, test } from "vitest";
import { mergeTicket, type TicketMerge } from "../../../src/ticket/merge/mergeTicket.ts";
import type { Stamp, Version } from "../../../src/ticket/merge/sides.ts";
import { DEFAULT_BOARD } from "../../../src/ticket/rules/board.ts";
import { parseFrontMatter } from "../../../src/ticket/text/frontMatter.ts";
import { parseNotes } from "../../../src/ticket/text/notes.ts";

const MARA: Stamp = { by: "Mara Lind", kind: "person", time: Date.parse("2026-11-28T10:00:00Z"), oid: "a".repeat(40) };
const CODER: Stamp = { by: "@coder", kind: "agent", time: Date.parse("2026-11-28T11:00:00Z"), oid: "b".repeat(40) };
const CONTEXT = { path: "a-1.md", at: "2026-11-28T12:00:00Z", board: DEFAULT_BOARD, frontMatter: parseFrontMatter };

const BASE = `---
id: a-1
status: open
deps: []
links: []
created: 2026-11-20T10:00:00Z
type: task
priority: 2
tags: [web]
---
# Login fails

The first line.

The second line.

## Acceptance Criteria

- [ ] it works
- [ ] it is tested

## Notes

**2026-11-21T10:00:00Z** @coder

Began.
`;

/** Merges both ways round, which must be the same, and answers what comes out. */
function merge(base: string | undefined, a: string | Partial<Version>, b: string | Partial<Version>): TicketMerge {
  const version = (side: string | Partial<Version>, tip: Stamp): Version => ({
    text: "",
    stamps: {},
    tip,
    ...(typeof side === "string" ? { text: side } : side),
  });
  const [left, right] = [version(a, MARA), version(b, CODER)];
  const merged = mergeTicket(base, left, right, CONTEXT);
  expect(mergeTicket(base, right, left, CONTEXT)).toEqual(merged);
  expect(merged.text).not.toMatch(/^[<>=]{7}/m);
  return merged;
}

const edit = (from: string | RegExp, to: string, text = BASE): string => {
  expect(text).toMatch(from);
  return text.replace(from, to);
};

const field = (key: string, value: string, text = BASE): string => {
  const line = new RegExp(`^${key}: .*$`, "m");
  return line.test(text)
    ? text.replace(line, `${key}: ${value}`)
    : text.replace(/^tags: /m, `${key}: ${value}\ntags: `);
};
const without = (key: string, text = BASE): string => edit(new RegExp(`^${key}: .*\\n`, "m"), "", text);
const fieldOf = (text: string, key: string): string | undefined => new RegExp(`^${key}: (.*)$`, "m").exec(text)?.[1];
const note = (at: string, by: string, said: string, text = BASE): string => `${text}\n**${at}** ${by}\n\n${said}\n`;
const mergeNotes = (text: string): string[] =>
  parseNotes(text).flatMap(({ by, text: said }) => (by === "ayo" ? [said] : []));
const bodyOf = (text: string): string => text.slice(text.indexOf("\n---\n"));

test("what one side changed is that side's, byte for byte", () => {
  const a = "---\nid:   a-1 # odd\r\n---\nno title\n\n\n";
  expect(merge(BASE, a, BASE)).toEqual({ text: a, losses: [] });
  expect(merge(BASE, a, a)).toEqual({ text: a, losses: [] });
});

test("different fields and lines are merged without a word, and other bytes stay", () => {
  const a = edit("first line", "1st line", field("priority", "1"));
  const b = edit("second line", "2nd line", field("assignee", "'@coder' # for now"));
  const { text, losses } = merge(BASE, a, b);
  expect(losses).toEqual([]);
  expect(text).toBe(
    edit(
      "second line",
      "2nd line",
      edit("first line", "1st line", field("assignee", "'@coder' # for now", field("priority", "1"))),
    ),
  );
});

test.each([
  ["priority", "0", "4"],
  ["due", "2026-12-01", "2026-12-24"],
  ["assignee", "Mara", "[x, y]"],
  ["parent", "a-2", "a-3"],
  ["type", "bug", "chore"],
  ["x-own", "one", "{deep: [1]}"],
])("of two values of %s the person's stays, and the other is in a note that names both", (key, mara, coder) => {
  const { text, losses } = merge(BASE, field(key, mara), field(key, coder));
  expect(fieldOf(text, key)).toBe(mara);
  expect(losses.map((loss) => loss.field)).toEqual([key]);
  const [said = "", ...more] = mergeNotes(text);
  expect(more).toEqual([]);
  expect(said).toContain("Mara Lind (2026-11-28T10:00:00Z)");
  expect(said).toContain("@coder (2026-11-28T11:00:00Z)");
  expect(text).toContain("**2026-11-28T12:00:00Z** ayo\n");
  // The person's change stays though it is the older one; between equals the later one does.
  const agent = { ...MARA, kind: "agent" as const };
  const later = merge(BASE, { text: field(key, mara), stamps: { [key]: agent } }, field(key, coder));
  expect(fieldOf(later.text, key)).toBe(coder);
});

test("a value that one side changed and the other took away is in a note", () => {
  const { text } = merge(BASE, without("priority"), field("priority", "0"));
  expect(fieldOf(text, "priority")).toBeUndefined();
  expect(mergeNotes(text)).toEqual([expect.stringContaining("no priority of Mara Lind")]);
});

test("the earlier of two times of making or starting stays without a word", () => {
  const a = field("started", "2026-11-25T10:00:00Z");
  const { text, losses } = merge(BASE, a, field("started", "2026-11-24T10:00:00Z"));
  expect([fieldOf(text, "started"), losses]).toEqual(["2026-11-24T10:00:00Z", []]);
});

test("lists are merged by member, in the style that they are written in", () => {
  const base = edit("tags: [web]", "tags:\n  - web # the first\n  - old");
  const a = edit("  - old", "  - new", base);
  const b = edit("  - old", "  - old\n  - b", base);
  expect(merge(base, a, b).text).toBe(edit("  - old", "  - b\n  - new", base));
  expect(fieldOf(merge(BASE, field("deps", "[x-1]"), field("deps", "[y-1, x-1]")).text, "deps")).toBe("[x-1, y-1]");
  expect(fieldOf(merge(BASE, field("tags", "[]"), field("tags", "[web, b]")).text, "tags")).toBe("[b]");
  expect(fieldOf(merge(BASE, without("tags"), field("tags", "[web, b]")).text, "tags")).toBe("[b]");
  expect(fieldOf(merge(BASE, field("commits", "[aaaaaaa]"), field("commits", "[bbbbbbb]")).text, "commits")).toBe(
    "[aaaaaaa, bbbbbbb]",
  );
});

test("keys keep their order, and comments between them stay", () => {
  const a = edit("priority: 2", "# how soon\npriority: 2\nx-a: 1");
  const b = edit("type: task", "type: bug\nx-b: 2");
  const { text } = merge(BASE, a, b);
  expect(text.split("---")[1]?.match(/^[^:\n]+/gm)).toEqual([
    "id",
    "status",
    "deps",
    "links",
    "created",
    "type",
    "x-b",
    "# how soon",
    "priority",
    "x-a",
    "tags",
  ]);
});

test("notes of both sides follow the base's by time, each with its bytes", () => {
  const a = note("2026-11-22T10:00:00Z", "Mara Lind", "later");
  const b = note("2026-11-21T12:00:00Z", "@coder", "sooner\n\n```\n## Notes\n```");
  expect(merge(BASE, a, b).text).toBe(note("2026-11-22T10:00:00Z", "Mara Lind", "later", b));
});

test("one note that both have is there once, one that a side has twice is there twice", () => {
  const once = note("2026-11-22T10:00:00Z", "@coder", "same");
  const twice = note("2026-11-22T10:00:00Z", "@coder", "same", once);
  expect(merge(BASE, twice, `${once}\n**2026-11-23T10:00:00Z** @x\n\nmore\n`).text).toBe(
    `${twice}\n**2026-11-23T10:00:00Z** @x\n\nmore\n`,
  );
});

test("an edited note stays in its place; of one that both edited both are there, and one that a side took away is gone", () => {
  const more = note("2026-11-22T10:00:00Z", "@coder", "More.");
  const [a, b] = [edit("Began.", "Began well.", more), note("2026-11-23T10:00:00Z", "@x", "New.", more)];
  expect(merge(more, a, b).text).toBe(edit("Began.", "Began well.", b));
  const both = merge(more, a, edit("Began.", "Began badly.", more)).text;
  expect(parseNotes(both).map(({ text }) => text)).toEqual(["Began badly.", "Began well.", "More."]);
  const cut = edit("\n**2026-11-22T10:00:00Z** @coder\n\nMore.\n", "", more);
  expect(parseNotes(merge(more, cut, b).text).map(({ text }) => text)).toEqual(["Began.", "New."]);
});

test("a note with an unclosed fence swallows no note of the other side", () => {
  const a = note("2026-11-22T10:00:00Z", "Mara Lind", "```\nopen");
  const b = note("2026-11-23T10:00:00Z", "@coder", "```\nopen too");
  const { text } = merge(BASE, a, b);
  expect(parseNotes(text)).toHaveLength(3);
});

test("criteria: ticks of both sides, new ones of both, and a box that a side cleared is clear", () => {
  const a = edit("[ ] it works", "[x] it works", edit("- [ ] it is tested", "- [ ] it is tested\n- [ ] by Mara"));
  const b = edit(
    "[ ] it is tested",
    "[X] it is tested",
    edit("- [ ] it is tested", "- [ ] it is tested\n- [ ] by coder"),
  );
  const { text, losses } = merge(BASE, a, b);
  expect(losses).toEqual([]);
  expect(text).toContain(
    "- [x] it works\n- [X] it is tested\n- [ ] by Mara\n- [ ] by coder\n".replace(
      "- [ ] by Mara\n- [ ] by coder",
      "- [ ] by Mara\n- [ ] by coder",
    ),
  );
  const ticked = edit("[ ] it works", "[x] it works");
  expect(merge(ticked, BASE, edit("is tested", "is tested well", ticked)).text).toContain(
    "- [ ] it works\n- [ ] it is tested well\n",
  );
});

test("a criterion that one side ticked and the other reworded is not ticked, which is told", () => {
  const { text, losses } = merge(BASE, edit("it works", "it works on Windows"), edit("[ ] it works", "[x] it works"));
  expect(text).toContain("- [ ] it works on Windows\n- [ ] it is tested\n");
  expect(losses).toHaveLength(1);
  expect(mergeNotes(text)).toEqual([
    expect.stringMatching(/criterion 'it works', ticked by @coder .* taken away by Mara Lind/),
  ]);
});

test.each([
  ["in_progress", "in_review", "in_review"],
  ["blocked", "in_progress", "in_progress"],
  ["in_review", "closed", "closed"],
  ["cancelled", "failed", "failed"],
  ["failed", "closed", "closed"],
  ["cancelled", "in_progress", "cancelled"],
  ["strange", "blocked", "blocked"],
])("of the statuses %s and %s, %s stays and both are told, whoever has which", (one, other, stays) => {
  for (const [a, b] of [
    [one, other],
    [other, one],
  ] as const) {
    const { text, losses } = merge(BASE, field("status", a), field("status", b));
    expect(fieldOf(text, "status")).toBe(stays);
    expect(losses).toMatchObject([
      { field: "status", text: expect.stringContaining(`status '${stays === a ? b : a}'`) },
    ]);
  }
});

test("the time of closing goes with the status that stays, the earlier one where both closed", () => {
  const closed = (at: string, status = "closed"): string => field("closed", at, field("status", status));
  expect(
    fieldOf(merge(BASE, closed("2026-11-25T10:00:00Z", "cancelled"), closed("2026-11-26T10:00:00Z")).text, "closed"),
  ).toBe("2026-11-26T10:00:00Z");
  expect(fieldOf(merge(BASE, closed("2026-11-25T10:00:00Z"), closed("2026-11-24T10:00:00Z")).text, "closed")).toBe(
    "2026-11-24T10:00:00Z",
  );
  const base = closed("2026-11-22T10:00:00Z");
  const reopened = without("closed", field("status", "open", base));
  expect(merge(base, reopened, field("priority", "0", base)).text).toBe(field("priority", "0", reopened));
});

test("approved here and sent back there is in review again", () => {
  const base = field("status", "in_review");
  const closed = field("closed", "2026-11-28T10:00:00Z", field("status", "closed"));
  const { text, losses } = merge(base, closed, field("status", "in_progress"));
  expect([fieldOf(text, "status"), fieldOf(text, "closed"), losses.length]).toEqual(["in_review", undefined, 1]);
  // Sent back and handed in again is something else than not touched.
  const again = note("2026-11-28T11:00:00Z", "@coder", "Again.", base);
  expect(fieldOf(merge(base, closed, { text: again, stamps: { status: CODER } }).text, "status")).toBe("in_review");
  expect(fieldOf(merge(base, closed, again).text, "status")).toBe("closed");
});

test("a close that did not know of an open criterion, or under a claim that was over, is in review", () => {
  const closed = field("closed", "2026-11-28T10:00:00Z", field("status", "closed"));
  const more = edit("- [ ] it is tested", "- [ ] it is tested\n- [ ] on Windows");
  const { text } = merge(BASE, closed, more);
  expect([fieldOf(text, "status"), fieldOf(text, "closed")]).toEqual(["in_review", undefined]);
  expect(mergeNotes(text)).toEqual([expect.stringContaining("'on Windows'")]);
  const cleared = edit("[ ] it works", "[x] it works");
  expect(fieldOf(merge(cleared, edit(/status: .*/, "status: closed", cleared), BASE).text, "status")).toBe("in_review");
  expect(fieldOf(merge(BASE, { text: closed, claim: "lost" }, field("priority", "0")).text, "status")).toBe(
    "in_review",
  );
  expect(fieldOf(merge(BASE, closed, field("priority", "0")).text, "status")).toBe("closed");
});

const claim = (by: string, lease: string, token: string, text = BASE): string =>
  edit("tags:", `claimed-by: '${by}'\nlease: 2026-11-28T${lease}:00Z\nclaim: ${token}\ntags:`, text);

test("claims are one value: of two at once the one that its ref knows stays, else none", () => {
  const [a, b] = [claim("@one", "10:15", "aaa"), claim("@two", "10:20", "bbb")];
  expect(merge(BASE, a, b).text).not.toMatch(/^(?:claim|lease)/m);
  expect(mergeNotes(merge(BASE, a, b).text)).toEqual([expect.stringMatching(/@one.*@two.*neither/)]);
  const held = merge(BASE, a, { text: b, claim: "held" });
  expect([fieldOf(held.text, "claim"), fieldOf(held.text, "lease")]).toEqual(["bbb", "2026-11-28T10:20:00Z"]);
  expect(mergeNotes(held.text)).toHaveLength(1);
});

test("no claim is left on a ticket that the other side closed meanwhile", () => {
  const closed = field("closed", "2026-11-28T10:00:00Z", field("status", "closed"));
  const { text, losses } = merge(BASE, closed, field("status", "in_progress", claim("@two", "10:20", "bbb")));
  expect(text).not.toMatch(/^(?:claim|lease)/m);
  expect(losses.map((loss) => loss.field)).toEqual(["status", "claim"]);
});

test("a claim that others know to be held keeps its ticket in work, though it ended on the other side", () => {
  const base = field("status", "in_progress", claim("@one", "10:15", "aaa"));
  const noted = base.replace("The second line.", "The second line, noted.");
  const { text } = merge(base, BASE, { text: noted, claim: "held" });
  expect([fieldOf(text, "status"), fieldOf(text, "claim")]).toEqual(["in_progress", "aaa"]);
  const ended = merge(base, BASE, noted);
  expect([fieldOf(ended.text, "status"), ended.text]).toEqual(["open", expect.not.stringMatching(/^claim/m)]);
});

test("whose work is in review is nobody's who holds the ticket, where the other side sends that back", () => {
  const working = field("status", "in_progress", claim("@one", "10:15", "aaa"));
  const handedIn = field("status", "in_review", working).replace(/^lease: .*\n/m, "");
  const noted = handedIn.replace("The second line.", "The second line, noted.");
  const { text, losses } = merge(handedIn, BASE, { text: noted, claim: "held" });
  expect([fieldOf(text, "status"), text]).toEqual(["open", expect.not.stringMatching(/^(?:claim|lease)/m)]);
  expect(losses).toMatchObject([{ field: "claim", text: expect.stringContaining("has sent the ticket back") }]);
});

test("a claim that was renewed twice has the longer lease; its end, and a new one, are after a renewal", () => {
  const base = claim("@one", "10:15", "aaa");
  const [longer, longest] = [claim("@one", "10:30", "aaa"), claim("@one", "10:45", "aaa")];
  expect(fieldOf(merge(base, longer, longest).text, "lease")).toBe("2026-11-28T10:45:00Z");
  expect(merge(base, BASE, longer).text).not.toMatch(/^(?:claim|lease)/m);
  expect(fieldOf(merge(base, longest, claim("@two", "10:20", "bbb")).text, "claim")).toBe("bbb");
  expect(fieldOf(merge(base, BASE, claim("@two", "10:20", "bbb")).text, "claim")).toBe("bbb");
});

test("where both changed the same lines of the text the winner's stand, and the other's are quoted", () => {
  const { text } = merge(
    BASE,
    edit("The first line.", "Mara's line."),
    edit("The first line.", "A line.\nAnd one more."),
  );
  expect(text).toContain("\n\nMara's line.\n\nThe second line.\n");
  expect(mergeNotes(text)).toEqual([expect.stringMatching(/> A line\.\n> And one more\.$/)]);
});

test("the title is a value of its own", () => {
  const { text } = merge(
    BASE,
    edit("# Login fails", "# Login fails often"),
    edit("# Login fails\n\nThe first", "# No login\n\nThe very first"),
  );
  expect(bodyOf(text)).toContain("# Login fails often\n\nThe very first line.\n");
  expect(mergeNotes(text)).toEqual([expect.stringContaining("title 'No login' of @coder")]);
});

test("sections that only one side has keep their place", () => {
  const bare = BASE.slice(0, BASE.indexOf("\n## Acceptance"));
  const a = `${bare}\n## Acceptance Criteria\n\n- [ ] one\n\n## Later\n\nL\n`;
  const b = `${bare}\n## Notes\n\n**2026-11-21T10:00:00Z** @coder\n\nBegan.\n`;
  const { text, losses } = merge(bare, a, b);
  expect(losses).toEqual([]);
  expect(text).toBe(`${a}\n## Notes\n\n**2026-11-21T10:00:00Z** @coder\n\nBegan.\n`);
});

test("line ends and a byte order mark stay as they are, or as the one side that changed them has them", () => {
  const crlf = (text: string): string => text.replaceAll("\n", "\r\n");
  const [a, b] = [field("priority", "0"), edit("second", "2nd")];
  const both = edit("second", "2nd", a);
  expect(merge(crlf(BASE), crlf(a), crlf(b)).text).toBe(crlf(both));
  expect(merge(BASE, crlf(a), b).text).toBe(crlf(both));
  expect(merge(`\uFEFF${BASE}`, `\uFEFF${a}`, `\uFEFF${b}`).text).toBe(`\uFEFF${both}`);
});

test("a front matter that is no plain lines is merged by its values", () => {
  const base = BASE.replace(/---\n[\s\S]*?---\n/, "---\n{id: a-1, status: open, priority: 2, tags: [web]}\n---\n");
  const { text } = merge(base, base.replace("priority: 2", "priority: 1"), base.replace("[web]", "[web, b]"));
  expect([fieldOf(text, "priority"), fieldOf(text, "tags"), fieldOf(text, "status")]).toEqual([
    "1",
    "[web, b]",
    "open",
  ]);
});

test("of two files of which one cannot be read the other stays, and its bytes are handed back", () => {
  const bad = edit("priority: 2", "priority: [2");
  const good = field("priority", "0");
  expect(merge(BASE, good, bad)).toEqual({
    text: good,
    losses: [{ field: "file", text: expect.stringContaining("@coder") }],
    setAside: bad,
  });
  const marked = `${BASE}<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n`;
  expect(
    mergeTicket(BASE, { text: marked, stamps: {}, tip: MARA }, { text: good, stamps: {}, tip: CODER }, CONTEXT),
  ).toMatchObject({ text: good, setAside: marked });
  const robot: Stamp = { ...CODER, by: "@robot", time: CODER.time + 1, oid: "c".repeat(40) };
  const said = mergeTicket(
    BASE,
    { text: marked, stamps: { file: MARA }, tip: robot },
    { text: good, stamps: { priority: CODER }, tip: robot },
    CONTEXT,
  );
  expect(said.losses[0]?.text).toMatch(/^the file of @coder stays; that of Mara Lind cannot be read/);
  // A base that cannot be read counts as none.
  expect(fieldOf(merge(bad, field("tags", "[a]"), field("tags", "[b]")).text, "tags")).toBe("[a, b]");
});

test("without a base both are kept as far as they go together", () => {
  const { text } = merge(
    undefined,
    field("tags", "[a]", note("2026-11-22T10:00:00Z", "@x", "X")),
    field("tags", "[b]", note("2026-11-23T10:00:00Z", "@y", "Y")),
  );
  expect(fieldOf(text, "tags")).toBe("[a, b]");
  expect(parseNotes(text).map((one) => one.text)).toEqual(["Began.", "X", "Y"]);
  expect(mergeNotes(text)).toEqual([]);
});

test("of two places by hand the winner's stays, and nobody is told", () => {
  const { text, losses } = merge(BASE, field("rank", "a0V"), field("rank", "a2"));
  expect([fieldOf(text, "rank"), losses, mergeNotes(text)]).toEqual(["a0V", [], []]);
});
