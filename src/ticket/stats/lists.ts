import { queryAlternatives } from "../filter/query.ts";
import { formatTime } from "../time.ts";
import { DAY } from "./dated.ts";

/** The filters that list the tickets behind a figure; what stands in several of them is in either. */
export type Figure = readonly string[];

/** No ticket is older. */
const EVER = "1970-01-01T00:00:00Z";

/** Those that no more work is expected on, and the rest. */
export const OVER: Figure = ["is:closed"];
export const OPEN: Figure = ["is:open"];
/** What somebody works on or reviews. */
export const IN_HAND: Figure = ["is:active,review"];
/** What is finished and does not say when. */
export const UNDATED: Figure = [`is:closed -closed:>=${EVER}`];

/** What was done from a moment on, up to another. */
export function doneIn(from: number, to?: number): Figure {
  return [`is:done ${between("closed", from, to)}`];
}

/** What was created from a moment on, up to another. */
export function createdIn(from: number, to?: number): Figure {
  return [between("created", from, to)];
}

/** What was finished, worked on or waiting at the end of the day that begins at a moment. */
export function atEndOf(day: number): Readonly<Record<"finished" | "working" | "waiting", Figure>> {
  const end = formatTime(day + DAY);
  const over = `closed:<${end}`;
  const later = `is:closed closed:>=${end}`;
  const begun = `started:<${end}`;
  const waits = `created:<${end} -started:<${end}`;
  return {
    finished: [`is:closed ${over}`, ...UNDATED],
    working: [`is:open ${begun}`, `${later} ${begun}`],
    waiting: [`is:open ${waits}`, `${later} ${waits}`],
  };
}

/** Signs of comparing: the same key twice is both of them, where a filter of the reader's names it too. */
function between(key: string, from: number, to: number | undefined): string {
  return `${key}:>=${formatTime(from)}${to === undefined ? "" : ` ${key}:<${formatTime(to)}`}`;
}

/** Both of two figures. */
export function both(one: Figure, other: Figure): Figure {
  return one.flatMap((left) => other.map((right) => `${left} ${right}`));
}

/** One of a key of which a ticket has one value; where the reader's filter names that key, by what it is not. */
export function valueFigure(
  key: "status" | "project",
  value: string | null,
  {
    scope,
    others,
    isUnsaid = () => false,
  }: {
    readonly scope: string;
    readonly others: readonly (string | null)[];
    /** Whether filters take a value for something else. */
    readonly isUnsaid?: (value: string | null) => boolean;
  },
): Figure | undefined {
  const names = { status: "status|state|column", project: "project" }[key];
  const isNamed = new RegExp(`(?:${names}):`, "i").test(scope);
  if (isNamed ? others.some(isUnsaid) : isUnsaid(value)) return undefined;
  if (!isNamed) return wordsFor(key, [value]);
  return wordsFor(
    `-${key}`,
    others.filter((one) => one !== value),
  );
}

function wordsFor(key: string, values: readonly (string | null)[]): Figure | undefined {
  const words = values.map((value) => (value === null ? "none" : quoted(value)));
  if (words.includes(undefined)) return undefined;
  return [words.length === 0 ? "" : `${key}:${words.join(",")}`];
}

/** Whose they are; undefined for a name that no filter can say. */
export function whoseFigure(name: string | null): Figure | undefined {
  if (name === null) return ["assignee:none"];
  const who = name.startsWith("@") ? name : `@${name}`;
  const word = who.toLowerCase() === "@me" ? undefined : quoted(who);
  return word === undefined ? undefined : [`assignee:${word}`];
}

/** A value in quotes where it needs them; undefined for one that no quotes hold, or that means something else. */
function quoted(value: string): string | undefined {
  if (value.includes('"') || value.trim() !== value || value === "" || value === "none") return undefined;
  return /^[\w@./-]+$/.test(value) ? value : `"${value}"`;
}

/** The filter that lists a figure's tickets among those of the reader's filter; null where none can. */
export function listOf(scope: string, figure: Figure | undefined): string | null {
  if (figure === undefined) return null;
  const within = scope.trim() === "" ? [""] : queryAlternatives(scope);
  return both(figure, within)
    .map((words) => words.trim())
    .join(" OR ");
}
