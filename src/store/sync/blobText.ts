import { readObject } from "../../git/objects/objects.ts";
import { decodeText } from "../disk/readFile.ts";
import type { Journal } from "../open/store.ts";

/** A blob's text; of one that is no UTF-8 a character for each byte, which nobody takes for a ticket. */
export async function textOf({ repository }: Journal, blob: string): Promise<string> {
  const { bytes } = await readObject(repository, blob);
  try {
    return decodeText(bytes, blob);
  } catch {
    return bytes.toString("latin1");
  }
}
