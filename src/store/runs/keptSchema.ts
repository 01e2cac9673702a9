import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Store } from "../open/store.ts";
import { writePrivate } from "../open/writePrivate.ts";
import type { StoreSchema } from "../outputs/schemaFile.ts";
import { liveRuns } from "./liveRuns.ts";
import { allRuns, type RunName, type RunRecord, runFile } from "./record.ts";

type Place = Pick<Store, "dir" | "host">;

/** A schema as it was when an agent began: it may write to the store, and so make any answer fit the one there. */
export type KeptSchema = Pick<StoreSchema, "name" | "text">;

/** In JSON its text is longer than the schema may be: each quotation mark is two characters. */
const MAX_BYTES = 1024 * 1024;

/** Keeps a schema with a run; a run that goes on from another of its assignment has that one's. */
export function keepSchema(place: Place, record: RunRecord, { name, text }: KeptSchema): void {
  const before = allRuns(place, record.ticket)
    .filter((run) => run.token === record.token && run.n < record.n)
    .map((run) => keptSchema(place, run))
    .find((one) => one?.name === name);
  writePrivate(runFile(place, record, "schema.json"), `${JSON.stringify(before ?? { name, text })}\n`);
}

/** The schema that is kept with a run; undefined where it began without one. */
export function keptSchema(place: Place, run: RunName): KeptSchema | undefined {
  const read = readStoreFile(runFile(place, run, "schema.json"), { limit: MAX_BYTES });
  if (read === undefined || read instanceof Unread) return undefined;
  try {
    return JSON.parse(read.bytes.toString("utf8")) as KeptSchema;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The schemas of runs of a ticket that are not over, where they are not as the store has them now. */
export function otherSchemas(place: Place, ticket: string, { name, text }: KeptSchema): KeptSchema[] {
  return liveRuns(place)
    .filter((run) => run.ticket === ticket)
    .flatMap((run) => keptSchema(place, run) ?? [])
    .filter((one) => one.name === name && one.text !== text);
}
