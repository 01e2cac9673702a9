import { mergeText } from "../../ticket/merge/mergeText.ts";

/** Two versions of a text and of what the other side made of it. */
export interface TextSides {
  readonly l: string;
  readonly r: string;
  readonly local: string;
  readonly remote: string;
  readonly keyOf: (line: string) => string;
  readonly winner: "local" | "remote";
}

/** What both sides' text comes to. */
export interface MergedText {
  /** In this side's spelling. */
  readonly text: string;
  /** What the other side has, in this side's spelling. */
  readonly remote: string;
  /** Lines that gave way. */
  readonly lost: string;
}

const linesOf = (text: string): string[] => text.replaceAll(/\r\n?/g, "\n").split("\n");

/** A text's lines as both sides would spell them, runs of blank lines as one. */
function keyed(text: string, keyOf: (line: string) => string): string[] {
  const keys = linesOf(text).map(keyOf);
  const kept = keys.filter((key, at) => key !== "" || (at > 0 && keys[at - 1] !== ""));
  return kept.at(-1) === "" ? kept.slice(0, -1) : kept;
}

/** Whether two texts say the same, in whatever spelling. */
export function sameText(one: string, other: string, keyOf: (line: string) => string): boolean {
  return keyed(one, keyOf).join("\n") === keyed(other, keyOf).join("\n");
}

/**
 * What we made of a text, put on what the other side really has: where it could not be held here as it is, only what was
 * changed here goes back.
 */
export function onTheirs({ l, r, local, keyOf }: Pick<TextSides, "l" | "r" | "local" | "keyOf">): string {
  if (l === r) return local;
  const [ours, theirs] = [keyed(l, keyOf), keyed(r, keyOf)];
  const spelled = new Map(linesOf(r).map((line) => [keyOf(line), line] as const));
  if (ours.length !== theirs.length) {
    for (const line of linesOf(local)) if (!spelled.has(keyOf(line))) spelled.set(keyOf(line), line);
    const { lines } = mergeText(ours, theirs, keyed(local, keyOf), "b");
    return lines.map((key) => spelled.get(key) ?? key).join("\n");
  }
  const asTheirs = unchanged(ours, theirs);
  return linesOf(local)
    .map((line) => {
      const key = keyOf(line);
      const there = key === "" ? undefined : asTheirs(key);
      return there === undefined ? line : (spelled.get(there) ?? line);
    })
    .join("\n");
}

/** Lines with those that nobody changed as the other side has them. */
function rebased(l: readonly string[], r: readonly string[], local: readonly string[]): readonly string[] {
  if (l.length !== r.length) return mergeText(l, r, local, "b").lines;
  const asTheirs = unchanged(l, r);
  return local.map((line) => asTheirs(line) ?? line);
}

/** What a line is on the other side: of lines that are alike here, in their order. */
function unchanged(l: readonly string[], r: readonly string[]): (line: string) => string | undefined {
  const theirs = new Map<string, string[]>();
  for (const [at, line] of l.entries()) {
    const all = theirs.get(line) ?? [];
    all.push(r[at] ?? line);
    theirs.set(line, all);
  }
  const taken = new Map<string, number>();
  return (line) => {
    const at = taken.get(line) ?? 0;
    taken.set(line, at + 1);
    const all = theirs.get(line);
    return all?.[Math.min(at, all.length - 1)];
  };
}

/** So long a text may be cut where it is held; a shorter one is not. */
const LONG = 50_000;

/** Whether a text is held without its end: nobody can say what an edit of it is of the whole. */
export function isCut(whole: string, held: string): boolean {
  const lastOf = (text: string): string | undefined => linesOf(text.trimEnd()).at(-1)?.trim();
  return whole.length > LONG && lastOf(whole) !== lastOf(held);
}

/** Lines that one text has and another has not. */
export function newLines(text: string, before: string): string[] {
  const known = new Set(linesOf(before));
  return linesOf(text).filter((line) => line.trim() !== "" && !known.has(line));
}

/**
 * Merges what each side did to a text that both spell in their own way. Lines are compared by what they say; where the
 * other side made more of a line than its spelling, our changes are first put on what it made of it.
 */
export function mergeSides({ l, r, local, remote, keyOf, winner }: TextSides): MergedText {
  const [ours, base, theirs] = [keyed(local, keyOf), keyed(r, keyOf), keyed(remote, keyOf)];
  const { lines, lost } = mergeText(
    base,
    theirs,
    rebased(keyed(l, keyOf), base, ours),
    winner === "remote" ? "a" : "b",
  );
  const spelled = new Map<string, string>();
  for (const text of [remote, l, local]) for (const line of linesOf(text)) spelled.set(keyOf(line), line);
  const spell = (keys: readonly string[]): string => keys.map((key) => spelled.get(key) ?? key).join("\n");
  const isAsLocal = lines.join("\n") === ours.join("\n");
  return { text: isAsLocal ? local : spell(lines), remote: spell(theirs), lost: lost.map(spell).join("\n") };
}
