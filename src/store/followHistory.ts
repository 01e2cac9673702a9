import { randomUUID } from "node:crypto";
import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import { appendOwned, makeFolders, writeOwned } from "../folderOwner.ts";
import { commitDiffs } from "../git/commitDiffs.ts";
import type { PathChange } from "../git/diffTrees.ts";
import type { HistoryCommit } from "../git/history.ts";
import { newCommits } from "../git/newCommits.ts";
import { isTicketPath, readTrailers, snapshotOf } from "./commitEvents.ts";
import { FILE, lastOf, VERSION } from "./historyFile.ts";
import { formatRow, type HistoryRow, type RowChange } from "./historyRow.ts";
import { gitEnv } from "./refresh.ts";
import type { Journal, Store } from "./store.ts";

/** Ours are shorter; a project's own commits may have a novel there. In characters. */
const MAX_SUBJECT = 200;

/** Adds what is new to the bytes of a table, and to its file. Where the branch was rewritten, the commits that it lost go. */
export async function followHistory(store: Store, journal: Journal, known: Buffer, head: string): Promise<Buffer> {
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
  return Buffer.from(text, "latin1");
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
    subject: [...(message.split("\n", 1)[0] ?? "")].slice(0, MAX_SUBJECT).join(""),
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
    appendOwned(path.join(stateDir, FILE), lines, "latin1");
  } catch {
    // The cache stays behind: the next reader looks at these commits again.
  }
}

function save(stateDir: string, text: string): void {
  const temporary = path.join(stateDir, `${FILE}.${randomUUID()}`);
  try {
    makeFolders(stateDir);
    writeOwned(temporary, VERSION + text, { encoding: "latin1" });
    renameSync(temporary, path.join(stateDir, FILE));
  } catch {
    rmSync(temporary, { force: true });
  }
}
