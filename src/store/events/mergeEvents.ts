import path from "node:path";
import { objectExists } from "../../git/objects/objects.ts";
import { diffCommits } from "../../git/trees/diffTrees.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import type { TicketChange, TicketEvent } from "../../ticket/events/events.ts";
import { type LineChange, untoldOf } from "../../ticket/events/toldVersion.ts";
import type { Journal } from "../open/store.ts";
import { commitAt, commitsSince, commonAncestor, yieldToOthers } from "./branchLine.ts";
import { isTicketPath, snapshotOf } from "./commitEvents.ts";

/** After so many commits others in this process get a turn. */
const BATCH = 32;

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
  const lines: Line[] = [];
  for (const commit of commits) lines.push(await lineTo(journal, base, commit));
  const names = doubtful(lines, parents);
  if (names.size === 0) return { either: [], now: [] };
  const tickets = ticketsOf(await Promise.all(lines.map((line) => readLine(journal, line, names))), parents, names);
  const forwards = commits.map((_, at) => at);
  const tell = (order: readonly number[], come?: Way, seen?: Tickets): TicketChange[] =>
    tickets.flatMap((one) => untoldOf(one.base, inOrder(one, order, come, seen), one.after) ?? []);
  const order = forwards.toSorted((one, other) => placeOf(way, commits[one]) - placeOf(way, commits[other]));
  const inTurn = order.map((at) => commits[at] as string);
  const seen = await seenBefore(journal, inTurn, base, way);
  const known = seen && (await readTickets(journal, seen, names));
  return { either: [tell(forwards), tell(forwards.toReversed())], now: tell(order, way, known) };
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

/** What a line of a branch did to tickets' files: as a whole, and commit by commit. */
interface Line {
  readonly files: readonly FileChange[];
  readonly steps: ReadonlyMap<string, readonly FileChange[]>;
}

async function lineTo(journal: Journal, base: string | undefined, tip: string): Promise<Line> {
  const steps = new Map<string, readonly FileChange[]>();
  for (const [at, oid] of ((await commitsSince(journal, base, tip)) ?? []).entries()) {
    const [parent, ...others] = (await commitAt(journal, oid))?.parents ?? [];
    // What a merge tells its lines have touched; before the edge of a shallow clone nothing is known.
    const isKnown = others.length === 0 && (parent === undefined || (await objectExists(journal.repository, parent)));
    if (isKnown) steps.set(oid, await ticketFiles(journal, parent, oid));
    if ((at + 1) % BATCH === 0) await yieldToOthers();
  }
  return { files: await ticketFiles(journal, base, tip), steps };
}

/** Names of files that several lines touched, or of which the merge has other than the line that touched them, or than all. */
function doubtful(lines: readonly Line[], parents: readonly Against[]): ReadonlySet<string> {
  const ofLines = lines.map(({ files, steps }) => {
    const all = [files, ...steps.values()].flat();
    return new Set(all.map((file) => path.posix.basename(file.path)));
  });
  const ofMerge = parents.map(({ changed }) => new Set(changed.flatMap(namesOf)));
  const names = new Set([...ofLines, ...ofMerge].flatMap((some) => [...some]));
  const isDoubtful = (name: string): boolean => {
    const touched = ofLines.filter((some) => some.has(name)).length;
    return touched !== 1 || ofMerge.some((some, at) => some.has(name) && ofLines[at]?.has(name));
  };
  return new Set([...names].filter(isDoubtful));
}

function namesOf({ before, after }: TicketChange): string[] {
  return [before, after].flatMap((one) => (one === undefined ? [] : [path.posix.basename(one.ticket.path)]));
}

/** What was done to tickets, by their ids. */
type Tickets = ReadonlyMap<string, LineChange>;

async function readTickets(
  journal: Journal,
  files: readonly FileChange[],
  names: ReadonlySet<string>,
): Promise<Tickets> {
  const changes: TicketChange[] = [];
  for (const { path: file, before, after } of files) {
    if (!names.has(path.posix.basename(file))) continue;
    changes.push({ before: await snapshotOf(journal, file, before), after: await snapshotOf(journal, file, after) });
  }
  return byId(changes);
}

/** A line with the tickets that are in doubt. */
interface ReadLine {
  readonly whole: Tickets;
  readonly steps: ReadonlyMap<string, Tickets>;
}

async function readLine(journal: Journal, { files, steps }: Line, names: ReadonlySet<string>): Promise<ReadLine> {
  const read = new Map<string, Tickets>();
  for (const [oid, changes] of steps) read.set(oid, await readTickets(journal, changes, names));
  return { whole: await readTickets(journal, files, names), steps: read };
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
  readonly lines: readonly (LineChange & { readonly byCommit: ReadonlyMap<string, LineChange> })[];
  readonly after: Snapshot | undefined;
}

function ticketsOf(lines: readonly ReadLine[], parents: readonly Against[], names: ReadonlySet<string>): Told[] {
  const isNamed = (change: TicketChange): boolean => namesOf(change).some((name) => names.has(name));
  const merge = parents.map(({ changed }) => byId(changed.filter(isNamed)));
  const ids = new Set([...lines.map(({ whole }) => whole), ...merge].flatMap((some) => [...some.keys()]));
  return [...ids].sort().map((id) => {
    const own = lines.map(({ whole }) => whole.get(id));
    const against = merge.map((some) => some.get(id));
    const at = own.indexOf(undefined);
    const base = own.find((line) => line !== undefined)?.before ?? (at < 0 ? undefined : against[at]?.before);
    const all = lines.map(({ whole, steps }) => {
      const byCommit = [...steps].flatMap(([oid, tickets]) => {
        const step = tickets.get(id);
        return step === undefined ? [] : [[oid, step] as const];
      });
      return { ...(whole.get(id) ?? { before: base, after: base }), byCommit: new Map(byCommit) };
    });
    const changed = against.find((one) => one !== undefined);
    return { id, base, lines: all, after: changed === undefined ? all[0]?.after : changed.after };
  });
}

/** What was told, line after line; of the last line what `seen` has was known before all others. */
function inOrder({ id, base, lines }: Told, order: readonly number[], way?: Way, seen?: Tickets): LineChange[] {
  const all = order.map((at): LineChange => {
    const { before, after, byCommit } = lines[at] as Told["lines"][number];
    const steps = [...byCommit].filter(([oid]) => seen === undefined || placeOf(way, oid) >= 0);
    return { before, after, steps: steps.map(([, step]) => step) };
  });
  const last = all.at(-1) as LineChange;
  if (seen === undefined) return all;
  const known = seen.has(id) ? seen.get(id)?.after : base;
  return [{ before: base, after: known }, ...all.slice(0, -1), { ...last, before: known }];
}

/** What of the line that was told last was known at the start, where that is one of its commits and of no other line. */
async function seenBefore(
  journal: Journal,
  order: readonly string[],
  base: string | undefined,
  way: Way | undefined,
): Promise<readonly FileChange[] | undefined> {
  const start = way?.start;
  if (start === undefined || order.some((commit) => placeOf(way, commit) < 0)) return undefined;
  const reached: boolean[] = [];
  for (const commit of order) reached.push((await commitsSince(journal, start, commit)) !== undefined);
  return reached.indexOf(true) === order.length - 1 ? ticketFiles(journal, base, start) : undefined;
}
