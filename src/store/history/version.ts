import path from "node:path";
import { objectExists, readObject } from "../../git/objects/objects.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import { decodeText, parse } from "../disk/readFile.ts";
import type { Store } from "../open/store.ts";

/** The version of this file that begins so, where its history has one only; else what was given. */
export async function expandVersion(store: Store, file: string, beginning: string): Promise<string> {
  if (store.journal === undefined || !/^[0-9a-f]{7,39}$/.test(beginning)) return beginning;
  const { readHistory } = await import("./historyTable.ts");
  const { ticketSteps } = await import("./ticketHistory.ts");
  const steps = ticketSteps(await readHistory(store), path.posix.basename(file, ".md"));
  const found = new Set(steps.flatMap(({ before, after }) => [before ?? [], after ?? []].flat()));
  const fitting = [...found].filter((oid) => oid.startsWith(beginning));
  return fitting.length === 1 ? (fitting[0] as string) : beginning;
}

/** A version that was committed; undefined for one that git never had. */
export async function readVersion({ journal }: Store, file: string, version: string): Promise<Snapshot | undefined> {
  if (journal === undefined || !/^[0-9a-f]{40}$/.test(version)) return undefined;
  if (!(await objectExists(journal.repository, version))) return undefined;
  const { type, bytes } = await readObject(journal.repository, version);
  if (type !== "blob") return undefined;
  const parsed = await parse(bytes, file, version);
  return "id" in parsed ? { ticket: parsed, text: decodeText(bytes, file) } : undefined;
}
