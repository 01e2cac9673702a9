import { lstatSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import { blobOf, MAX_OUTPUT, outputPath, outputText } from "../../store/outputs/outputFile.ts";
import {
  faultText,
  isSchemaName,
  readSchema,
  schemaIn,
  schemaNames,
  schemaPath,
  textOf,
} from "../../store/outputs/schemaFile.ts";
import { readJson } from "../../ticket/output/readJson.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { bringOutput } from "../output/bringOutputs.ts";
import { isRealFile, namesIn, readForeignText } from "./directory.ts";

/** A schema of a source. */
export interface ForeignSchema {
  readonly name: string;
  readonly text: string;
}

/** The text that an output of a record is kept as. @throws bad_input for what is no output */
export function recordOutput(value: unknown): string {
  const made = outputText(value);
  if ("text" in made) return made.text;
  throw new AyoError("bad_input", `its output ${faultText(made.fault)}`);
}

/** A schema that a record has, as a file. */
export function recordSchema(name: string, value: unknown): ForeignSchema {
  return { name, text: `${JSON.stringify(value, null, 2)}\n` };
}

/** The output of a ticket in a folder of ayo's; undefined where it has none that can be read. */
export function folderOutput(dir: string, id: string): string | undefined {
  const file = path.join(dir, "outputs", `${id}.json`);
  if (!isRealFile(file) || lstatSync(file).size > MAX_OUTPUT) return undefined;
  try {
    return readForeignText(file).replaceAll("\r\n", "\n");
  } catch (error) {
    // It is told that it did not come along.
    if (error instanceof AyoError) return undefined;
    throw error;
  }
}

/** The schemas in a folder of ayo's, and those that cannot be read in sentences. */
export function folderSchemas(dir: string, shown: string): { schemas: ForeignSchema[]; notices: string[] } {
  const schemas: ForeignSchema[] = [];
  const notices: string[] = [];
  for (const name of namesIn(path.join(dir, "schemas"))) {
    if (!name.endsWith(".json") || name.startsWith(".")) continue;
    try {
      schemas.push({ name: name.slice(0, -5), text: readForeignText(path.join(dir, "schemas", name)) });
    } catch (error) {
      if (!(error instanceof AyoError)) throw error;
      notices.push(`${path.join(shown, "schemas", name)} is left out: ${error.message}`);
    }
  }
  return { schemas, notices };
}

/**
 * Puts the output of a ticket that is taken beside it, where it is the one that the ticket names. Returns whether the
 * ticket has what it names then.
 */
export async function takeOutput(
  store: Store,
  draft: Draft,
  ticket: Ticket,
  output: string | undefined,
): Promise<boolean> {
  const file = outputPath(ticket.id);
  try {
    const isNamed = output !== undefined && blobOf(output) === ticket.fields.outputId && "value" in readJson(output);
    if (!isNamed) return await bringOutput(store, draft, ticket);
    if (textOf(store.dir, file, MAX_OUTPUT, draft.files) !== output) draft.put(file, output);
    return true;
  } catch (error) {
    // Something stands in its place that is no file.
    if (error instanceof AyoError) return false;
    throw error;
  }
}

/** Puts schemas of a source where there are none of their names; what is left as it is comes back in sentences. */
export function takeSchemas({ dir }: Store, draft: Draft, schemas: readonly ForeignSchema[]): string[] {
  const names = new Map(schemaNames(dir).map((name) => [name.toLowerCase(), name]));
  return schemas.flatMap(({ name, text }) => {
    const leave = (why: string): string[] => [`schema ${name.slice(0, 80)} is not imported: ${why}`];
    if (!isSchemaName(name)) return leave("that is no name of a schema");
    const read = schemaIn(text);
    if ("fault" in read) return leave(faultText(read.fault));
    const other = names.get(name.toLowerCase()) ?? name;
    if (other !== name) return leave(`it differs only in case from ${schemaPath(other)}, which is here`);
    const known = readSchema(dir, name, draft.files);
    if (typeof known === "object" && JSON.stringify(known.value) === JSON.stringify(read.value)) return [];
    if (known !== undefined) return leave(`${schemaPath(name)} is here already and says something else`);
    names.set(name.toLowerCase(), name);
    draft.put(schemaPath(name), text);
    return [];
  });
}
