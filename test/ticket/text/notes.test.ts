import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noteId, withIds } from "../../../src/ticket/text/noteId.ts";
import { appendNote, appendNow, parseNotes } from "../../../src/ticket/text/notes.ts";
import type { Note } from "../../../src/ticket/ticket.ts";

const RUNS = Number(process.env.FUZZ ?? 1500);
const FRONT = "---\nid: a\n---\n";
const at = "2026-11-21T03:40:00Z";

describe("parseNotes", () => {
  test("reads our notes, tk's and those of the first ayo", () => {
    const source = `${FRONT}# T\n\n## Notes\n\nloose text\n\n**${at}** @coder\n\nOurs\n\n**2026-01-02T03:04:05Z**\n\ntk's\n\n### 2026-01-02T03:04:05.678Z\n\nfirst\n### 2026-01-02 03:04 Jane Doe\nwith author\n`;
    expect(parseNotes(source)).toEqual([
      { at, by: "@coder", text: "Ours" },
      { at: "2026-01-02T03:04:05Z", by: null, text: "tk's" },
      { at: "2026-01-02T03:04:05.678Z", by: null, text: "first" },
      { at: "2026-01-02 03:04", by: "Jane Doe", text: "with author" },
    ]);
  });

  test("the section ends at the next H1 or H2 outside code", () => {
    const source = `## Notes\n\n**${at}**\n\n\`\`\`sh\n# code\n## more\n\`\`\`\n\n### H3\n\n## Design\n\n**${at}**\n\nno note\n`;
    expect(parseNotes(source)).toEqual([{ at, by: null, text: "```sh\n# code\n## more\n```\n\n### H3" }]);
  });

  test("a heading inside code is no section, an unclosed fence hides none", () => {
    expect(parseNotes(`\`\`\`md\n## Notes\n**${at}**\n\`\`\`\n`)).toEqual([]);
    expect(parseNotes(`\`\`\`md\ntext\n\n## Notes\n\n**${at}**\n\nseen\n`)).toEqual([{ at, by: null, text: "seen" }]);
  });

  test("dates in bold text are no headers", () => {
    expect(parseNotes(`## Notes\n\n**${at}**\n\n**2026-11-21** was wet\n`)[0]?.text).toBe("**2026-11-21** was wet");
  });
});

describe("appendNote", () => {
  test("makes the section at the end of the file", () => {
    const note: Note = { at, by: "@coder", text: "Works." };
    const section = `## Notes\n\n**${at}** @coder\n\nWorks.\n`;
    expect(appendNote(`${FRONT}# T\n`, note)).toBe(`${FRONT}# T\n\n${section}`);
    expect(appendNote(`${FRONT}# T`, note)).toBe(`${FRONT}# T\n\n${section}`);
    expect(appendNote(`${FRONT}# T\n\n`, note)).toBe(`${FRONT}# T\n\n${section}`);
    expect(appendNote(FRONT, note)).toBe(FRONT + section);
    expect(appendNote("---\nid: a\n---", note)).toBe(FRONT + section);
  });

  test("adds to the end of the section, also where other sections follow it", () => {
    const source = `# T\n\n## Notes\n\n**${at}**\n\none\n\n\n## After\n\ntext\n`;
    expect(appendNote(source, { at, by: null, text: "two" })).toBe(
      `# T\n\n## Notes\n\n**${at}**\n\none\n\n**${at}**\n\ntwo\n\n\n## After\n\ntext\n`,
    );
    expect(appendNote("## Notes\n## After\n", { at, by: null, text: "x" })).toBe(
      `## Notes\n\n**${at}**\n\nx\n\n## After\n`,
    );
  });

  test("code blocks stay readable; what would end the note gets a backslash", () => {
    const text = "Try:\n```sh\n# comment\n```\n# heading\n## Notes\n**2026-01-01T00:00:00Z** @x\n\\# b\n```open";
    const source = appendNote(`${FRONT}# T\n`, { at, by: "@a", text });
    expect(source).toContain(
      "```sh\n# comment\n```\n\\# heading\n\\## Notes\n\\**2026-01-01T00:00:00Z** @x\n\\\\# b\n\\```open\n",
    );
    expect(parseNotes(source)).toEqual([{ at, by: "@a", text }]);
  });

  test("a fence left open in the description does not swallow notes with code", () => {
    const source = `${FRONT}# T\n\n\`\`\`\nopen\n`;
    const noted = appendNote(appendNote(source, { at, by: null, text: "one" }), {
      at,
      by: null,
      text: "```\n# x\n```",
    });
    expect(parseNotes(noted).map((note) => note.text)).toEqual(["one", "```\n# x\n```"]);
  });

  test("an author on one line, or none", () => {
    expect(parseNotes(appendNote(FRONT, { at, by: " Jane\n Doe ", text: "x" }))[0]?.by).toBe("Jane Doe");
    expect(parseNotes(appendNote(FRONT, { at, by: " ", text: "" }))).toEqual([{ at, by: null, text: "" }]);
  });
});

const row = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "text",
    "# H",
    "## Notes",
    "## Design",
    "### H3",
    "```",
    "```sh",
    "~~~",
    "````",
    "  ```",
    "#",
    "##",
    "#tag",
  ),
  fc.constantFrom(
    `**${at}**`,
    `**${at}** @x`,
    `### ${at}`,
    "\\# x",
    "\\\\## Notes",
    "\\```",
    "---",
    "- [ ] a",
    "    # x",
    "```a`b",
  ),
  fc.string({ unit: "grapheme", maxLength: 10 }),
);
const eol = fc.constantFrom("\n", "\r\n");
const text = fc.tuple(fc.array(row, { maxLength: 8 }), eol).map(([rows, by]) => rows.join(by));

/** What a note keeps of a text: its lines, without blank ones around them. */
function kept(raw: string): string {
  const rows = raw.replaceAll(/\r\n?/g, "\n").split("\n");
  while (rows.length > 0 && /^[ \t]*$/.test(rows[0] ?? "")) rows.shift();
  while (rows.length > 0 && /^[ \t]*$/.test(rows.at(-1) ?? "")) rows.pop();
  return rows.join("\n");
}

describe("a note's id", () => {
  const note = { at, by: "@coder", text: "Works." };

  test("is made of time, author and text, and of nothing else", () => {
    expect(noteId(note)).toMatch(/^[0-9a-f]{8}$/);
    expect(noteId({ ...note })).toBe(noteId(note));
    const others = [
      { ...note, at: "2026-11-21T03:40:01Z" },
      { ...note, by: "@tester" },
      { ...note, by: null },
      { ...note, text: "Works!" },
      { at: `${at} @coder`, by: null, text: "Works." },
    ];
    expect(new Set([note, ...others].map(noteId)).size).toBe(6);
  });

  test("stays what it is where the file has other line ends, headers of tk, or more notes", () => {
    const source = appendNote("", note);
    const id = withIds(parseNotes(source))[0]?.id ?? "none";
    expect(id).toBe(noteId(note));
    expect(withIds(parseNotes(source.replaceAll("\n", "\r\n")))[0]?.id).toBe(id);
    expect(withIds(parseNotes(source.replace(/^\*\*(.*)\*\*/m, "### $1")))[0]?.id).toBe(id);
    const more = appendNote(appendNote(source, { ...note, text: "More." }), note);
    expect(withIds(parseNotes(more)).map((one) => one.id)).toEqual([id, expect.not.stringMatching(id), id]);
  });

  test("no two of many notes meet", () => {
    const ids = Array.from({ length: 5_000 }, (_, n) => noteId({ at, by: `@agent-${n % 7}`, text: `Step ${n}.` }));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("a note that is made now", () => {
  test("is never older than the one before it", () => {
    const ahead = appendNote("", { at: "2026-11-21T04:00:00Z", by: "@other", text: "Their clock is ahead." });
    const { text, note } = appendNow(ahead, { at, by: "@coder", text: "Mine is not.\n" });
    expect(note).toEqual({ at: "2026-11-21T04:00:00Z", by: "@coder", text: "Mine is not." });
    expect(parseNotes(text).at(-1)).toEqual(note);
  });

  test("has its own time where that is later, in whatever zone the one before was written", () => {
    const before = appendNote("", { at: "2026-11-21 05:00+02:00", by: null, text: "By hand." });
    expect(appendNow(before, { at, by: null, text: "x" }).note.at).toBe(at);
  });

  test("leaves odd times as they are", () => {
    const odd = `## Notes\n\n**2030-01-01T00:00:00Z**\n\na\n\n**2020-01-01T00:00:00Z**\n\nb\n`;
    const { text, note } = appendNow(odd, { at, by: null, text: "c" });
    expect(text.startsWith(odd)).toBe(true);
    expect(note.at).toBe(at);
  });
});

describe("notes over generated texts", () => {
  test("every note reads back, no other byte changes, whatever stands around it", () => {
    const by = fc.constantFrom(null, "@coder", "Jane Doe");
    fc.assert(
      fc.property(text, fc.array(fc.record({ text, by }), { minLength: 1, maxLength: 4 }), eol, (body, added, end) => {
        const front = `---${end}id: a${end}---${end}`;
        let source = front + body.replaceAll(/\r?\n/g, end);
        const before = parseNotes(source);
        for (const note of added) {
          const next = appendNote(source, { at, ...note });
          let start = 0;
          while (start < source.length && next[start] === source[start]) start++;
          expect(next.endsWith(source.slice(start))).toBe(true);
          source = next;
        }
        expect(parseNotes(source)).toEqual([
          ...before,
          ...added.map((note) => ({ at, by: note.by, text: kept(note.text) })),
        ]);
        if (end === "\r\n")
          expect(source.slice(front.length + body.replaceAll(/\r?\n/g, end).length)).not.toMatch(/[^\r]\n/);
      }),
      { numRuns: RUNS },
    );
  });
});
