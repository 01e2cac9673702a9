import { AyoError } from "../../error.ts";
import { decodeText } from "../disk/readFile.ts";

/** Reads blobs, many at once. */
export type ReadBlob = (oid: string) => Buffer | undefined;

/** A blob's text; of one that is no UTF-8 a character for each byte, which nobody takes for a ticket. @throws not_found */
export function textOf(read: ReadBlob, blob: string): string {
  const bytes = bytesOf(read, blob);
  try {
    return decodeText(bytes, blob);
  } catch {
    return bytes.toString("latin1");
  }
}

/** A blob's bytes. @throws not_found for one that is missing or damaged */
export function bytesOf(read: ReadBlob, oid: string): Buffer {
  const bytes = read(oid);
  if (bytes !== undefined) return bytes;
  throw new AyoError("not_found", `git object ${oid} is missing or damaged`, { data: { oid } });
}
