import { describe, expect, test } from "vitest";
import { newMentions } from "../../src/ticket/mentions.ts";
import { noteId } from "../../src/ticket/text/noteId.ts";
import { appendNote } from "../../src/ticket/text/notes.ts";

const FRONT = "---\nid: a\nassignee: '@front'\n---\n# Title for @title\n";
const at = "2026-11-21T03:40:00Z";
const note = (text: string, by: string | null = "@coder") => ({ at, by, text });
const names = (before: string, after: string): string[] => newMentions(before, after).flatMap((one) => one.names);

describe("what a new version of a ticket mentions", () => {
  test("a description: the names that are new in it", () => {
    expect(newMentions("", `${FRONT}\nAsk @mara.\n`)).toEqual([{ note: null, names: ["@mara"] }]);
    expect(names(`${FRONT}\nAsk @mara.\n`, `${FRONT}\nAsk @Mara, or @rex.\n`)).toEqual(["@rex"]);
    expect(names(`${FRONT}\nAsk @mara.\n`, `${FRONT}\nAsk.\n`)).toEqual([]);
  });

  test("no title, no front matter, no other section, and no author of a note", () => {
    const sections = "\n## Design\n\n@a\n\n## Acceptance Criteria\n\n- [ ] @b\n";
    expect(names("", appendNote(FRONT + sections, note("Begun.")))).toEqual([]);
  });

  test("each new note, by its id", () => {
    const one = appendNote(FRONT, note("@mara?"));
    expect(newMentions(FRONT, one)).toEqual([{ note: noteId(note("@mara?")), names: ["@mara"] }]);
    expect(names(one, appendNote(one, note("@mara again")))).toEqual(["@mara"]);
    expect(newMentions(FRONT, appendNote(one, note("@rex!"))).length).toBe(2);
  });

  test("not the same note again, elsewhere or twice", () => {
    const one = appendNote(FRONT, note("@mara?"));
    const other = { ...note("first"), at: "2026-11-20T03:40:00Z" };
    expect(names(one, appendNote(appendNote(FRONT, other), note("@mara?")))).toEqual([]);
    expect(names(one, appendNote(one, note("@mara?")))).toEqual([]);
    expect(newMentions(FRONT, appendNote(one, note("@mara?"))).length).toBe(1);
  });

  test("of a note that was edited by hand the names that are new in it, whatever was edited", () => {
    const one = appendNote(FRONT, note("@mara: it broke"));
    expect(names(one, one.replace("it broke", "it works"))).toEqual([]);
    expect(names(one, one.replace("it broke", "it broke, see @rex"))).toEqual(["@rex"]);
    expect(names(one, one.replace("03:40", "04:40"))).toEqual([]);
    expect(names(one, one.replace("@coder", "@other"))).toEqual([]);
  });

  test("what the store notes itself calls nobody", () => {
    expect(names(FRONT, appendNote(FRONT, note("The lease of @coder ran out.", "ayo")))).toEqual([]);
  });

  test("a question begins where the command has written that it is one", () => {
    expect(names(FRONT, appendNote(FRONT, note("Question: > @mara said so\n\nIs it, @rex?")))).toEqual(["@rex"]);
    expect(names(FRONT, appendNote(FRONT, note("Answer: @coder, yes.")))).toEqual(["@coder"]);
  });
});
