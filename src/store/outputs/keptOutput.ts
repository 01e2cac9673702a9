import { readObject } from "../../git/objects/objects.ts";
import { blobAt } from "../../git/trees/lsTree.ts";
import { inRepository, type Store } from "../open/store.ts";
import { MAX_OUTPUT, type Output, outputPath, readOutput, type WithOutput } from "./outputFile.ts";
import { schemaPath } from "./schemaFile.ts";

/** The output that git has under a blob's id; undefined where it has none. */
export async function keptOutput({ journal }: Store, oid: string): Promise<string | undefined> {
  if (journal === undefined || !/^[0-9a-f]{40}$/.test(oid)) return undefined;
  // A store may have been copied without its history.
  const object = await readObject(journal.repository, oid).catch(() => undefined);
  if (object?.type !== "blob" || object.bytes.length > MAX_OUTPUT) return undefined;
  return object.bytes.toString("utf8");
}

/** The output of a ticket as a commit of the store has it, held to the schema that it has. */
export async function pastOutput(store: Store, ticket: WithOutput, commit: string): Promise<Output | undefined> {
  const { journal } = store;
  const { id, fields } = ticket;
  if (journal === undefined || fields.outputId === undefined) return undefined;
  const schema = fields.outputSchema === undefined ? [] : [schemaPath(fields.outputSchema)];
  const files = new Map<string, string | null>();
  for (const file of [outputPath(id), ...schema]) {
    const blob = await blobAt(journal.repository, commit, inRepository(journal, file));
    files.set(file, blob === undefined ? null : ((await keptOutput(store, blob)) ?? null));
  }
  return readOutput(store.dir, ticket, files);
}
