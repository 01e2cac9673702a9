import path from "node:path";
import { attachmentBytes, namesInFolder } from "../../store/attachments/attachmentFiles.ts";
import { parseText } from "../../store/disk/readFile.ts";
import { listStoreFolder, Unread } from "../../store/files/storeFile.ts";
import { historyObjects } from "../../store/history/historyObjects.ts";
import { readHistory, rowsNamed } from "../../store/history/historyTable.ts";
import type { Store } from "../../store/open/store.ts";
import { attachmentAt, attachmentFolder, attachmentPath } from "../../ticket/attachments.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { Examination, TicketFinding } from "./shape.ts";

type Looking = Omit<Examination, "outputs" | "attachments">;

/** Files that tickets list and that cannot be had, and those that none lists. */
export function attachments({ attachments: found }: Examination): readonly TicketFinding[] {
  return found;
}

/** Looks for them; what git has of one that is gone takes a while to find. */
export async function findAttachments({ store, tickets, archived }: Looking): Promise<TicketFinding[]> {
  const all = [...tickets, ...archived];
  const withFiles = all.filter(({ fields }) => fields.attachments !== undefined);
  const folders = listStoreFolder(path.join(store.dir, "attachments"));
  // A link in its place is told as one.
  if (folders instanceof Unread || (folders === undefined && withFiles.length === 0)) return [];
  const found: TicketFinding[] = [];
  for (const ticket of withFiles)
    for (const file of ticket.fields.attachments ?? []) found.push(...(await missing(store, ticket, file)));
  const byId = new Map(all.toReversed().map((ticket) => [ticket.id, ticket]));
  const names = (folders ?? []).filter((name) => !name.startsWith("."));
  return [...found, ...names.flatMap((id) => strays(store, id, byId.get(id)))];
}

async function missing(store: Store, ticket: Ticket, file: string): Promise<TicketFinding[]> {
  const about = { code: "attachment_missing", severity: "warning", path: ticket.path, id: ticket.id } as const;
  if (attachmentAt(file)?.id !== ticket.id) {
    const message = `lists '${file}', which is no file of its own: these lie in ${attachmentFolder(ticket.id)}/`;
    return [{ finding: { ...about, message } }];
  }
  const bytes = attachmentBytes(store.dir, file);
  if (bytes instanceof Buffer || (bytes instanceof Unread && bytes.kind === "link")) return [];
  if (bytes instanceof Unread)
    return [{ finding: { ...about, message: `${file} is shared with nobody: ${bytes.message}${bytes.advice}` } }];
  const kept = await lastOf(store, file);
  const name = path.posix.basename(file);
  if (kept === undefined) {
    const message = `${file} is not there, and git has none: 'ayo ticket detach ${ticket.id} ${name}' takes it off the list`;
    return [{ finding: { ...about, message } }];
  }
  const fix = `put back what git has of it, as ${file}`;
  return [{ finding: { ...about, message: `${file} is not there`, fix }, change: (draft) => draft.attach(file, kept) }];
}

/** The bytes that a file had when the store's history last knew it. */
async function lastOf(store: Store, file: string): Promise<Buffer | undefined> {
  const { journal } = store;
  if (journal === undefined) return undefined;
  const rows = rowsNamed(await readHistory(store), [path.posix.basename(file)]).toReversed();
  const change = rows.flatMap(({ changes }) => changes).find((one) => one.path === file);
  const blob = change?.after ?? change?.before;
  if (blob == null) return undefined;
  return historyObjects(store, journal)
    .bytes(file, blob)
    .catch(() => undefined);
}

function strays({ dir }: Store, id: string, ticket: Ticket | undefined): TicketFinding[] {
  const names = namesInFolder(dir, id);
  if (names instanceof Unread) {
    if (names.kind === "link") return [];
    return [stray(attachmentFolder(id), "is in no ticket's folder: 'ayo ticket attach' puts it into one")];
  }
  return [...names].flatMap(([name, why]): TicketFinding[] => {
    const file = attachmentPath(id, name);
    if (ticket?.fields.attachments?.includes(file)) return [];
    if (why instanceof Unread)
      return why.kind === "link" ? [] : [stray(file, `${why.message}${why.advice}: take it away`)];
    if (ticket === undefined) return [stray(file, `there is no ticket ${id}: take it away`)];
    const { finding } = stray(file, `${id} does not list it`);
    return [
      {
        finding: { ...finding, id, fix: `list it in ${id}` },
        change: async (draft) => {
          // What was listed a moment ago is in the draft alone.
          const now = await parseText(draft.read(ticket), ticket.path);
          const listed = "id" in now ? (now.fields.attachments ?? []) : [];
          await draft.patch(ticket, { attachments: [...listed, file] });
        },
      },
    ];
  });
}

function stray(file: string, message: string): TicketFinding {
  return { finding: { code: "attachment_stray", severity: "warning", path: file, message } };
}
