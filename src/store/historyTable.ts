import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { commitDiffs } from "../git/commitDiffs.ts";
import type { PathChange } from "../git/diffTrees.ts";
import type { HistoryCommit } from "../git/history.ts";
import { newCommits } from "../git/newCommits.ts";
import { readHead } from "../git/refs.ts";
import { isTicketPath, readTrailers, snapshotOf } from "./commitEvents.ts";
import { formatRow, type HistoryRow, parseRow, type RowChange } from "./historyRow.ts";
import { gitEnv } from "./refresh.ts";
import type { Journal, Store } from "./store.ts";

/**
 * Every commit of the store's branch with the files that it changed: one line each, parents before children. Kept in
 * a file that grows with the branch, so that one ticket's history costs a scan and not ten thousand trees.
 */
export interface HistoryTable {
  /** Lines of historyRow.ts, each with its line end. */
  readonly text: string;
}

const FILE = "history.table";
const VERSION = "ayo history 1\n";

/** The history of the store's branch up to now; the file is brought up to date on the way, and made again if lost. */
export async function readHistory(store: Store): Promise<HistoryTable> {
  const { journal } = store;
  const head = journal === undefined ? undefined : readHead(journal.repository).oid;
  if (journal === undefined || head === undefined) return { text: "" };
  const known = load(journal.stateDir);
  return lastOf(known) === head ? { text: known } : follow(store, journal, known, head);
}

/**
 * The commits that touched a file of one of these names in whatever folder, or moved one, with those changes only;
 * oldest first.
 */
export function rowsNamed({ text }: HistoryTable, names: Iterable<string>): HistoryRow[] {
  const hits = new Set<number>();
  for (const name of names) {
    const coded = encodeURI(name);
    // As the path of a change, and as where one came from.
    for (const needle of [`\t${coded} `, `/${coded} `, ` ${coded}\t`, ` ${coded}\n`, `/${coded}\t`, `/${coded}\n`]) {
      for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
        hits.add(text.lastIndexOf("\t", at) + 1);
      }
    }
  }
  const rows = new Map<string, { head: string; changes: Set<string> }>();
  for (const start of [...hits].sort((left, right) => left - right)) {
    const line = text.lastIndexOf("\n", start) + 1;
    const oid = text.slice(line, line + 40);
    const row = rows.get(oid) ?? { head: text.slice(line, text.indexOf("\t", line)), changes: new Set() };
    rows.set(oid, row);
    row.changes.add(text.slice(start, endOfChange(text, start)));
  }
  return [...rows.values()].flatMap(({ head, changes }) => parseRow([head, ...changes].join("\t")) ?? []);
}

function endOfChange(text: string, start: number): number {
  const newline = text.indexOf("\n", start);
  const tab = text.lastIndexOf("\t", newline) < start ? -1 : text.indexOf("\t", start);
  return tab < 0 ? newline : tab;
}

/** Every row, newest first, read as far as the caller wants. */
export function* rowsBackwards({ text }: HistoryTable): Generator<HistoryRow> {
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
export function findRow({ text }: HistoryTable, wanted: string): HistoryRow | undefined {
  const needle = wanted.toLowerCase();
  if (!/^[0-9a-f]{7,40}$/.test(needle)) return undefined;
  const found = new Map<string, number>();
  for (let at = text.startsWith(needle) ? 0 : text.indexOf(`\n${needle}`) + 1; at > 0 || found.size === 0; ) {
    if (!text.startsWith(needle, at)) break;
    found.set(text.slice(at, at + 40), at);
    at = text.indexOf(`\n${needle}`, at) + 1;
  }
  const [first] = found.values();
  return first === undefined || found.size > 1 ? undefined : rowsAt(text, [first])[0];
}

/** The names of all ticket files that there ever were, without `.md`. */
export function namesEver({ text }: HistoryTable): Set<string> {
  const names = new Set<string>();
  for (const [, file = ""] of text.matchAll(/\t([^ ]+)\.md /g)) {
    const decoded = decodeURI(file);
    if (isTicketPath(`${decoded}.md`)) names.add(path.posix.basename(decoded));
  }
  return names;
}

function rowsAt(text: string, starts: readonly number[]): HistoryRow[] {
  const rows = new Map<string, HistoryRow>();
  for (const start of starts) {
    const row = parseRow(text.slice(start, text.indexOf("\n", start)));
    if (row !== undefined && !rows.has(row.oid)) rows.set(row.oid, row);
  }
  return [...rows.values()];
}

/** The table as it was left; "" where there is none, or one that was torn. */
function load(stateDir: string): string {
  try {
    const text = readFileSync(path.join(stateDir, FILE), "latin1");
    return text.startsWith(VERSION) && text.endsWith("\n") ? text.slice(VERSION.length) : "";
  } catch {
    return "";
  }
}

/** The commit of the last line: everything else is among its ancestors. */
function lastOf(text: string): string {
  return text.slice(text.lastIndexOf("\n", text.length - 2) + 1).slice(0, 40);
}

/** Adds what is new. Where the branch was rewritten, the commits that it lost go. */
async function follow(store: Store, journal: Journal, known: string, head: string): Promise<HistoryTable> {
  const env = gitEnv(store);
  const oids = new Set(known.split("\n").map((line) => line.slice(0, 40)));
  const { commits, met, edges } = await newCommits(journal.repository, head, oids, env);
  const options = { prefix: journal.prefix, edges, env };
  const diffs = await commitDiffs(journal.repository, commits, options);
  const lines: string[] = [];
  for (const commit of commits) {
    lines.push(`${formatRow(await rowOf(journal, commit, diffs.get(commit.oid) ?? []))}\n`);
  }
  const fresh = lines.join("");
  if (known !== "" && met.has(lastOf(known))) {
    append(journal.stateDir, fresh);
    return { text: known + fresh };
  }
  const text = keepAncestors(known, met) + fresh;
  save(journal.stateDir, text);
  return { text };
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
