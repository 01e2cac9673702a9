import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { archiveFolders } from "../../store/archiveEdits.ts";
import { decodeText, parseText } from "../../store/readFile.ts";
import type { Store } from "../../store/store.ts";
import type { View } from "../../store/view.ts";
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
  { archive, problems }: { readonly archive: boolean; readonly problems: Problem[] },
): AsyncGenerator<ReadTicket> {
  for (const file of files(store, view, archive)) {
    const read = await readTicket(store.dir, file);
    if (read === undefined) continue;
    if ("code" in read) problems.push(read);
    else if (!file.startsWith("archive/") || !view.byId.has(read.ticket.id)) yield read;
  }
}

function* files(store: Store, view: View, archive: boolean): Generator<string> {
  for (const { path: file } of view.tickets) yield file;
  if (!archive) return;
  for (const month of archiveFolders(store.dir).keys()) {
    for (const name of readdirSync(path.join(store.dir, "archive", month)).sort()) {
      if (name.endsWith(".md") && !name.startsWith(".")) yield `archive/${month}/${name}`;
    }
  }
}

/** Undefined for a file that vanished since it was listed. */
async function readTicket(dir: string, file: string): Promise<ReadTicket | Problem | undefined> {
  try {
    const text = decodeText(readFileSync(path.join(dir, file)), file);
    const ticket = await parseText(text, file);
    return "id" in ticket ? { ticket, text } : ticket;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    const line = error instanceof AyoError ? Number(error.data?.line ?? 0) : 0;
    return { path: file, line, code: "bad_ticket", message: (error as Error).message };
  }
}
