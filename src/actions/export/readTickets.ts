import { AyoError } from "../../error.ts";
import type { Archive } from "../../store/disk/archive/archive.ts";
import { listArchive } from "../../store/disk/archive/archiveFolders.ts";
import { parseText, readTicketText } from "../../store/disk/readFile.ts";
import { archiveOf, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";

/** A ticket with the text of its file, both from the same moment. */
export interface ReadTicket {
  readonly ticket: Ticket;
  readonly text: string;
}

/** Reads tickets one by one, active ones first; a file that cannot be read is added to `problems`. */
export async function* readTickets(
  store: Store,
  view: View,
  { archive, problems }: Wanted,
): AsyncGenerator<ReadTicket> {
  const places = archive ? await archiveOf(store, view) : undefined;
  for (const file of files(store, view, { archive, problems })) {
    const read = await readTicket(store.dir, file);
    if (read === undefined) continue;
    if ("code" in read) problems.push(read);
    else if (isFound(view, places, read.ticket)) yield read;
  }
}

/** Whether a file is the one that is found by its id; another that has it too is a copy. */
function isFound(view: View, places: Archive | undefined, { id, path: file }: Ticket): boolean {
  return !file.startsWith("archive/") || (!view.byId.has(id) && (places?.find(id)?.path ?? file) === file);
}

interface Wanted {
  readonly archive: boolean;
  readonly problems: Problem[];
}

function* files({ dir }: Store, view: View, { archive, problems }: Wanted): Generator<string> {
  for (const { path: file } of view.tickets) yield file;
  if (!archive) return;
  const listing = listArchive(dir);
  // That of archive/ itself is one of the view's.
  for (const [folder, why] of listing.unread) if (folder !== "archive") problems.push(why.problem(folder));
  yield* listing.files;
}

/** Undefined for a file that vanished since it was listed. */
async function readTicket(dir: string, file: string): Promise<ReadTicket | Problem | undefined> {
  try {
    const text = readTicketText(dir, file);
    const ticket = await parseText(text, file);
    return "id" in ticket ? { ticket, text } : ticket;
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    if (error.code === "not_found") return undefined;
    const { line = 0, code = "bad_ticket", message = error.message } = { ...error.data } as Partial<Problem>;
    return { path: file, line, code, message };
  }
}
