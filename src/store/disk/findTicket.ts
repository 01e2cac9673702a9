import { posix } from "node:path";
import { AyoError } from "../../error.ts";
import { matchId } from "../../ticket/ids.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";
import type { Store } from "../open/store.ts";
import { type Archive, type ArchivedTicket, readArchived } from "./archive/archive.ts";
import { leftOutError } from "./gitMarks.ts";
import { idOfKey, trackersOf } from "./trackerItem.ts";
import { archiveOf, type View } from "./view.ts";

/**
 * The ticket a user means: an exact id, a unique part of one, or an archived ticket's id.
 * `substring` also takes a unique part in the middle, as reads do, and what a tracker calls its item: `ENG-12`.
 * @throws not_found, ambiguous_id
 */
export async function findTicket(store: Store, view: View, wanted: string, substring: boolean): Promise<Ticket> {
  const exact = view.byId.get(wanted);
  if (exact !== undefined) return exact;
  const archived = (await archiveOf(store, view)).find(wanted);
  if (archived !== undefined) return archivedTicket(store, archived);
  if (isNumber(view, wanted)) {
    const numbered = await ticketOfKey(store, view, wanted);
    if (numbered !== undefined && substring) return numbered;
    throw isIssueOf(wanted.trim(), numbered);
  }
  try {
    return view.byId.get(matchId(wanted, view.byId.keys(), { substring })) as Ticket;
  } catch (error) {
    const more = findArchived(await archiveOf(store, view), wanted, substring);
    if (more !== undefined) return archivedTicket(store, more);
    const byKey = substring ? await ticketOfKey(store, view, wanted) : undefined;
    if (byKey !== undefined) return byKey;
    throw unreadable(view, wanted) ?? leftOutError(store, wanted) ?? error;
  }
}

/** Whether a word is the number of an issue rather than a part of an id: `#12` in a store that is kept the same with GitHub. */
function isNumber({ config }: View, wanted: string): boolean {
  return /^\s*#\d+\s*$/.test(wanted) && trackersOf(config).includes("github");
}

function isIssueOf(number: string, ticket: Ticket | undefined): AyoError {
  if (ticket === undefined) {
    const message = `no ticket is kept the same with issue ${number}: 'ayo tracker pull ${number}' brings it`;
    return new AyoError("not_found", message, { try: ["ayo", "tracker", "pull", number] });
  }
  const { id } = ticket;
  const message = `${number} is the issue of ${id}: what changes something wants the ticket's id`;
  return new AyoError("not_found", message, { try: ["ayo", "ticket", "show", id], data: { id } });
}

/** The ticket whose item a tracker calls so. */
async function ticketOfKey(store: Store, view: View, wanted: string): Promise<Ticket | undefined> {
  const id = idOfKey(store.dir, view.config, wanted.trim());
  if (id === undefined) return undefined;
  const archived = view.byId.has(id) ? undefined : (await archiveOf(store, view)).find(id);
  return archived === undefined ? view.byId.get(id) : archivedTicket(store, archived);
}

/** What to say of an id whose file is there but no readable ticket. */
function unreadable(view: View, wanted: string): AyoError | undefined {
  const problem = problemOf(view, wanted);
  if (problem === undefined) return undefined;
  const { path, line, message } = problem;
  return new AyoError("bad_ticket", `${path}${line > 0 ? `:${line}` : ""}: ${message}`, {
    try: ["ayo", "ticket", "show", wanted],
    data: { ...problem },
  });
}

/** The problem of the file that an id, or a part of one, names. */
export function problemOf(view: View, wanted: string): Problem | undefined {
  const names = new Map(view.problems.map((problem) => [posix.basename(problem.path, ".md"), problem]));
  try {
    return names.get(matchId(wanted, names.keys(), { substring: true }));
  } catch {
    return undefined;
  }
}

async function archivedTicket(store: Store, archived: ArchivedTicket): Promise<Ticket> {
  const ticket = await readArchived(store, archived.path);
  if (ticket !== undefined) return ticket;
  return { ...archived, version: "", fields: {}, extra: {}, criteria: { done: 0, total: 0 } };
}

function findArchived(archive: Archive, wanted: string, substring: boolean): ArchivedTicket | undefined {
  try {
    return archive.find(matchId(wanted, archive.ids(), { substring }));
  } catch {
    return undefined;
  }
}
