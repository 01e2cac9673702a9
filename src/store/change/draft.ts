import path from "node:path";
import { AyoError } from "../../error.ts";
import { hashObject } from "../../git/objects/objects.ts";
import type { Unproven } from "../../ticket/rules/gate.ts";
import { noteId } from "../../ticket/text/noteId.ts";
import { appendNow } from "../../ticket/text/notes.ts";
import { type FieldChanges, patchFields } from "../../ticket/text/patchTicket.ts";
import type { IdentifiedNote, Ticket } from "../../ticket/ticket.ts";
import { formatTime } from "../../ticket/time.ts";
import { findTicket } from "../disk/findTicket.ts";
import { decodeText, parseText, withYaml } from "../disk/readFile.ts";
import type { View } from "../disk/view.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import { assertInside } from "../files/storePaths.ts";
import type { Actor } from "../open/identity/identity.ts";
import type { Store } from "../open/store.ts";
import type { KeptClaim } from "./claimTokens.ts";
import { StartOver } from "./startOver.ts";

/** A claim as others may know it. */
export interface Hold {
  readonly by: string;
  readonly token: string;
  /** In milliseconds; 0 for one without a lease. */
  readonly lease: number;
  /** It was made before. */
  readonly isRenewed?: true;
}

/** What a change works on inside a transaction: the view, and the files it has changed so far. */
export interface Draft {
  readonly view: View;
  readonly actor: Actor;
  /** The moment of the change, as tickets write it: `2026-11-21T03:40:00Z`. */
  readonly time: string;
  /** Path in the store to the new text; null deletes. */
  readonly files: Map<string, string | null>;
  /** Files of tickets that the change adds, by path: their bytes, which need be no text; null for one that goes. */
  readonly attachments: Map<string, Buffer | null>;
  /** Blob id that each changed path had before. */
  readonly before: Map<string, string | null>;
  /** The bytes of those versions. */
  readonly bases: Map<string, Buffer>;
  /** Claims that this change makes, and those that it ends (null), by ticket: to be remembered once it is committed. */
  readonly claims: Map<string, KeptClaim | null>;
  /** The claims that this change makes or keeps for longer, by ticket: others are to be told of them. */
  readonly holds: Map<string, Hold>;
  /** Tickets that were handed in: nobody holds them, though the claim's token stays known to their author. */
  readonly handedIn: Set<string>;
  /** Tickets that this change moves, past the right of whoever holds them. */
  readonly moved: Set<string>;
  /** The columns that tickets reach by this change, by ticket. */
  readonly columns: Map<string, string>;
  /** Tokens of claims that were made sure of elsewhere before this change, by ticket. */
  readonly sure: Map<string, string>;
  /** Tickets whose output this change hands in: it was held to their schema. */
  readonly outputs: Set<string>;
  /** Why a ticket has no output that can be used; there where the board requires one. */
  outputTrouble?: ((ticket: Ticket) => string | undefined) | undefined;
  /** Why a ticket's work does not count as verified; known where the store's rules ask for it. */
  unproven?: (ticket: Ticket) => readonly Unproven[];
  /** What the user should know of this change besides its sentence. */
  readonly notices: string[];
  /** Finds a ticket to change by an exact id or a unique beginning or end of one. */
  find(wanted: string): Promise<Ticket>;
  /** The ticket's text, with what this draft already changed. */
  read(ticket: Ticket): string;
  /** Replaces a ticket's text. */
  write(ticket: Ticket, text: string): void;
  /** Changes front matter keys of a ticket, and nothing else. */
  patch(ticket: Ticket, changes: FieldChanges): Promise<void>;
  /** Appends a note by the actor, or by `by`, and answers with it as it is read. */
  note(ticket: Ticket, text: string, by?: string): IdentifiedNote;
  /** The bytes of a file that need not be a ticket, with what this draft already changed; the change rests on them. */
  look(file: string): Buffer | undefined;
  /** Adds a file that must not exist yet, or replaces or deletes one that need not be a ticket. */
  put(file: string, text: string | null): void;
  /** Adds a ticket's file, or takes one away (null). */
  attach(file: string, bytes: Buffer | null): void;
  /** The bytes of a ticket's file, with what this draft already changed. @throws store_not_writable for what is none */
  attached(file: string): Buffer | undefined;
}

/** What a draft is to write. */
export type Written = Pick<Draft, "files" | "attachments">;

/** Whether a draft has anything to write. */
export function isEmpty({ files, attachments }: Written): boolean {
  return files.size + attachments.size === 0;
}

/**
 * A draft on a view that is fresh and, unless it is a dry run, protected by the lock; `below` has changes that are to
 * be written with this one's and that `view` shows already.
 */
export function openDraft(store: Store, view: View, actor: Actor, below?: Written): Draft {
  const files = new Map<string, string | null>();
  const attachments = new Map<string, Buffer | null>();
  const before = new Map<string, string | null>();
  const bases = new Map<string, Buffer>();
  const bytesNow = (file: string): { readonly bytes: Buffer | undefined; readonly oid: string | null } => {
    const bytes = bytesOf(store, file, below);
    const oid = bytes === undefined ? null : hashObject("blob", bytes);
    if (bytes !== undefined && oid !== null) bases.set(oid, bytes);
    return { bytes, oid };
  };
  const read = (ticket: Ticket): string => {
    const changed = files.get(ticket.path);
    if (typeof changed === "string") return changed;
    const { bytes, oid } = bytesNow(ticket.path);
    if (bytes === undefined || oid !== ticket.version)
      throw new StartOver(`${ticket.path} changed meanwhile`, ticket.path);
    return decodeText(bytes, ticket.path);
  };
  const put = (file: string, text: string | null): void => {
    if (!before.has(file)) before.set(file, bytesNow(file).oid);
    files.set(file, text);
  };
  const look = (file: string): Buffer | undefined => {
    const changed = files.get(file);
    if (changed !== undefined) return changed === null ? undefined : Buffer.from(changed);
    const { bytes, oid } = bytesNow(file);
    if (!before.has(file)) before.set(file, oid);
    else if (before.get(file) !== oid) throw new StartOver(`${file} changed meanwhile`, file);
    return bytes;
  };
  const write = (ticket: Ticket, text: string): void => {
    const was = read(ticket);
    if (!before.has(ticket.path)) before.set(ticket.path, ticket.version);
    if (text !== was) files.set(ticket.path, text);
  };
  return {
    view,
    actor,
    time: formatTime(view.now),
    files,
    attachments,
    before,
    bases,
    ...nothingSaid(),
    find: async (wanted) => changedBelow(await findTicket(store, view, wanted, false), below),
    read,
    write,
    patch: async (ticket, changes) => {
      const source = read(ticket);
      write(ticket, await withYaml((frontMatter) => patchFields(source, changes, ticket.path, frontMatter)));
    },
    note: (ticket, text, by = actor.name) => {
      const noted = appendNow(read(ticket), { at: formatTime(view.now), by, text });
      write(ticket, noted.text);
      return { id: noteId(noted.note), ...noted.note };
    },
    look,
    put,
    attach: (file, bytes) => {
      assertInside(store.dir, file);
      if (!before.has(file)) before.set(file, bytesNow(file).oid);
      attachments.set(file, bytes);
    },
    attached: (file) => {
      const changed = attachments.get(file);
      if (changed !== undefined) return changed ?? undefined;
      assertInside(store.dir, file);
      return bytesNow(file).bytes;
    },
  };
}

/** What a change says besides its files, before it has said anything. */
function nothingSaid() {
  return {
    claims: new Map<string, KeptClaim | null>(),
    holds: new Map<string, Hold>(),
    handedIn: new Set<string>(),
    moved: new Set<string>(),
    columns: new Map<string, string>(),
    sure: new Map<string, string>(),
    outputs: new Set<string>(),
    notices: [] as string[],
  };
}

/** Archived tickets are found on disk, where a change below is not yet. */
async function changedBelow(ticket: Ticket, below: Written | undefined): Promise<Ticket> {
  const text = below?.files.get(ticket.path);
  if (typeof text !== "string" || !ticket.path.startsWith("archive/")) return ticket;
  const parsed = await parseText(text, ticket.path);
  return "id" in parsed ? parsed : ticket;
}

function bytesOf(store: Store, file: string, below: Written | undefined): Buffer | undefined {
  const attached = below?.attachments.get(file);
  if (attached !== undefined) return attached ?? undefined;
  const text = below?.files.get(file);
  if (text === null) return undefined;
  if (text !== undefined) return Buffer.from(text);
  // What this transaction has read is what it works on: the disk may be further on.
  return store.index?.kept.get(file) ?? readDisk(store, file);
}

function readDisk(store: Store, file: string): Buffer | undefined {
  const read = readStoreFile(path.join(store.dir, file));
  if (!(read instanceof Unread)) return read?.bytes;
  throw new AyoError("store_not_writable", `cannot read ${file}: ${read.message}`, { data: { path: file } });
}
