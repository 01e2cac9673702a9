import { randomUUID } from "node:crypto";
import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import { appendOwned, makeFolders, writeOwned } from "../../folderOwner.ts";
import { type CommitChange, commitDiffs } from "../../git/commits/commitDiffs.ts";
import type { HistoryCommit } from "../../git/commits/history.ts";
import { newCommits } from "../../git/commits/newCommits.ts";
import { blobAt } from "../../git/trees/lsTree.ts";
import { isOwnOfMerge } from "../../ticket/events/ownOfMerge.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { gitEnv } from "../disk/refresh.ts";
import { isTicketPath, readTrailers, snapshotOf } from "../events/commitEvents.ts";
import type { Journal, Store } from "../open/store.ts";
import { FILE, lastOf, VERSION } from "./historyFile.ts";
import { formatRow, type HistoryRow, type RowChange } from "./historyRow.ts";
import { withMoves } from "./moves.ts";

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
  found: readonly CommitChange[],
): Promise<HistoryRow> {
  const changes: RowChange[] = [];
  for (const change of found)
    if (await isOwn(journal, change)) changes.push(await fromParent(journal, parents, change));
  const trailers = readTrailers(message);
  const event = trailers.get("Event");
  return {
    oid,
    parents,
    time: committer.time,
    actor: trailers.get("Actor") ?? author.name,
    event: event !== undefined && /^[\w.]+$/.test(event) ? event : undefined,
    byHand: trailers.get("By-hand") === "yes" || !trailers.has("Actor"),
    undoes: trailers.get("Undoes"),
    subject: [...(message.split("\n", 1)[0] ?? "")].slice(0, MAX_SUBJECT).join(""),
    changes: await withMoves(changes, async (file, blob) => snapshotOf(journal, file, blob)),
  };
}

/** Whether what differs from every parent was changed by the commit: a merge may have put both sides together, and no more. */
async function isOwn(journal: Journal, { path: file, before, after, others }: CommitChange): Promise<boolean> {
  if (others === undefined || !isTicketPath(file)) return true;
  const parents = await Promise.all([before, ...others].map((blob) => snapshotOf(journal, file, blob)));
  return isOwnOfMerge(parents, await snapshotOf(journal, file, after));
}

/**
 * The change of a merge against a parent that has the file. What it gave another name, since two tickets had one, came
 * from the file of that name.
 */
async function fromParent(journal: Journal, parents: readonly string[], change: CommitChange): Promise<RowChange> {
  const { path: file, after, others = [] } = change;
  const before = change.before ?? others.find((blob) => blob !== null) ?? null;
  const all = { path: file, before, after };
  if (others.length === 0 || before !== null || !isTicketPath(file)) return all;
  const { repository, prefix } = journal;
  const now = (await snapshotOf(journal, file, after))?.ticket;
  if (typeof now?.extra.was !== "string") return all;
  const from = path.posix.join(path.posix.dirname(file), `${now.extra.was}.md`);
  for (const parent of parents) {
    const blob = await blobAt(repository, parent, path.posix.join(prefix, from));
    if (blob === undefined) continue;
    const old = (await snapshotOf(journal, from, blob))?.ticket;
    if (old !== undefined && birthOf(old) === birthOf(now)) return { ...all, before: blob, from };
  }
  return all;
}

/** What tells a ticket from another of its name. */
function birthOf({ fields: { once, created }, title }: Ticket): string {
  return once ?? created ?? title;
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
