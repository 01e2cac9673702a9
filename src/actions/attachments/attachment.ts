import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { type Attachment, attachmentBytes, factsOf, namesInFolder } from "../../store/attachments/attachmentFiles.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import { readStore } from "../../store/disk/view.ts";
import { Unread } from "../../store/files/storeFile.ts";
import { attachedNames, attachmentPath } from "../../ticket/attachments.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { action, id, text } from "../input/action.ts";

/** What `attachment` answers: the file itself. */
export interface AttachmentRead extends Attachment {
  readonly id: string;
  readonly size: number;
  readonly bytes: Buffer<ArrayBuffer>;
}

/** `ayo ticket attachment <id> <name>`. */
export const attachment = action({
  name: "attachment",
  summary: "Get an attached file",
  writes: false,
  input: v.object({ id, name: text("the name of the attached file") }),
  run: async (store, input): Promise<AttachmentRead> => {
    const ticket = await findTicket(store, await readStore(store), input.id, true);
    const name = findName(store.dir, ticket, input.name);
    const path = attachmentPath(ticket.id, name);
    const bytes = attachmentBytes(store.dir, path);
    if (!(bytes instanceof Buffer)) {
      const why = bytes instanceof Unread ? `cannot be read: ${bytes.message}` : "is not there";
      throw new AyoError("not_found", `${path} ${why}`, { try: ["ayo", "doctor"], data: { id: ticket.id, name } });
    }
    const file = bytes as Buffer<ArrayBuffer>;
    return { id: ticket.id, name, path, size: file.length, ...factsOf(name, file), bytes: file };
  },
});

/**
 * The name of a file that a ticket lists, or that lies in its folder; only these names are ever looked for.
 * @throws not_found with the names that there are
 */
export function findName(dir: string, { id: ticketId, fields }: Pick<Ticket, "id" | "fields">, wanted: string): string {
  const there = namesInFolder(dir, ticketId);
  const listed = attachedNames(ticketId, fields.attachments);
  const names = [...new Set([...listed, ...(there instanceof Unread ? [] : there.keys())])];
  const name = wanted.normalize("NFC");
  const found = names.find((one) => [one, attachmentPath(ticketId, one)].includes(name));
  if (found !== undefined) return found;
  const known = names.length === 0 ? "it has none" : `it has ${names.slice(0, 10).join(", ")}`;
  throw new AyoError("not_found", `${ticketId} has no file '${wanted.slice(0, 80)}': ${known}`, {
    try: ["ayo", "ticket", "show", ticketId],
    data: { id: ticketId, name: wanted, names },
  });
}
