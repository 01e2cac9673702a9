import { lstatSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import {
  attachedNames,
  attachmentFolder,
  attachmentName,
  attachmentPath,
  foldedName,
  MAX_ATTACHED,
  MAX_ATTACHMENT,
} from "../../ticket/attachments.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Reads the file of a name that a source's ticket has; undefined where it has none that can be taken. */
export type ForeignFiles = (name: string) => Buffer | undefined;

/** The attached files of a ticket in a folder of ayo's; links are not followed. */
export function folderFiles(dir: string, id: string): ForeignFiles {
  const folder = path.join(dir, attachmentFolder(id));
  return (name) => {
    const isFolder = [path.dirname(folder), folder].every((one) =>
      lstatSync(one, { throwIfNoEntry: false })?.isDirectory(),
    );
    const read = isFolder ? readStoreFile(path.join(folder, name), { limit: MAX_ATTACHMENT }) : undefined;
    return read === undefined || read instanceof Unread ? undefined : read.bytes;
  };
}

/** Whether a value is what an export has of a ticket's files: base64 by name. */
export function isRecordFiles(value: unknown): value is Readonly<Record<string, string>> {
  const texts = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.values(value) : [1];
  return texts.every((text) => typeof text === "string");
}

/** The files that a record has. */
export function recordFiles(files: Readonly<Record<string, string>>): ForeignFiles {
  return (name) => {
    const text = Object.hasOwn(files, name) ? files[name] : undefined;
    if (text === undefined || text.length > (MAX_ATTACHMENT * 4) / 3 + 4) return undefined;
    const bytes = Buffer.from(text, "base64");
    return bytes.length > MAX_ATTACHMENT ? undefined : bytes;
  };
}

/** Puts the files that a ticket which is taken lists beside it; returns the names of those that did not come along. */
export function takeFiles(
  draft: Draft,
  { id, fields }: Ticket,
  files: ForeignFiles | undefined,
  isWritten: boolean,
): string[] {
  let total = 0;
  const seen = new Set<string>();
  return attachedNames(id, fields.attachments).filter((name) => {
    const file = attachmentPath(id, name);
    const given = isKeepable(name) && !seen.has(foldedName(name)) ? files?.(name) : undefined;
    seen.add(foldedName(name));
    total += given?.length ?? 0;
    const now = there(draft, file);
    if (now === "unread") return true;
    if (given === undefined || total > MAX_ATTACHED) return now === undefined;
    if (now === undefined || (isWritten && !now.equals(given))) draft.attach(file, given);
    return false;
  });
}

/** Only names that a file attached here could have. */
function isKeepable(name: string): boolean {
  try {
    return attachmentName(name) === name;
  } catch (error) {
    if (error instanceof AyoError) return false;
    throw error;
  }
}

function there(draft: Draft, file: string): Buffer | "unread" | undefined {
  try {
    return draft.attached(file);
  } catch (error) {
    if (error instanceof AyoError) return "unread";
    throw error;
  }
}
