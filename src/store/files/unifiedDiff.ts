import { diffIndices } from "node-diff3";

/** Lines around a change that are shown with it, as git does. */
const CONTEXT = 3;
/** Beyond so many pairs of lines the middle is shown as replaced: no person wrote it, and comparing takes seconds. */
const MAX_PAIRS = 25_000_000;

/** One side of a comparison; null: there is no file. */
export interface Side {
  readonly path: string;
  readonly text: string | null;
}

interface Hunk {
  readonly old: readonly [start: number, length: number];
  readonly now: readonly [start: number, length: number];
}

/** The difference of two texts as `diff -u` and `git apply` write it; "" where there is none. */
export function unifiedDiff(before: Side, after: Side): string {
  if (before.text === after.text && before.path === after.path) return "";
  const [old, now] = [linesOf(before.text), linesOf(after.text)];
  const groups = groupHunks(hunksOf(old, now));
  const name = (prefix: string, { path, text }: Side): string => (text === null ? "/dev/null" : `${prefix}/${path}`);
  const moved = before.path !== after.path && before.text !== null && after.text !== null;
  return [
    ...(moved ? [`rename from ${before.path}`, `rename to ${after.path}`] : []),
    ...(groups.length > 0 ? [`--- ${name("a", before)}`, `+++ ${name("b", after)}`] : []),
    ...groups.flatMap((hunks) => formatGroup(hunks, old, now)),
    "",
  ].join("\n");
}

/** Lines with their ends, so that a missing last one differs. */
function linesOf(text: string | null): string[] {
  return text?.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunksOf(old: readonly string[], now: readonly string[]): Hunk[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const [left, right] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  if (left.length + right.length === 0) return [];
  if (left.length * right.length > MAX_PAIRS) return [{ old: [start, left.length], now: [start, right.length] }];
  return diffIndices(left, right).map(({ buffer1, buffer2 }) => ({
    old: [buffer1[0] + start, buffer1[1]],
    now: [buffer2[0] + start, buffer2[1]],
  }));
}

/** Changes whose context meets are shown together. */
function groupHunks(hunks: readonly Hunk[]): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && hunk.old[0] - (last.old[0] + last.old[1]) <= 2 * CONTEXT) groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

function formatGroup(hunks: readonly Hunk[], old: readonly string[], now: readonly string[]): string[] {
  const [first, last] = [hunks[0] as Hunk, hunks.at(-1) as Hunk];
  const lead = Math.min(CONTEXT, first.old[0]);
  const tail = Math.min(CONTEXT, old.length - last.old[0] - last.old[1]);
  const rows: string[] = [];
  const add = (mark: string, lines: readonly string[]): void => {
    for (const line of lines) {
      rows.push(mark + (line.endsWith("\n") ? line.slice(0, -1) : `${line}\n\\ No newline at end of file`));
    }
  };
  let at = first.old[0] - lead;
  for (const { old: gone, now: come } of hunks) {
    add(" ", old.slice(at, gone[0]));
    add("-", old.slice(gone[0], gone[0] + gone[1]));
    add("+", now.slice(come[0], come[0] + come[1]));
    at = gone[0] + gone[1];
  }
  add(" ", old.slice(at, at + tail));
  const range = (start: number, end: number): string => `${end === start ? start : start + 1},${end - start}`;
  const oldRange = range(first.old[0] - lead, last.old[0] + last.old[1] + tail);
  const nowRange = range(first.now[0] - lead, last.now[0] + last.now[1] + tail);
  return [`@@ -${oldRange} +${nowRange} @@`, ...rows];
}
