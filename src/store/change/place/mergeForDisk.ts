import { attachmentAt } from "../../../ticket/attachments.ts";
import { parse } from "../../disk/readFile.ts";
import { mergeLines, mergeOnto, type Onto } from "../../files/mergeLines.ts";
import { parseConfig } from "../../open/config/config.ts";
import { CONFIG_FILE } from "../../open/config/values.ts";

/**
 * Merges a change of ours into a file that somebody changed meanwhile; undefined where the outcome would be no
 * readable file of its kind.
 */
export async function mergeForDisk(file: string, ours: Buffer, base: Buffer, disk: Buffer): Promise<Onto | undefined> {
  // A picture has no lines; of two the one that stands there stays.
  if (attachmentAt(file) !== undefined) return undefined;
  if (file.endsWith(".md")) {
    const merged = await mergeOnto(ours, base, disk);
    return (await isReadable(file, merged.bytes)) ? merged : undefined;
  }
  if (file.startsWith("archive/")) return mergeOnto(ours, base, disk);
  const clean = await mergeLines(ours, base, disk);
  return clean !== undefined && (await isReadable(file, clean)) ? { bytes: clean, gaveWay: false } : undefined;
}

/** Whether bytes are a whole file of the store: half of one that is being saved is not. */
export async function isReadable(file: string, bytes: Buffer): Promise<boolean> {
  if (file === CONFIG_FILE) {
    return parseConfig(bytes.toString("utf8")).then(
      () => true,
      () => false,
    );
  }
  const isTicket = file.endsWith(".md") && (!file.includes("/") || file.startsWith("archive/"));
  return !isTicket || (bytes.length > 0 && "id" in (await parse(bytes, file, "")));
}
