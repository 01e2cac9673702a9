import fc from "fast-check";
import { expect, test } from "vitest";
import { joinBody, splitBody } from "../../../src/ticket/merge/bodyParts.ts";
import { mergeTicket } from "../../../src/ticket/merge/mergeTicket.ts";
import { compareStamps, type Stamp, type Stamps } from "../../../src/ticket/merge/sides.ts";
import { stampsAfter } from "../../../src/ticket/merge/stamps.ts";
import { DEFAULT_BOARD } from "../../../src/ticket/rules/board.ts";
import { parseFrontMatter } from "../../../src/ticket/text/frontMatter.ts";
import { parseNotes } from "../../../src/ticket/text/notes.ts";
import { readValues } from "../../../src/ticket/text/parseTicket.ts";
import { splitDocument } from "../../../src/ticket/text/splitDocument.ts";
import { formatTime } from "../../../src/ticket/time.ts";
import { applyEdit, type Edit, edits, START, stampFor } from "../../helpers/ticketEdits.ts";

const READING = { path: "a-1.md", frontMatter: parseFrontMatter };
const RUNS = { numRuns: process.env.AYO_LONG === "1" ? 10_000 : 50 };

/** What is not merged in a way that does not depend on the order, where several change it at once. */
const LOOSE: readonly Edit["kind"][] = ["line", "append", "cut", "section", "claim", "release"];

interface Side {
  readonly text: string;
  readonly stamps: Stamps;
  readonly tip: Stamp;
}

const ROOT: Side = { text: START, stamps: {}, tip: stampFor(0, 0) };
const changes = fc.array(edits, { maxLength: 6 });

function commit(side: Side, edit: Edit, stamp: Stamp): Side {
  const text = applyEdit(side.text, edit, stamp, `${stamp.by.replace(/\W/g, "")}-${Number(stamp.oid.slice(1))}`);
  return { text, stamps: stampsAfter([side], text, stamp, READING), tip: stamp };
}

const sideOf = (number: number, made: readonly Edit[]): Side =>
  made.reduce((side, edit, at) => commit(side, edit, stampFor(number, at * 5 + number + 1)), ROOT);

function merge(base: Side | undefined, a: Side, b: Side): Side {
  const later = compareTimes(a.tip, b.tip) >= 0 ? a.tip : b.tip;
  const context = { ...READING, at: formatTime(later.time), board: DEFAULT_BOARD };
  const { text } = mergeTicket(base?.text, a, b, context);
  const tip: Stamp = { by: "ayo", kind: "agent", time: later.time, oid: `m${[a.tip.oid, b.tip.oid].sort().join("")}` };
  return { text, stamps: stampsAfter([a, b], text, tip, READING), tip };
}

const compareTimes = (one: Stamp, other: Stamp): number => one.time - other.time || compareStamps(one, other);
const body = (text: string): string => text.slice(splitDocument(text).body);

test("a text is put together again as it was taken apart, byte for byte", () => {
  const lines = fc.constantFrom(
    "",
    "  ",
    "# T",
    "## Notes",
    "## notes",
    "## Acceptance Criteria",
    "## X",
    "text",
    "- [x] a",
    "```",
    "\r",
    "~~~ x",
    "**2026-11-21T10:00:00Z** x",
  );
  const texts = fc
    .array(lines, { maxLength: 12 })
    .chain((all) => fc.constantFrom(all.join("\n"), `${all.join("\n")}\n`));
  fc.assert(
    fc.property(texts, fc.constantFrom("", "---\nid: a\n---\n", "---\r\nid: a\r\n---\r\n"), (text, front) => {
      expect(joinBody(splitBody(front + text))).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test("merging is commutative, and what is merged already changes nothing", () => {
  fc.assert(
    fc.property(changes, changes, (left, right) => {
      const [a, b] = [sideOf(1, left), sideOf(2, right)];
      const merged = merge(ROOT, a, b);
      expect(merge(ROOT, b, a)).toEqual(merged);
      expect(merge(ROOT, a, a).text).toBe(a.text);
      expect(merge(ROOT, a, ROOT).text).toBe(a.text);
      expect(merge(a, a, merged).text).toBe(merged.text);
      // Lines of the text, claims of which none was left and what was sent to review are another change then.
      const isOther = [...left, ...right].some(({ kind }) => LOOSE.includes(kind)) || /in review/.test(merged.text);
      if (!isOther) expect(merge(ROOT, a, merged).text).toBe(merged.text);
      expect(merged.text).not.toMatch(/^(?:<{7}|={7}|>{7})/m);
    }),
    RUNS,
  );
});

/** A text without what depends on the order of merges: notes of merges. */
function settled(text: string, isStatusOpen: boolean): unknown {
  const notes = parseNotes(text).filter(({ by }) => by !== "ayo");
  const values = Object.entries(readValues(text, "a-1.md", parseFrontMatter));
  return {
    values: values.filter(([key]) => !isStatusOpen || !/^(?:status|closed)$/.test(key)).sort(),
    notes,
    // Where a box stands whose neighbour a side took away depends on when that was known.
    parts: (body(text).split("## Notes\n\n**")[0] ?? "").split("\n").sort(),
  };
}

test("merging is associative but for the notes of merges, and lines and claims that several changed at once", () => {
  const isExact = ({ kind }: Edit): boolean => !LOOSE.includes(kind);
  const exact = changes.map((all) => all.filter(isExact));
  fc.assert(
    fc.property(exact, exact, exact, (one, two, three) => {
      const [a, b, c] = [sideOf(1, one), sideOf(2, two), sideOf(3, three)];
      const left = merge(ROOT, merge(ROOT, a, b), c);
      const right = merge(ROOT, a, merge(ROOT, b, c));
      // Sent to review where others cancel it or say the same again: who comes last decides.
      const isStatusOpen = /in review/.test(left.text + right.text);
      expect(settled(left.text, isStatusOpen)).toEqual(settled(right.text, isStatusOpen));
      if (!/Merge: /.test(left.text + right.text)) expect(left.text).toBe(right.text);
    }),
    RUNS,
  );
});

test("nothing of either side is lost: it is in the result or in a note, or a side took it away", () => {
  fc.assert(
    fc.property(changes, changes, (left, right) => {
      const [a, b] = [sideOf(1, left), sideOf(2, right)];
      const { text } = merge(ROOT, a, b);
      const lines = new Set(text.split("\n").map((line) => line.replace(/^> /, "")));
      const isSaid = (line: string): boolean =>
        lines.has(line) ||
        text.includes(line.replace(/^# |^- \[.\] /, "")) ||
        /^(?:status|priority|due|x-.|tags|deps|claim.*|lease|closed):/.test(line);
      const fresh = [a, b].flatMap((side) => side.text.split("\n")).filter((line) => !START.split("\n").includes(line));
      expect(fresh.filter((line) => !isSaid(line))).toEqual([]);
      for (const key of ["tags", "deps"]) {
        const [o, x, y, z] = [START, a.text, b.text, text].map(
          (one) => new Set(readValues(one, "a-1.md", parseFrontMatter)[key] as string[]),
        );
        const wanted = [...new Set([...(x ?? []), ...(y ?? [])])].filter(
          (one) => !o?.has(one) || (x?.has(one) && y?.has(one)),
        );
        expect([...(z ?? [])].sort()).toEqual(wanted.sort());
      }
    }),
    RUNS,
  );
});
