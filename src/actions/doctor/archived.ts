import path from "node:path";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import type { Store } from "../../store/open/store.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { Examination, TicketFinding } from "./shape.ts";

/**
 * Ids that an archived ticket shares with an active one or with another archived one. Of identical files the one that
 * no look-up finds goes (it is set aside); two that differ are for a person to settle.
 */
export function archivedTwice({ store, tickets, archived }: Examination): TicketFinding[] {
  const first = new Map<string, Ticket>();
  for (const ticket of tickets) if (!first.has(key(ticket))) first.set(key(ticket), ticket);
  const found: TicketFinding[] = [];
  for (const ticket of archived) {
    const kept = first.get(key(ticket));
    if (kept === undefined) first.set(key(ticket), ticket);
    else found.push(ticketFinding(store, kept, ticket));
  }
  return found;
}

function ticketFinding(store: Store, kept: Ticket, { id, path: file }: Ticket): TicketFinding {
  const [one, other] = [read(store, kept.path), read(store, file)];
  const isSame = one !== undefined && other !== undefined && one.equals(other);
  const finding = { code: "archived_twice", severity: "error", path: file, id, target: kept.path } as const;
  if (!isSame)
    return {
      finding: {
        ...finding,
        message: `has the id of ${kept.path}, which is found instead; the texts differ: keep one`,
      },
    };
  return {
    finding: { ...finding, message: `is the same file as ${kept.path}`, fix: "set aside; the other stays" },
    change: (draft) => {
      // One of the two may have been written to since it was looked at: then they differ, which is for a person.
      const [now, then] = [read(store, kept.path), read(store, file)];
      if (now !== undefined && then !== undefined && now.equals(then)) draft.put(file, null);
    },
    replaces: [file],
  };
}

function key({ id }: Ticket): string {
  return id.toLowerCase();
}

function read({ dir }: Store, file: string): Buffer | undefined {
  const found = readStoreFile(path.join(dir, file));
  return found === undefined || found instanceof Unread ? undefined : found.bytes;
}
