import type { Board } from "../rules/board.ts";
import type { FrontMatterParser } from "../text/parseTicket.ts";
import { formatTime } from "../time.ts";
import type { Read } from "./readParts.ts";

/** Who changed something last on one side, and when. */
export interface Stamp {
  /** `Mara Lind`, `@coder`. */
  readonly by: string;
  /** What a tracker brought counts as its author there: a person as a person, an app as a tracker. */
  readonly kind: "person" | "agent" | "tracker";
  /** When it was committed, in milliseconds; 0 where nobody knows. */
  readonly time: number;
  /** The commit, which decides where all else is equal. */
  readonly oid: string;
}

/**
 * Who changed which field of a ticket since the base: by key of the front matter, and `claim` (all keys of a claim),
 * `title`, `description` (all other text), `criteria`, `notes`. `stampsAfter` works them out commit by commit.
 */
export type Stamps = Readonly<Record<string, Stamp>>;

/** One side's file of a ticket. */
export interface Version {
  readonly text: string;
  readonly stamps: Stamps;
  /** Stands for every field that `stamps` does not name: the side's last commit. */
  readonly tip: Stamp;
  /** What the claim's ref says of this side's claim, where there is a remote to ask. */
  readonly claim?: "held" | "lost";
}

/** What a merge has to know besides the texts. */
export interface MergeContext {
  /** Where the ticket lies, for errors. */
  readonly path: string;
  /** The time that added notes carry: that of the later parent. */
  readonly at: string;
  readonly board: Board;
  /** As for parseTicket: without it, NeedsYaml is thrown where the plain reader gives up. */
  readonly frontMatter?: FrontMatterParser | undefined;
  /** Takes files apart that a caller has taken apart already, once for all. */
  readonly parts?: (text: string) => Read | undefined;
}

/** One of the two sides; which is `a` does not depend on who merges. */
export type Which = "a" | "b";

/** Something that gave way, in the words of the note that keeps it. */
export interface Loss {
  readonly field: string;
  readonly text: string;
  /** The part of the text that says what gave way: a note that has it already says enough. */
  readonly gone?: string;
}

/** A merge of two versions on its way. */
export interface Job {
  readonly a: Version;
  readonly b: Version;
  readonly context: MergeContext;
  readonly losses: Loss[];
}

const RANK = { person: 2, agent: 1, tracker: 0 };

/** Whose change counts more: a person's before an agent's before a tracker's, then the later one, then by commit. */
export function compareStamps(one: Stamp, other: Stamp): number {
  return RANK[one.kind] - RANK[other.kind] || one.time - other.time || compareText(one.oid, other.oid);
}

/** The side whose change of a field stays where both changed it. */
export function winnerOf({ a, b }: Pick<Job, Which>, field: string): Which {
  return compareStamps(stampOf(a, field), stampOf(b, field)) >= 0 ? "a" : "b";
}

/** The other side. */
export function otherOf(which: Which): Which {
  return which === "a" ? "b" : "a";
}

/** Who changed a field on a side. */
export function stampOf({ stamps, tip }: Version, field: string): Stamp {
  return stamps[field] ?? tip;
}

/** A side as notes name it: `Mara Lind (2026-11-28T10:00:00Z)`. */
export function nameOf(job: Job, which: Which, field: string): string {
  return stampName(stampOf(job[which], field));
}

/** Who changed something, and when. */
export function stampName({ by, time }: Stamp): string {
  return time === 0 ? by : `${by} (${formatTime(time)})`;
}

/** Orders texts by their characters' codes, on every machine alike. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Whose value of three stands: a side's, either (they are the same), or both changed it. */
export function choose<T>(
  base: T,
  a: T,
  b: T,
  isSame: (one: T, other: T) => boolean = Object.is,
): Which | "either" | "clash" {
  if (isSame(a, b)) return "either";
  if (isSame(base, a)) return "b";
  return isSame(base, b) ? "a" : "clash";
}

/** The value that stands where nobody is told who lost. */
export function pickQuietly<T>(base: T, a: T, b: T, clash: Which, isSame?: (one: T, other: T) => boolean): T {
  const choice = choose(base, a, b, isSame);
  return (choice === "clash" ? clash : choice) === "b" ? b : a;
}
