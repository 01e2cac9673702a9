import path from "node:path";
import { AyoError } from "../../error.ts";
import { attachedNames, attachmentFolder, attachmentPath, MAX_ATTACHMENT } from "../../ticket/attachments.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { listStoreFolder, lookAt, readStoreFile, Unread, whyUnreadFile } from "../files/storeFile.ts";
import { assertInside } from "../files/storePaths.ts";
import { BEGINNING, pictureIn } from "./imageKind.ts";

/** As much of a ticket as its files go by. */
export type WithFiles = Pick<Ticket, "id" | "fields">;

/** A file of a ticket, as every face tells of it. */
export interface Attachment {
  readonly name: string;
  /** From the store's folder: agents read it there. */
  readonly path: string;
  /** In bytes; null where it cannot be had, as `why` says. */
  readonly size: number | null;
  /** Of pictures by what their bytes say, of others by the name. */
  readonly type: string;
  /** Of a picture, in pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly why?: string;
}

/** What is said of a file of this name that is no picture. */
const BY_NAME: Readonly<Record<string, string>> = {
  txt: "text/plain",
  log: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
  svg: "image/svg+xml",
  json: "application/json",
  pdf: "application/pdf",
  zip: "application/zip",
  gz: "application/gzip",
  mp4: "video/mp4",
  webm: "video/webm",
};
/** What is said of any other. */
export const ANY_TYPE = "application/octet-stream";

/** The files that a ticket lists, each as it lies there. */
export function attachmentsOf(dir: string, { id, fields }: WithFiles): Attachment[] {
  return attachedNames(id, fields.attachments).map((name) => describe(dir, attachmentPath(id, name), name));
}

function describe(dir: string, file: string, name: string): Attachment {
  const { size, beginning } = lookInto(dir, file);
  if (beginning instanceof Unread || beginning === undefined)
    return { name, path: file, size: null, type: typeOf(name), why: beginning?.message ?? "not there" };
  return { name, path: file, size, ...factsOf(name, beginning) };
}

/** What a file is, by its beginning and its name. */
export function factsOf(name: string, beginning: Buffer): Pick<Attachment, "type" | "width" | "height"> {
  return pictureIn(beginning) ?? { type: typeOf(name) };
}

function typeOf(name: string): string {
  const end = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(BY_NAME, end) ? (BY_NAME[end] as string) : ANY_TYPE;
}

function lookInto(
  dir: string,
  file: string,
): { readonly size: number; readonly beginning: Buffer | Unread | undefined } {
  const outside = wayOut(dir, file);
  const read = outside ?? readStoreFile(path.join(dir, file), { limit: MAX_ATTACHMENT, first: BEGINNING });
  if (read === undefined || read instanceof Unread) return { size: 0, beginning: read };
  return { size: read.stat.size, beginning: read.bytes };
}

/** The bytes of a file of a ticket, by no link; undefined where there is none. */
export function attachmentBytes(dir: string, file: string): Buffer | Unread | undefined {
  const read = wayOut(dir, file) ?? readStoreFile(path.join(dir, file), { limit: MAX_ATTACHMENT });
  return read === undefined || read instanceof Unread ? read : read.bytes;
}

/** The names of what lies in a ticket's folder, listed or not, with what keeps each from being read and its size. */
export function namesInFolder(dir: string, id: string): Map<string, Unread | number> | Unread {
  const folder = attachmentFolder(id);
  const names = wayOut(dir, `${folder}/any`) ?? listStoreFolder(path.join(dir, folder)) ?? [];
  if (names instanceof Unread) return names;
  const found = new Map<string, Unread | number>();
  for (const name of names.filter((one) => !one.startsWith(".") && !one.endsWith("~"))) {
    const full = path.join(dir, folder, name);
    const stat = lookAt(full);
    if (stat === undefined) continue;
    const why = stat instanceof Unread ? stat : whyUnreadFile(stat, MAX_ATTACHMENT, full);
    found.set(name, why ?? (stat as Exclude<typeof stat, Unread>).size);
  }
  return found;
}

/** The link, or file, that stands in the place of a folder on the way. */
function wayOut(dir: string, file: string): Unread | undefined {
  try {
    assertInside(dir, file);
    return undefined;
  } catch (error) {
    if (error instanceof AyoError) return new Unread("link", error.message);
    throw error;
  }
}
