import { attachmentBytes, namesInFolder } from "../../store/attachments/attachmentFiles.ts";
import type { Draft } from "../../store/change/draft.ts";
import { parseText } from "../../store/disk/readFile.ts";
import { Unread } from "../../store/files/storeFile.ts";
import type { HistoryObjects } from "../../store/history/historyObjects.ts";
import type { HistoryRow } from "../../store/history/historyRow.ts";
import type { Store } from "../../store/open/store.ts";
import { attachmentAt, attachmentPath } from "../../ticket/attachments.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Takes all files of a ticket away that goes. */
export function dropAttachments({ dir }: Store, draft: Draft, { id }: Pick<Ticket, "id">): void {
  const names = namesInFolder(dir, id);
  if (names instanceof Unread) return;
  for (const [name, size] of names) if (!(size instanceof Unread)) draft.attach(attachmentPath(id, name), null);
}

/**
 * Takes back what a commit did to the files of tickets that a draft sets back: what a ticket lists then is there, as git
 * has it, and what the commit added and no ticket lists goes. A file that is other by now stays.
 */
export async function bringAttachments(
  store: Store,
  draft: Draft,
  objects: HistoryObjects,
  { row: { changes }, ids }: { readonly row: HistoryRow; readonly ids: readonly string[] },
): Promise<void> {
  const files = changes.filter(({ path }) => ids.includes(attachmentAt(path)?.id ?? ""));
  if (files.length === 0) return;
  const tickets = await ticketsIn(draft, ids);
  for (const { path, before, after } of files) {
    const blob = before ?? after;
    const now = attachmentBytes(store.dir, path);
    if (now instanceof Unread || blob === null) continue;
    if (isWanted(draft, tickets, path, after)) {
      if (now === undefined) draft.attach(path, await objects.bytes(path, blob));
    } else if (after !== null && now?.equals(await objects.bytes(path, after))) draft.attach(path, null);
  }
}

/** Whether a ticket lists a file; what none listed comes back, too, with a ticket that was deleted. */
function isWanted({ view }: Draft, tickets: ReadonlyMap<string, Ticket>, path: string, after: string | null): boolean {
  const { id = "" } = attachmentAt(path) ?? {};
  const ticket = tickets.get(id) ?? view.byId.get(id);
  if (ticket?.fields.attachments?.includes(path)) return true;
  return after === null && ticket !== undefined && !view.byId.has(id);
}

/** The tickets as the draft has them. */
async function ticketsIn({ files }: Draft, ids: readonly string[]): Promise<Map<string, Ticket>> {
  const found = new Map<string, Ticket>();
  for (const [file, text] of files) {
    const isTicket = text !== null && ids.some((id) => file === `${id}.md` || file.endsWith(`/${id}.md`));
    const ticket = isTicket ? await parseText(text, file) : undefined;
    if (ticket !== undefined && "id" in ticket) found.set(ticket.id, ticket);
  }
  return found;
}
