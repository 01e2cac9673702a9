import { AyoError } from "../../error.ts";
import { parseCommit } from "../../git/commits/commit.ts";
import { readObject } from "../../git/objects/objects.ts";
import { readHead } from "../../git/refs/refs.ts";
import type { EventName } from "../../ticket/events/events.ts";
import { linesSince } from "../events/branchLine.ts";
import { readTrailers } from "../events/commitEvents.ts";
import { followStore } from "../events/follow.ts";
import type { StartingPoint } from "../events/front.ts";
import { startingPoint } from "../events/since.ts";
import { knownTicketsOf } from "../events/worldAt.ts";
import type { Journal, Store } from "../open/store.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { type Occurrence, occurrenceOf } from "./occurrences.ts";

/** What happened since this machine last acted on it. */
export interface News {
  /** What may begin a run, in the order in which it happened. */
  readonly occurrences: readonly Occurrence[];
  /** The runs that something of it is about. */
  readonly touched: ReadonlySet<string>;
  /** Whether a run of a pipeline was begun by this cause, by whatever machine, also one that was taken back. */
  readonly isActedOn: (pipeline: string, cause: string) => boolean;
  /** Says that all of it was acted on. @throws disk_full, store_not_writable */
  readonly settle: () => void;
}

/** Whether there is nothing new. */
export function isUpToDate(journal: Journal): boolean {
  const head = readHead(journal.repository).oid;
  return head === undefined || readCursor(journal) === head;
}

/** Says that whatever happened so far is not to be acted on. @throws disk_full, store_not_writable */
export function beginHere(journal: Journal): void {
  const head = readHead(journal.repository).oid;
  if (head !== undefined) writeCursor(journal, head);
}

/**
 * What happened since this machine last said so; where it never did, since a time. Of events those that `wants` names.
 * @throws not_found when an object is missing or damaged
 */
export async function newsSince(
  store: Store,
  journal: Journal,
  since: string,
  wants: (names: readonly EventName[]) => boolean,
): Promise<News> {
  const head = readHead(journal.repository).oid ?? "";
  const near = store.index === undefined ? undefined : knownTicketsOf(store.index);
  const start = await pointOf(store, journal, since);
  const follower = await followStore(store, journal, start, near);
  const touched = new Set<string>();
  const occurrences: Occurrence[] = [];
  for await (const events of follower.next()) {
    for (const event of events) {
      const occurrence = await occurrenceOf(journal, follower.world, event);
      for (const id of runsOf(occurrence)) touched.add(id);
      if (wants(occurrence.names)) occurrences.push(occurrence);
    }
  }
  const acted = occurrences.length === 0 ? new Set<string>() : await actedOn(journal, start.after, head);
  const { position } = follower;
  return {
    occurrences,
    touched,
    isActedOn: (pipeline, cause) => acted.has(`${pipeline} ${cause}`),
    settle: () => position !== "" && writeCursor(journal, position),
  };
}

/** What an event is as a trigger. @throws not_found, bad_input for an id that is none */
export async function occurrenceWithId(store: Store, journal: Journal, id: string): Promise<Occurrence> {
  const [, commit] = /^([0-9a-f]{40}):\d{1,9}$/.exec(id.trim()) ?? [];
  if (commit === undefined) {
    throw new AyoError("bad_input", `'${id}' is no event's id: 40 hex digits, a colon and a number`, { data: { id } });
  }
  const { parents } = parseCommit((await readObject(journal.repository, commit)).bytes);
  const follower = await followStore(store, journal, { after: parents[0] });
  for await (const events of follower.next()) {
    const event = events.find((one) => one.id === id.trim());
    if (event !== undefined) return occurrenceOf(journal, follower.world, event);
    if (follower.at === commit) break;
  }
  throw new AyoError("not_found", `the store has no event '${id}'`, { data: { id } });
}

async function pointOf({ host }: Store, journal: Journal, since: string): Promise<StartingPoint> {
  const cursor = readCursor(journal);
  if (cursor !== undefined) {
    try {
      return await startingPoint(journal, cursor, host.now());
    } catch (error) {
      // A branch that was written anew does not have it: all is looked at that may matter.
      if (!(error instanceof AyoError) || error.code !== "not_found") throw error;
    }
  }
  return startingPoint(journal, since, host.now());
}

/** The runs that something is about: itself, and the one whose ticket it is. */
function runsOf({ ticket }: Occurrence): string[] {
  if (ticket === undefined) return [];
  const { id, fields } = ticket;
  const own = fields.pipeline === undefined ? [] : [id];
  return fields.pipelineRun === undefined ? own : [...own, fields.pipelineRun];
}

/** What the commits since then say was acted on. */
async function actedOn(journal: Journal, after: string | undefined, head: string): Promise<Set<string>> {
  const acted = new Set<string>();
  for (const { oid } of (await linesSince(journal, after, head)) ?? []) {
    const trailers = readTrailers(parseCommit((await readObject(journal.repository, oid)).bytes).message);
    const [name, , step] = trailers.get("Pipeline")?.split("/") ?? [];
    if (step === "begin") acted.add(`${name} ${trailers.get("Trigger")}`);
  }
  return acted;
}
