import { posix } from "node:path";
import { AyoError } from "../../error.ts";
import { matchId } from "../../ticket/ids.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";
import type { Store } from "../open/store.ts";
import { type Archive, type ArchivedTicket, readArchived } from "./archive/archive.ts";
import { leftOutError } from "./gitMarks.ts";
import { archiveOf, type View } from "./view.ts";

/**
 * The ticket a user means: an exact id, a unique part of one, or an archived ticket's id.
 * `substring` also takes a unique part in the middle, as reads do.
 * @throws not_found, ambiguous_id
 */
export async function findTicket(store: Store, view: View, wanted: string, substring: boolean): Promise<Ticket> {
  const exact = view.byId.get(wanted);
  if (exact !== undefined) return exact;
  const archived = (await archiveOf(store, view)).find(wanted);
  if (archived !== undefined) return archivedTicket(store, archived);
  try {
    return view.byId.get(matchId(wanted, view.byId.keys(), { substring })) as Ticket;
  } catch (error) {
    const more = findArchived(await archiveOf(store, view), wanted, substring);
    if (more !== undefined) return archivedTicket(store, more);
    throw unreadable(view, wanted) ?? leftOutError(store, wanted) ?? error;
  }
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
