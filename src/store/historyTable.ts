import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { commitDiffs } from "../git/commitDiffs.ts";
import type { PathChange } from "../git/diffTrees.ts";
import type { HistoryCommit } from "../git/history.ts";
import { newCommits } from "../git/newCommits.ts";
import { readHead } from "../git/refs.ts";
import { isTicketPath, readTrailers, snapshotOf } from "./commitEvents.ts";
import { formatRow, type HistoryRow, parseRow, type ReadRow, type RowChange } from "./historyRow.ts";
import { gitEnv } from "./refresh.ts";
import type { Journal, Store } from "./store.ts";

/**
 * Every commit of the store's branch with the files that it changed: one line each, parents before children. Kept in
 * a file that grows with the branch, so that one ticket's history costs a scan and not ten thousand trees.
 */
export interface HistoryTable {
  /** Lines of historyRow.ts, each with its line end. Bytes, since making a text of megabytes costs more than a search. */
  readonly bytes: Buffer;
}

const FILE = "history.table";
const VERSION = "ayo history 1\n";
const TAB = 9;
const NEWLINE = 10;
const BLANK = 32;
const SLASH = 47;

/** The history of the store's branch up to now; the file is brought up to date on the way, and made again if lost. */
export async function readHistory(store: Store): Promise<HistoryTable> {
  const { journal } = store;
  const head = journal === undefined ? undefined : readHead(journal.repository).oid;
  if (journal === undefined || head === undefined) return { bytes: Buffer.alloc(0) };
  const known = load(journal.stateDir);
  return lastOf(known) === head ? { bytes: known } : follow(store, journal, known, head);
}

/**
 * The commits that touched a file of one of these names in whatever folder, or moved one, with those changes only;
 * oldest first.
 */
export function rowsNamed({ bytes }: HistoryTable, names: Iterable<string>): HistoryRow[] {
  const hits = new Set<number>();
  for (const name of names) {
    const coded = encodeURI(name);
    for (let at = bytes.indexOf(coded); at >= 0; at = bytes.indexOf(coded, at + 1)) {
      // As the path of a change, or as where one came from; in a folder or not.
      const [before, after] = [bytes[at - 1] ?? 0, bytes[at + coded.length] ?? 0];
      const isWhole = [TAB, SLASH, BLANK].includes(before) && [TAB, NEWLINE, BLANK].includes(after);
      if (isWhole) hits.add(bytes.lastIndexOf(TAB, at) + 1);
    }
  }
  const rows = new Map<string, { head: string; changes: Set<string> }>();
  for (const start of [...hits].sort((left, right) => left - right)) {
    const line = bytes.lastIndexOf(NEWLINE, start) + 1;
    const oid = bytes.toString("latin1", line, line + 40);
    const row = rows.get(oid) ?? { head: bytes.toString("latin1", line, bytes.indexOf(TAB, line)), changes: new Set() };
    rows.set(oid, row);
    const [tab, newline] = [bytes.indexOf(TAB, start), bytes.indexOf(NEWLINE, start)];
    row.changes.add(bytes.toString("latin1", start, tab < 0 ? newline : Math.min(tab, newline)));
  }
  return [...rows.values()].flatMap(({ head, changes }) => parseRow([head, ...changes].join("\t")) ?? []);
}

/** Every row, newest first, read as far as the caller wants. */
export function* rowsBackwards({ bytes }: HistoryTable): Generator<ReadRow> {
  const text = bytes.toString("latin1");
  const seen = new Set<string>();
  for (let end = text.length - 1; end > 0; ) {
    const start = text.lastIndexOf("\n", end - 1) + 1;
    const row = parseRow(text.slice(start, end));
    if (row !== undefined && !seen.has(row.oid)) yield row;
    if (row !== undefined) seen.add(row.oid);
    end = start - 1;
  }
}

/** The row of a commit, by its id or at least 7 digits of it; undefined where none or several begin so. */
export function findRow({ bytes }: HistoryTable, wanted: string): HistoryRow | undefined {
  const needle = wanted.toLowerCase();
  if (!/^[0-9a-f]{7,40}$/.test(needle)) return undefined;
  const found = new Map<string, number>();
  const isFirst = bytes.toString("latin1", 0, needle.length) === needle;
  for (let at = isFirst ? 0 : bytes.indexOf(`\n${needle}`) + 1; isFirst || at > 0; ) {
    found.set(bytes.toString("latin1", at, at + 40), at);
    at = bytes.indexOf(`\n${needle}`, at) + 1;
    if (at === 0) break;
  }
  const [first] = found.values();
  if (first === undefined || found.size > 1) return undefined;
  return parseRow(bytes.toString("latin1", first, bytes.indexOf(NEWLINE, first)));
}

/** The names of all ticket files that there ever were, without `.md`. */
export function namesEver({ bytes }: HistoryTable): Set<string> {
  const names = new Set<string>();
  for (const [, file = ""] of bytes.toString("latin1").matchAll(/\t([^ ]+)\.md /g)) {
    const decoded = decodeURI(file);
    if (isTicketPath(`${decoded}.md`)) names.add(path.posix.basename(decoded));
  }
  return names;
}

/** The table as it was left; empty where there is none, or one that was torn. */
function load(stateDir: string): Buffer {
  try {
    const bytes = readFileSync(path.join(stateDir, FILE));
    const isWhole = bytes.toString("latin1", 0, VERSION.length) === VERSION && bytes.at(-1) === NEWLINE;
    return isWhole ? bytes.subarray(VERSION.length) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

/** The commit of the last line: everything else is among its ancestors. */
function lastOf(bytes: Buffer): string {
  const start = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
  return bytes.toString("latin1", start, start + 40);
}

/** Adds what is new. Where the branch was rewritten, the commits that it lost go. */
async function follow(store: Store, journal: Journal, known: Buffer, head: string): Promise<HistoryTable> {
  const env = gitEnv(store);
  const old = known.toString("latin1");
  const oids = new Set(old.split("\n").map((line) => line.slice(0, 40)));
  const { commits, met, edges } = await newCommits(journal.repository, head, oids, env);
  const options = { prefix: journal.prefix, edges, env };
  const diffs = await commitDiffs(journal.repository, commits, options);
  const lines: string[] = [];
  for (const commit of commits) {
    lines.push(`${formatRow(await rowOf(journal, commit, diffs.get(commit.oid) ?? []))}\n`);
  }
  const fresh = lines.join("");
  const isLonger = known.length > 0 && met.has(lastOf(known));
  const text = isLonger ? old + fresh : keepAncestors(old, met) + fresh;
  if (isLonger) append(journal.stateDir, fresh);
  else save(journal.stateDir, text);
  return { bytes: Buffer.from(text, "latin1") };
}

async function rowOf(
  journal: Journal,
  { oid, parents, author, committer, message }: HistoryCommit,
  changes: readonly PathChange[],
): Promise<HistoryRow> {
  const trailers = readTrailers(message);
  const event = trailers.get("Event");
  return {
    oid,
    parents,
    time: committer.time,
    actor: trailers.get("Actor") ?? author.name,
    event: event !== undefined && /^[\w.]+$/.test(event) ? event : undefined,
    byHand: trailers.get("By-hand") === "yes" || !trailers.has("Actor"),
    changes: await withMoves(journal, changes),
  };
}

/** Says of a file that came where its ticket was before: the same name or bytes, else the same id. */
async function withMoves(journal: Journal, changes: readonly PathChange[]): Promise<readonly RowChange[]> {
  let gone = changes.filter((one) => isTicketPath(one.path) && one.after === null);
  let came = changes.filter((one) => isTicketPath(one.path) && one.before === null);
  const from = new Map<PathChange, string>();
  const idOf = async ({ path: file, before, after }: PathChange) =>
    (await snapshotOf(journal, file, before ?? after))?.ticket.id;
  const rules: ((one: PathChange) => Promise<string | undefined> | string | null)[] = [
    (one) => path.posix.basename(one.path),
    (one) => one.before ?? one.after,
    idOf,
  ];
  for (const keyOf of rules) {
    if (gone.length === 0 || came.length === 0) break;
    const old = new Map<unknown, PathChange>();
    for (const one of gone) old.set(await keyOf(one), one);
    for (const one of came) {
      const key = await keyOf(one);
      const match = key === undefined ? undefined : old.get(key);
      if (match === undefined) continue;
      from.set(one, match.path);
      old.delete(key);
    }
    const taken = new Set(from.values());
    gone = gone.filter((one) => !taken.has(one.path));
    came = came.filter((one) => !from.has(one));
  }
  return from.size === 0
    ? changes
    : changes.map((one) => (from.has(one) ? { ...one, from: from.get(one) as string } : one));
}

/** The lines of these commits and of all their ancestors. */
function keepAncestors(known: string, of: ReadonlySet<string>): string {
  if (of.size === 0) return "";
  const wanted = new Set(of);
  const kept: string[] = [];
  for (const line of known.split("\n").reverse()) {
    const [oid = "", parents = ""] = line.split(" ", 2);
    if (!wanted.has(oid)) continue;
    for (const parent of parents.split(",")) wanted.add(parent);
    kept.push(`${line}\n`);
  }
  return kept.reverse().join("");
}

function append(stateDir: string, lines: string): void {
  try {
    appendFileSync(path.join(stateDir, FILE), lines, "latin1");
  } catch {
    // The cache stays behind: the next reader looks at these commits again.
  }
}

function save(stateDir: string, text: string): void {
  const temporary = path.join(stateDir, `${FILE}.${randomUUID()}`);
  try {
    mkdirSync(stateDir, { recursive: true });
    writeFileSync(temporary, VERSION + text, "latin1");
    renameSync(temporary, path.join(stateDir, FILE));
  } catch {
    rmSync(temporary, { force: true });
  }
}
