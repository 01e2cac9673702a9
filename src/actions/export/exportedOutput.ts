import type { Store } from "../../store/open/store.ts";
import { keptOutput } from "../../store/outputs/keptOutput.ts";
import { outputPath, readOutput } from "../../store/outputs/outputFile.ts";
import { readSchema, schemaPath } from "../../store/outputs/schemaFile.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";

/** What a line of an export has of a ticket's output. */
export interface ExportedOutput {
  /** What was handed in. */
  readonly output?: unknown;
  /** The schema that the ticket names, whole, in the first line that names it. */
  readonly outputSchemaJson?: unknown;
}

/**
 * What to export of a ticket's output: what was handed in, also where its file says something else since, and whether or not
 * it fits the schema as that is now. What cannot be had is a problem.
 */
export async function exportedOutput(
  store: Store,
  { id, fields }: Ticket,
  told: Set<string>,
  problems: Problem[],
): Promise<ExportedOutput> {
  const { outputId, outputSchema: name } = fields;
  const found: { -readonly [K in keyof ExportedOutput]: ExportedOutput[K] } = {};
  if (outputId !== undefined) {
    // Held to nothing: as it was handed in.
    const read = await readOutput(store.dir, { id, fields: { outputId } });
    const kept = read?.state === "unverified" ? await keptOutput(store, outputId) : undefined;
    if (read?.state === "valid") found.output = read.value;
    else if (kept !== undefined) found.output = JSON.parse(kept) as unknown;
    else if (read !== undefined) problems.push(problem(outputPath(id), read.why));
  }
  if (name !== undefined && !told.has(name)) {
    told.add(name);
    const schema = readSchema(store.dir, name);
    if (typeof schema === "object") found.outputSchemaJson = schema.value;
    else if (schema !== undefined) problems.push(problem(schemaPath(name), schema));
  }
  return found;
}

function problem(path: string, why: string): Problem {
  return {
    path,
    line: 0,
    code: "unreadable",
    message: why.startsWith(`${path}`) ? why.slice(path.length).replace(/^: | /, "") : why,
  };
}
