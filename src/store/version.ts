import { objectExists, readObject } from "../git/objects.ts";
import type { Snapshot } from "../ticket/changes.ts";
import { decodeText, parse } from "./readFile.ts";
import type { Store } from "./store.ts";

/** A version that was committed; undefined for one that git never had, or only the beginning of its name. */
export async function readVersion({ journal }: Store, path: string, version: string): Promise<Snapshot | undefined> {
  if (journal === undefined || !/^[0-9a-f]{40}$/.test(version)) return undefined;
  if (!(await objectExists(journal.repository, version))) return undefined;
  const { type, bytes } = await readObject(journal.repository, version);
  if (type !== "blob") return undefined;
  const parsed = await parse(bytes, path, version);
  return "id" in parsed ? { ticket: parsed, text: decodeText(bytes, path) } : undefined;
}
