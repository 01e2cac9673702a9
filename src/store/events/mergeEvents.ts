import path from "node:path";
import { diffCommits } from "../../git/trees/diffTrees.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import type { TicketChange, TicketEvent } from "../../ticket/events/events.ts";
import { type LineChange, untoldOf } from "../../ticket/events/toldVersion.ts";
import type { Journal } from "../open/store.ts";
import { commitsSince, commonAncestor } from "./branchLine.ts";
import { isTicketPath, snapshotOf } from "./commitEvents.ts";

/** How somebody comes to a commit: what they have told before it. */
export interface Way {
  /** The commit whose state was known; undefined before a store's first. */
  readonly start: string | undefined;
  /** The commits that were told since, with their place. */
  readonly told: ReadonlyMap<string, number>;
}

/** A merge against one of its parents. */
export interface Against {
  readonly parent: string;
  readonly changed: readonly TicketChange[];
  readonly events: readonly TicketEvent[];
}

/** What a merge has to tell, by the order in which its lines were told. */
export interface UntoldChanges {
  /** Whatever the order: in that of its parents, and the other way round. */
  readonly either: readonly (readonly TicketChange[])[];
  /** For who came by `way`. */
  readonly now: readonly TicketChange[];
}

/**
 * The changes of a merge that the commits it joins have not told: in what one of them told last, and the merge has
 * otherwise. Which that is depends on whose commits were told first.
 */
export async function untoldChanges(
  journal: Journal,
  parents: readonly Against[],
  way: Way | undefined,
): Promise<UntoldChanges> {
  const commits = parents.map(({ parent }) => parent);
  const base = await commonAncestor(journal, commits[0] as string, commits[1] as string);
  const lines: FileChange[][] = [];
  for (const commit of commits) lines.push(await ticketFiles(journal, base, commit));
  const names = doubtful(lines, parents);
  if (names.size === 0) return { either: [], now: [] };
  const changes: Lines[] = [];
  for (const files of lines) changes.push(await readLines(journal, files, names));
  const tickets = ticketsOf(changes, parents, names);
  const forwards = commits.map((_, at) => at);
  const backwards = forwards.toReversed();
  const tell = (all: readonly Told[], order: readonly number[], seen?: Lines): TicketChange[] =>
    all.flatMap((one) => untoldOf(one.base, inOrder(one, order, seen), one.after) ?? []);
  const either = [tell(tickets, forwards), tell(tickets, backwards)];
  const order = forwards.toSorted((one, other) => placeOf(way, commits[one]) - placeOf(way, commits[other]));
  const seen = await seenBefore(
    journal,
    order.map((at) => commits[at] as string),
    base,
    way,
    names,
  );
  return { either, now: tell(tickets, order, seen) };
}

function placeOf(way: Way | undefined, commit = ""): number {
  return way?.told.get(commit) ?? -1;
}

interface FileChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

async function ticketFiles({ repository, prefix }: Journal, base: string | undefined, commit: string) {
  return (await diffCommits(repository, base, commit, prefix)).filter((change) => isTicketPath(change.path));
}

/** Names of files that several lines changed, or of which the merge has other than the line that changed them, or than all. */
function doubtful(lines: readonly (readonly FileChange[])[], parents: readonly Against[]): ReadonlySet<string> {
  const ofLines = lines.map((files) => new Set(files.map((file) => path.posix.basename(file.path))));
  const ofMerge = parents.map(({ changed }) => new Set(changed.flatMap(namesOf)));
  const names = new Set([...ofLines, ...ofMerge].flatMap((some) => [...some]));
  const isDoubtful = (name: string): boolean => {
    const changed = ofLines.filter((some) => some.has(name)).length;
    return changed !== 1 || ofMerge.some((some, at) => some.has(name) && ofLines[at]?.has(name));
  };
  return new Set([...names].filter(isDoubtful));
}

function namesOf({ before, after }: TicketChange): string[] {
  return [before, after].flatMap((one) => (one === undefined ? [] : [path.posix.basename(one.ticket.path)]));
}

/** What a line did, by the ids of tickets. */
type Lines = ReadonlyMap<string, LineChange>;

async function readLines(journal: Journal, files: readonly FileChange[], names: ReadonlySet<string>): Promise<Lines> {
  const changes: TicketChange[] = [];
  for (const { path: file, before, after } of files) {
    if (!names.has(path.posix.basename(file))) continue;
    changes.push({ before: await snapshotOf(journal, file, before), after: await snapshotOf(journal, file, after) });
  }
  return byId(changes);
}

/** A ticket that moved is in one place before and in another after. */
function byId(changes: readonly TicketChange[]): Map<string, LineChange> {
  const found = new Map<string, { before: Snapshot | undefined; after: Snapshot | undefined }>();
  const at = (id: string) => {
    const one = found.get(id) ?? { before: undefined, after: undefined };
    found.set(id, one);
    return one;
  };
  for (const { before, after } of changes) {
    if (before !== undefined) at(before.ticket.id).before = before;
    if (after !== undefined) at(after.ticket.id).after = after;
  }
  return found;
}

/** A ticket in the last common version, what each line did to it, and the merge's. */
interface Told {
  readonly id: string;
  readonly base: Snapshot | undefined;
  readonly lines: readonly LineChange[];
  readonly after: Snapshot | undefined;
}

function ticketsOf(lines: readonly Lines[], parents: readonly Against[], names: ReadonlySet<string>): Told[] {
  const merge = parents.map(({ changed }) =>
    byId(changed.filter((change) => namesOf(change).some((name) => names.has(name)))),
  );
  const ids = new Set([...lines, ...merge].flatMap((some) => [...some.keys()]));
  return [...ids].sort().map((id) => {
    const own = lines.map((line) => line.get(id));
    const against = merge.map((some) => some.get(id));
    const at = own.indexOf(undefined);
    const base = own.find((line) => line !== undefined)?.before ?? (at < 0 ? undefined : against[at]?.before);
    const all = own.map((line) => line ?? { before: base, after: base });
    const changed = against.find((one) => one !== undefined);
    return { id, base, lines: all, after: changed === undefined ? all[0]?.after : changed.after };
  });
}

/** What was told, line after line; of the last line what `seen` has was known before all others. */
function inOrder({ id, base, lines }: Told, order: readonly number[], seen: Lines | undefined): LineChange[] {
  const all = order.map((at) => lines[at] as LineChange);
  const last = all.at(-1) as LineChange;
  if (seen === undefined) return all;
  const known = seen.has(id) ? seen.get(id)?.after : base;
  return [{ before: base, after: known }, ...all.slice(0, -1), { before: known, after: last.after }];
}

/** What of the line that was told last was known at the start, where that is one of its commits and of no other line. */
async function seenBefore(
  journal: Journal,
  order: readonly string[],
  base: string | undefined,
  way: Way | undefined,
  names: ReadonlySet<string>,
): Promise<Lines | undefined> {
  const start = way?.start;
  if (start === undefined || order.some((commit) => placeOf(way, commit) < 0)) return undefined;
  const reached: boolean[] = [];
  for (const commit of order) reached.push((await commitsSince(journal, start, commit)) !== undefined);
  if (reached.indexOf(true) !== order.length - 1) return undefined;
  return readLines(journal, await ticketFiles(journal, base, start), names);
}
