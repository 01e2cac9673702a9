import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeTicket } from "../../../src/ticket/merge/mergeTicket.ts";
import { compareStamps, type Stamp, type Stamps } from "../../../src/ticket/merge/sides.ts";
import { stampsAfter } from "../../../src/ticket/merge/stamps.ts";
import { DEFAULT_BOARD } from "../../../src/ticket/rules/board.ts";
import { answeredByDefault, defaultNote } from "../../../src/ticket/rules/questions.ts";
import { parseFrontMatter } from "../../../src/ticket/text/frontMatter.ts";
import { appendNow, parseNotes } from "../../../src/ticket/text/notes.ts";
import { parseTicket } from "../../../src/ticket/text/parseTicket.ts";
import { type FieldChanges, patchFields } from "../../../src/ticket/text/patchTicket.ts";
import { formatTime, parseTime } from "../../../src/ticket/time.ts";
import { stampFor } from "../../helpers/ticketEdits.ts";

const READING = { path: "a-1.md", frontMatter: parseFrontMatter };
const RUNS = { numRuns: process.env.AYO_LONG === "1" ? 10_000 : 50 };
const KINDS = ["answer", "default", "extend", "reask", "withdraw", "note", "start", "priority"] as const;
type Kind = (typeof KINDS)[number];

interface Side {
  readonly text: string;
  readonly stamps: Stamps;
  readonly tip: Stamp;
}

const START = `---
id: a-1
status: blocked
created: 2026-11-20T10:00:00Z
priority: 3
question: Which port?
answer-options: ['80', '8080']
default-answer: '8080'
answer-by: 2026-11-28T09:30:00Z
---
# Open a port

## Notes

**2026-11-28T09:00:00Z** @coder

Question: Which port?
`;
const ROOT: Side = { text: START, stamps: {}, tip: stampFor(0, 0) };
const NONE = { question: null, answerOptions: null, defaultAnswer: null, answerBy: null };

function applied(text: string, kind: Kind, stamp: Stamp): string {
  const ticket = parseTicket(text, READING.path, "", parseFrontMatter);
  const { question, answerBy = "" } = ticket.fields;
  const patch = (changes: FieldChanges) => patchFields(text, changes, READING.path, parseFrontMatter);
  const note = (source: string, said: string) =>
    appendNow(source, { at: formatTime(stamp.time), by: stamp.by, text: said }).text;
  if (kind === "note") return note(text, `of ${stamp.oid}`);
  if (kind === "priority") return patch({ priority: stamp.time % 4 });
  if (kind === "reask")
    return note(patch({ ...NONE, status: "blocked", question: `Why ${stamp.oid}?` }), "Question: Why?");
  if (question === undefined) return text;
  if (kind === "answer") return note(patch({ ...NONE, status: "open" }), `Answer: of ${stamp.oid}`);
  if (kind === "start") return patch({ ...NONE, status: "in_progress" });
  if (kind === "withdraw") return patch({ answerBy: null });
  if (kind === "extend") return patch({ answerBy: formatTime((parseTime(answerBy) ?? stamp.time) + 3_600_000) });
  if (ticket.fields.defaultAnswer === undefined || answerBy === "") return text;
  return appendNow(patch(answeredByDefault(ticket, DEFAULT_BOARD)), defaultNote(ticket, parseNotes(text))).text;
}

function commit(side: Side, kind: Kind, stamp: Stamp): Side {
  const own: Stamp = kind === "default" ? { ...stamp, by: "ayo", kind: "tracker" } : stamp;
  const text = applied(side.text, kind, own);
  return { text, stamps: stampsAfter([side], text, own, READING), tip: own };
}

const sideOf = (number: number, made: readonly Kind[]): Side =>
  made.reduce((side, kind, at) => commit(side, kind, stampFor(number, at * 5 + number + 1)), ROOT);

function merge(base: Side, a: Side, b: Side): Side {
  const later = a.tip.time - b.tip.time || compareStamps(a.tip, b.tip);
  const at = formatTime((later >= 0 ? a.tip : b.tip).time);
  const { text } = mergeTicket(base.text, a, b, { ...READING, at, board: DEFAULT_BOARD });
  const tip: Stamp = {
    by: "ayo",
    kind: "agent",
    time: Math.max(a.tip.time, b.tip.time),
    oid: `m${[a.tip.oid, b.tip.oid].sort().join("")}`,
  };
  return { text, stamps: stampsAfter([a, b], text, tip, READING), tip };
}

const kinds = fc.array(fc.constantFrom(...KINDS), { maxLength: 4 });
const ofMerges = (text: string) => parseNotes(text).filter(({ text: said }) => said.startsWith("Merge: "));
const others = (text: string) => parseNotes(text).filter(({ text: said }) => !said.startsWith("Merge: "));
const front = (text: string) => text.slice(0, text.indexOf("# Open"));

test("a question is merged as one: its options and its default are those of the side whose question stays", () => {
  fc.assert(
    fc.property(kinds, kinds, (left, right) => {
      const [a, b] = [sideOf(1, left), sideOf(3, right)];
      const merged = merge(ROOT, a, b);
      expect(merge(ROOT, b, a).text).toBe(merged.text);
      expect(merge(a, a, merged).text).toBe(merged.text);
      expect(merge(ROOT, a, merged).text).toBe(merged.text);
      const group = (text: string) =>
        front(text)
          .match(/^(?:question|answer-|default-).*$/gm)
          ?.join("\n");
      expect([a.text, b.text].map(group)).toContain(group(merged.text));
      if (/^question:/m.test(merged.text)) expect(merged.text).not.toMatch(/^status: open$/m);
    }),
    RUNS,
  );
});

test("a default answer stands beside no answer of the other side and no open question, and each that gave way is told", () => {
  fc.assert(
    fc.property(kinds, kinds, (left, right) => {
      const [a, b] = [sideOf(1, left), sideOf(3, right)];
      const { text } = merge(ROOT, a, b);
      const defaults = (one: string) => (one.match(/^Answer: .*\(default;.*$/gm) ?? []).length;
      const isAnswered = (one: string) => /^Answer: of /m.test(one);
      const [inA, inB] = [defaults(a.text), defaults(b.text)];
      if (inA > 0 && inB === 0 && isAnswered(b.text)) expect(defaults(text)).toBe(0);
      if (inB > 0 && inA === 0 && isAnswered(a.text)) expect(defaults(text)).toBe(0);
      if (defaults(text) < Math.max(inA, inB)) expect(JSON.stringify(ofMerges(text))).toContain("gave way");
      for (const note of [...others(a.text), ...others(b.text)]) expect(text).toContain(note.text);
    }),
    RUNS,
  );
});

test("whoever merges first, all have the same but for the notes of merges", () => {
  fc.assert(
    fc.property(kinds, kinds, kinds, (one, two, three) => {
      const [a, b, c] = [sideOf(1, one), sideOf(2, two), sideOf(3, three)];
      const [left, right] = [merge(ROOT, merge(ROOT, a, b), c).text, merge(ROOT, a, merge(ROOT, b, c)).text];
      expect(others(left)).toEqual(others(right));
      expect(front(left)).toBe(front(right));
    }),
    RUNS,
  );
});
