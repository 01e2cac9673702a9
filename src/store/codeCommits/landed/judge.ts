import type { TaggedCommit } from "../commitCache.ts";
import type { BaseHistory } from "./baseHistory.ts";
import { byName } from "./byName.ts";
import type { Evidence, Search, Verdict, Work } from "./evidence.ts";
import type { OwnCommit } from "./ownCommits.ts";
import { NO_FILES } from "./patches.ts";
import { landedAt, revertOf } from "./takenBack.ts";

/** Of so many commits it is asked whether they are the last one of what was squashed. */
const MAX_WHOLE = 50;

/**
 * Whether all work of a ticket is on the base branch: each commit itself, or one that was made of it: with the same
 * author, moment and subject, with the same change, one with the change of a whole line of commits (a squash), or, where
 * nothing else tells, later ones that name the ticket and change its files.
 */
export function judge(work: Work, evidence: Evidence): Verdict {
  const { history, own } = evidence;
  const search = searchOf(work, evidence);
  if (search.open.size === 0 && search.found.size === 0)
    return work.linked.length === 0
      ? { state: "none" }
      : { state: "waiting", missing: work.linked, absent: work.linked.filter((oid) => own.read(oid) === undefined) };
  const named = search.open.size > 0 ? byName(work, evidence, search) : undefined;
  if (search.open.size > 0) {
    const missing = [...search.open];
    return { state: "waiting", missing, absent: missing.filter((oid) => own.read(oid) === undefined), named };
  }
  const by = revertOf(work, evidence, search);
  if (by !== undefined) return { state: "reverted", by: history.oids[by] as string };
  return { state: "landed", at: history.oids[landedAt(evidence, search.found)] as string };
}

/** The commit that took back work that had landed, as far as it is known what of the base branch is of it. */
export function takenBack(work: Work, evidence: Evidence): string | undefined {
  const by = revertOf(work, evidence, searchOf(work, evidence));
  return by === undefined ? undefined : evidence.history.oids[by];
}

/** What of the work is on the base branch, as far as commits and changes tell, without what names the ticket. */
export function searchOf(work: Work, evidence: Evidence): Search {
  const search = gather(work, evidence);
  byAuthor(work, evidence, search);
  byChange(work, evidence, search);
  return search;
}

/** The commits of the work: those that are on the base branch, and the others. */
function gather({ linked, naming, tips, landed }: Work, { history, own }: Evidence): Search {
  const { places } = history;
  const search: Search = { open: new Set(), found: new Set(), taken: new Set() };
  const said = landed === undefined ? undefined : places.get(landed);
  if (said !== undefined) search.found.add(said);
  const lines = tips.map((tip) => own.line(tip)?.commits ?? [tip]);
  for (const oid of [...linked, ...naming.map((commit) => commit.oid), ...lines.flat()]) {
    const place = places.get(oid);
    if (place !== undefined) search.found.add(place);
    // Merges of the base branch into the work bring nothing of their own.
    else if ((own.read(oid)?.parents.length ?? 1) < 2) search.open.add(oid);
  }
  return search;
}

/** A rebase keeps the author, the moment and mostly the subject. */
function byAuthor({ naming }: Work, { history, own }: Evidence, { open, found, taken }: Search): void {
  const there = naming.filter(({ oid }) => history.places.has(oid));
  for (const oid of open) {
    const commit = own.read(oid);
    if (commit === undefined) continue;
    const made = there.find((one) => isMadeOf(one, commit));
    // What is empty is no copy of what is not.
    if (made === undefined || (own.changes(oid) && !own.changes(made.oid))) continue;
    const place = history.places.get(made.oid) as number;
    taken.add(place);
    found.add(place);
    open.delete(oid);
  }
}

function isMadeOf({ author, subject }: TaggedCommit, of: OwnCommit): boolean {
  const { name, email, time, timezone } = of.author;
  const isSame = author.name === name && author.email === email && author.time === time && author.timezone === timezone;
  return isSame && subject === of.subject;
}

/** The same change, of one commit or of a whole line of them. */
function byChange(work: Work, evidence: Evidence, search: Search): void {
  const { open, found } = search;
  for (const oid of [...open]) {
    const isIdle = evidence.patches.get(oid)?.files === NO_FILES;
    // What changes nothing has nothing to bring.
    if (standsFor(evidence, search, oid) || (isIdle && (found.size > 0 || open.size > 1))) open.delete(oid);
  }
  for (const oid of lastOnes(work, open)) {
    const line = open.has(oid) ? evidence.own.line(oid) : undefined;
    if (line?.fork === undefined || !standsFor(evidence, search, wholeKey(evidence.history, oid, line.fork))) continue;
    for (const below of line.commits) open.delete(below);
  }
}

/** Notes which commits of the base branch make the same change; whether any does. */
function standsFor({ patches, byPatch }: Evidence, { found, taken }: Search, key: string): boolean {
  const patch = patches.get(key);
  const places = patch === undefined || patch.files === NO_FILES ? [] : (byPatch.get(patch.id) ?? []);
  for (const place of places) {
    found.add(place);
    taken.add(place);
  }
  return places.length > 0;
}

/** The commits that may be the last of what was squashed, the likeliest first. */
function lastOnes({ tips }: Work, open: ReadonlySet<string>): string[] {
  const likely = new Set([...tips, ...[...open].reverse()]);
  return [...likely].filter((oid) => open.has(oid)).slice(0, MAX_WHOLE);
}

/** What has to be known of changes before work can be judged by them, and after which place of the base branch to look. */
export function wantedOf(work: Work, evidence: Evidence): { readonly keys: readonly string[]; readonly after: number } {
  const { history, own } = evidence;
  const search = gather(work, evidence);
  byAuthor(work, evidence, search);
  const lines = new Map([...search.open].map((oid) => [oid, own.read(oid) && own.line(oid)]));
  const forks = [...lines.values()].map((line) => line?.fork ?? -1);
  const wholes = lastOnes(work, search.open).flatMap((oid) => {
    const fork = lines.get(oid)?.fork;
    return fork === undefined ? [] : [wholeKey(history, oid, fork)];
  });
  const single = [...search.open].filter((oid) => own.read(oid) !== undefined);
  return { keys: [...single, ...wholes], after: Math.min(history.oids.length, ...forks) };
}

/** Under which key the change of a whole line is kept. */
export function wholeKey({ oids }: BaseHistory, tip: string, fork: number): string {
  return `${tip} ${oids[fork]}`;
}
