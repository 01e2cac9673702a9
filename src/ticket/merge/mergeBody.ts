import { unclosedFence } from "../text/markdown.ts";
import {
  type Body,
  type BodyLine,
  type Heading,
  joinBody,
  type Part,
  type PartName,
  splitBody,
  TITLE,
} from "./bodyParts.ts";
import { mergeCriteria } from "./mergeCriteria.ts";
import { mergeNotes } from "./mergeNotes.ts";
import { mergeOrder } from "./mergeOrder.ts";
import { mergeText } from "./mergeText.ts";
import { choose, compareText, type Job, nameOf, otherOf, pickQuietly, type Which, winnerOf } from "./sides.ts";

/** The three texts below the front matter. */
export interface Bodies {
  readonly base: Body;
  readonly a: Body;
  readonly b: Body;
}

const FIELD = "description";
const MERGE_PART: Readonly<Record<PartName, (base: Lines, a: Lines, b: Lines, job: Job) => BodyLine[]>> = {
  criteria: mergeCriteria,
  notes: mergeNotes,
};
type Lines = readonly BodyLine[];

/** Merges the text below a front matter. What gives way is added to the job's losses. */
export function mergeBody(bodies: Bodies, job: Job): string {
  const losses: Job["losses"] = [];
  const merged = joined(bodies, { ...job, losses }, byLine);
  const isWhole = saysAll(merged);
  if (isWhole) job.losses.push(...losses);
  // A fence of one side has swallowed sections of the other: the text of the winner as it is.
  return isWhole ? merged.source : joined(bodies, job, asWhole).source;
}

type MergeLines = (bodies: Bodies, job: Job) => readonly string[];

interface Joined {
  readonly source: string;
  readonly parts: ReadonlyMap<string, Part>;
}

function joined(bodies: Bodies, job: Job, mergeLines: MergeLines): Joined {
  const { base, a, b } = bodies;
  const parts = mergeParts(bodies, job);
  const title = mergeTitle(bodies, job);
  const text = withTitle(mergeLines(bodies, job), title, bodies);
  const headings = new Map<string, Heading>();
  for (const key of new Set([base, a, b].flatMap((body) => [...body.headings.keys()]))) {
    const [o, x, y] = [base, a, b].map((body) => body.headings.get(key));
    const heading = pickQuietly(o, x, y, "a", (one, other) => one === other || joinGap(one) === joinGap(other));
    const found = heading ?? x ?? y ?? o;
    if (found !== undefined) headings.set(key, key === TITLE ? { ...found, raw: title ?? "" } : found);
  }
  const tail = pickQuietly<string>(base.tail, a.tail, b.tail, a.tail.length >= b.tail.length ? "a" : "b");
  return { source: joinBody({ text, headings, parts, tail }), parts };
}

function joinGap(heading: Heading | undefined): string {
  return heading?.gap.join("\n") ?? "none";
}

/** Whether a reader finds every section that was put into a text. */
function saysAll({ source, parts }: Joined): boolean {
  const found = splitBody(source).parts;
  return [...parts].every(([key, { lines }]) => found.get(key)?.lines.length === lines.length);
}

function byLine({ base, a, b }: Bodies, job: Job): readonly string[] {
  const winner = winnerOf(job, FIELD);
  const { lines, lost } = mergeText(base.text, a.text, b.text, winner);
  const loser = winner === "a" ? b : a;
  const kept = lost.map((gone) => gone.filter((key) => key !== TITLE)).filter((gone) => gone.length > 0);
  for (const gone of kept) tellText(gone, loser, winner, job);
  return lines;
}

function asWhole({ base, a, b }: Bodies, job: Job): readonly string[] {
  const isSame = (one: readonly string[], other: readonly string[]) => one.join("\n") === other.join("\n");
  const choice = choose(base.text, a.text, b.text, isSame);
  const winner = choice === "clash" || choice === "either" ? winnerOf(job, FIELD) : choice;
  const [stays, loser] = winner === "a" ? [a, b] : [b, a];
  const known = new Set([...stays.text, ...base.text]);
  const gone = loser.text.filter((key) => !known.has(key) && key !== TITLE);
  if (gone.length > 0) tellText(gone, loser, winner, job);
  const fence = unclosedFence(stays.text.join("\n"));
  return fence === undefined ? stays.text : [...stays.text, fence];
}

function tellText(gone: readonly string[], loser: Body, winner: Which, job: Job): void {
  const lines = gone.map((key) => `> ${loser.headings.get(key)?.raw ?? key}`);
  const had = `${nameOf(job, otherOf(winner), FIELD)} had\n\n${lines.join("\n")}`;
  job.losses.push({ field: FIELD, text: `the text of ${nameOf(job, winner, FIELD)} stays; ${had}`, gone: had });
}

/** The title's line; none where no side has one. */
function mergeTitle({ base, a, b }: Bodies, job: Job): string | undefined {
  const choice = choose(base.title, a.title, b.title);
  if (choice !== "clash") return choice === "b" ? b.title : a.title;
  const winner = winnerOf(job, "title");
  const [stays, gone] = winner === "a" ? [a, b] : [b, a];
  const said = (line: string | undefined): string =>
    line === undefined ? "no title" : `title '${line.replace(/^#\s*/, "").trim()}'`;
  const [left, right] = [nameOf(job, winner, "title"), nameOf(job, otherOf(winner), "title")];
  const lost = `${said(gone.title)} of ${right} gave way`;
  job.losses.push({ field: "title", text: `${said(stays.title)} of ${left} stays; ${lost}`, gone: lost });
  return stays.title;
}

/** The lines with the title's once, where there is one. */
function withTitle(text: readonly string[], title: string | undefined, { a, b }: Bodies): readonly string[] {
  const rest = text.filter((key, at) => key !== TITLE || (title !== undefined && text.indexOf(TITLE) === at));
  if (title === undefined || rest.includes(TITLE)) return rest;
  const pattern = a.text.includes(TITLE) ? a.text : b.text;
  const above = pattern.indexOf(TITLE);
  return [...rest.slice(0, above), TITLE, ...rest.slice(above)];
}

function mergeParts({ base, a, b }: Bodies, job: Job): Map<string, Part> {
  const merged = new Map<string, Part>();
  const order = mergeOrder([...base.parts.keys()], [...a.parts.keys()], [...b.parts.keys()], compareText);
  for (const key of order) {
    const part = mergePart(base.parts.get(key), a.parts.get(key), b.parts.get(key), job);
    if (part !== undefined) merged.set(key, part);
  }
  return merged;
}

function mergePart(o: Part | undefined, x: Part | undefined, y: Part | undefined, job: Job): Part | undefined {
  const pattern = pickQuietly(o, x, y, "a", isSamePart) ?? x ?? y;
  if (pattern === undefined) return undefined;
  const choice = choose(o, x, y, isSamePart);
  if (choice !== "clash") return choice === "b" ? y : x;
  const merge = MERGE_PART[pattern.name];
  const lines = merge(o?.lines ?? [], x?.lines ?? [], y?.lines ?? [], job);
  const isEmpty = lines.length === 0 && (x === undefined || y === undefined);
  return isEmpty ? undefined : { ...pattern, lines };
}

function isSamePart(one: Part | undefined, other: Part | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.lines.length === other.lines.length && one.lines.every(({ raw }, at) => raw === other.lines[at]?.raw);
}
