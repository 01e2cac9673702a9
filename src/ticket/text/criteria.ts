import { AyoError } from "../../error.ts";
import type { Criterion } from "../ticket.ts";
import { isNamed, type Line, readLines, sectionsOf } from "./markdown.ts";
import { splitDocument } from "./splitDocument.ts";

const BOX = /^(\s*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)([ xX])\](?:[ \t]+(.*))?$/;
const HEADING = "Acceptance Criteria";

/** The boxes under `## Acceptance Criteria`, in order, nested ones included. */
export function parseCriteria(source: string): Criterion[] {
  return boxesOf(source, splitDocument(source).body).map(({ match }, n) => ({
    n: n + 1,
    done: match[2] !== " ",
    text: (match[3] ?? "").trim(),
  }));
}

/** What a line's box says, and whether it is ticked; undefined for a line without a box. */
export function boxIn(line: string): Omit<Criterion, "n"> | undefined {
  const match = BOX.exec(line);
  return match === null ? undefined : { done: match[2] !== " ", text: (match[3] ?? "").trim() };
}

/** How many boxes of a body are ticked, and how many there are. */
export function countCriteria(body: string): { done: number; total: number } {
  if (!body.toLowerCase().includes(HEADING.toLowerCase())) return { done: 0, total: 0 };
  const boxes = boxesOf(body, 0);
  return { done: boxes.filter(({ match }) => match[2] !== " ").length, total: boxes.length };
}

/**
 * Ticks or clears box `n`, counted from 1, by changing the one character in it.
 * @throws not_found saying how many boxes there are
 */
export function tickCriterion(source: string, n: number, done: boolean): string {
  const boxes = boxesOf(source, splitDocument(source).body);
  const box = boxes[n - 1];
  if (box === undefined) {
    const count = boxes.length === 1 ? "1 acceptance criterion" : `${boxes.length} acceptance criteria`;
    throw new AyoError("not_found", `no criterion ${n}: the ticket has ${count}`, { data: { n, total: boxes.length } });
  }
  if ((box.match[2] !== " ") === done) return source;
  const at = box.line.start + (box.match[1]?.length ?? 0);
  return `${source.slice(0, at)}${done ? "x" : " "}${source.slice(at + 1)}`;
}

/** The line of the last box, and undefined where there is none. */
export function lastBox(source: string): Line | undefined {
  return boxesOf(source, splitDocument(source).body).at(-1)?.line;
}

interface Box {
  readonly line: Line;
  readonly match: RegExpExecArray;
}

function boxesOf(source: string, from: number): Box[] {
  const sections = sectionsOf(readLines(source, from)).filter((section) => isNamed(section, HEADING));
  return sections.flatMap(({ lines }) =>
    lines.flatMap((line) => {
      const match = line.fenced ? null : BOX.exec(line.text);
      return match === null ? [] : [{ line, match }];
    }),
  );
}
