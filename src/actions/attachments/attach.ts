import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { type Attachment, factsOf, namesInFolder } from "../../store/attachments/attachmentFiles.ts";
import type { Draft } from "../../store/change/draft.ts";
import { Unread } from "../../store/files/storeFile.ts";
import type { Store } from "../../store/open/store.ts";
import {
  attachedNames,
  attachmentFolder,
  attachmentLink,
  attachmentName,
  attachmentPath,
  foldedName,
  freeName,
  MAX_ATTACHED,
  MAX_ATTACHMENT,
} from "../../ticket/attachments.ts";
import { isValidId } from "../../ticket/ids.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { ticketsAfter, type WithTickets } from "../answers/written.ts";
import {
  action,
  change,
  id,
  optionalText,
  text,
  type WriteOptions,
  type Written,
  writeOptions,
} from "../input/action.ts";
import { checkText } from "../input/checkInput.ts";
import { assertVersion } from "../input/conflict.ts";

/** What `attach` answers. */
export interface Attached extends Written, WithTickets {
  /** The files as they are kept, in the order in which they were given. */
  readonly attachments: readonly Attachment[];
  readonly note?: { readonly id: string; readonly at: string; readonly by: string };
}

/** A file that is to be attached: its bytes need be no text. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** `ayo ticket attach <id> <file…>`. */
export const attach = action({
  name: "attach",
  summary: "Attach files to a ticket: they are committed with it, 5 MiB each at most",
  writes: true,
  input: v.object({
    id,
    name: text("its name, without a path"),
    text: optionalText("its text"),
    base64: optionalText("or its bytes"),
    note: optionalText("a note that goes with it and shows it"),
    ...writeOptions,
  }),
  run: (store, { name, text: content, base64, ...input }): Promise<Attached> =>
    attachFiles(store, { ...input, files: [{ name, bytes: bytesOf(content, base64) }] }),
});

/** @throws bad_input where it is not one of the two, or no base64 */
function bytesOf(content: string | undefined, base64: string | undefined): Buffer {
  if ((content === undefined) === (base64 === undefined)) {
    throw new AyoError("bad_input", "give what is in the file as text or as base64", { data: { field: "base64" } });
  }
  if (base64 === undefined) return Buffer.from(content as string);
  const coded = base64.replaceAll(/\s+/g, "");
  if (/^[\w+/-]*={0,2}$/.test(coded)) return Buffer.from(coded, "base64");
  throw new AyoError("bad_input", "base64 has characters that are none", { data: { field: "base64" } });
}

interface Input extends WriteOptions {
  readonly id: string;
  readonly files: readonly GivenFile[];
  readonly note?: string | undefined;
}

/**
 * Attaches files in one commit. One whose bytes the ticket has already is not kept twice, and one whose name it has gets
 * another.
 * @throws bad_input for a name that is none, and for what is too large
 */
export async function attachFiles(store: Store, input: Input): Promise<Attached> {
  const files = input.files.map(({ name, bytes }) => ({ name: attachmentName(name), bytes }));
  for (const file of files) assertSmall(file);
  const said = input.note === undefined ? undefined : checkText("note", input.note).trim();
  const outcome = await change(store, input, async (draft) => {
    const ticket = await draft.find(input.id);
    await assertVersion(store, draft, [ticket], input.ifMatch);
    const attachments = keepAll(store, draft, ticket, files);
    const listed = [...new Set([...(ticket.fields.attachments ?? []), ...attachments.map((one) => one.path)])];
    const isNew = listed.length > (ticket.fields.attachments ?? []).length;
    if (isNew) await draft.patch(ticket, { attachments: listed });
    const made = said === undefined ? undefined : draft.note(ticket, withLinks(ticket.id, said, attachments));
    const note = made === undefined ? {} : { note: { id: made.id, at: made.at, by: draft.actor.name } };
    const result = { id: ticket.id, attachments, ...note };
    if (!isNew && draft.attachments.size === 0 && said === undefined) return { result };
    const names = attachments.map(({ name }) => name).join(", ");
    const subject = `attach ${ticket.id}: ${names.length > 72 ? `${names.slice(0, 71)}…` : names}`;
    return { result, sentence: { subject, event: said === undefined ? "updated" : "noted", tickets: [ticket.id] } };
  });
  const { id: changed, ...result } = outcome.result;
  return { ...outcome.written, ...(await ticketsAfter(store, outcome, [changed])), ...result };
}

function assertSmall({ name, bytes }: GivenFile): void {
  if (bytes.length <= MAX_ATTACHMENT) return;
  const size = `${(bytes.length / 1024 / 1024).toFixed(1)} MiB`;
  throw new AyoError(
    "bad_input",
    `${name} has ${size}: an attachment has ${MAX_ATTACHMENT / 1024 / 1024} MiB at most`,
    {
      data: { field: "base64", name, bytes: bytes.length, limit: MAX_ATTACHMENT },
    },
  );
}

/** What a ticket has already: names as file systems compare them, with the name and the bytes' number. */
type Known = Map<string, { readonly name: string; readonly size: number }>;

function keepAll(store: Store, draft: Draft, ticket: Ticket, files: readonly GivenFile[]): Attachment[] {
  const known = knownFiles(store, draft, ticket);
  return files.map((file) => {
    const name = sameIn(draft, ticket, known, file) ?? keepNew(draft, ticket, known, file);
    const size = file.bytes.length;
    return { name, path: attachmentPath(ticket.id, name), size, ...factsOf(name, file.bytes) };
  });
}

function knownFiles({ dir }: Store, draft: Draft, { id: ticketId, fields }: Ticket): Known {
  if (!isValidId(ticketId))
    throw new AyoError("bad_input", `'${ticketId}' can name no folder: give the ticket another id`);
  const there = namesInFolder(dir, ticketId);
  if (there instanceof Unread) {
    const folder = attachmentFolder(ticketId);
    throw new AyoError("store_not_writable", `${folder} is no folder to keep files in: ${there.message}`, {
      data: { path: folder },
    });
  }
  const known: Known = new Map();
  const add = (name: string, size: number): unknown => known.set(foldedName(name), { name, size });
  for (const [name, size] of there) add(name, typeof size === "number" ? size : 0);
  // What an earlier change of the same batch attaches is not on the disk yet.
  for (const name of attachedNames(ticketId, fields.attachments)) {
    if (!known.has(foldedName(name))) add(name, draft.attached(attachmentPath(ticketId, name))?.length ?? 0);
  }
  return known;
}

/** The name under which a ticket has these bytes. */
function sameIn(draft: Draft, ticket: Ticket, known: Known, { bytes }: GivenFile): string | undefined {
  for (const { name, size } of known.values()) {
    if (size === bytes.length && draft.attached(attachmentPath(ticket.id, name))?.equals(bytes)) return name;
  }
  return undefined;
}

function keepNew(draft: Draft, ticket: Ticket, known: Known, { name, bytes }: GivenFile): string {
  const total = [...known.values()].reduce((sum, { size }) => sum + size, bytes.length);
  if (total > MAX_ATTACHED) {
    const limit = MAX_ATTACHED / 1024 / 1024;
    throw new AyoError(
      "bad_input",
      `the files of ${ticket.id} would have more than ${limit} MiB together with ${name}`,
      {
        try: ["ayo", "ticket", "show", ticket.id],
        data: { field: "base64", id: ticket.id, name, bytes: total, limit: MAX_ATTACHED },
      },
    );
  }
  const free = freeName(name, (folded) => known.has(folded));
  known.set(foldedName(free), { name: free, size: bytes.length });
  draft.attach(attachmentPath(ticket.id, free), bytes);
  return free;
}

/** What is said, and below it the files: pictures show where a browser shows the note. */
function withLinks(ticketId: string, said: string, attachments: readonly Attachment[]): string {
  const links = attachments.map(({ name, width, type }) => {
    const isShown = width !== undefined || /^image\/(?!svg)/.test(type);
    return `${isShown ? "!" : ""}[${name.replaceAll(/[[\]\\]/g, "\\$&")}](${attachmentLink(ticketId, name)})`;
  });
  return [said, links.join("\n")].filter((part) => part !== "").join("\n\n");
}
