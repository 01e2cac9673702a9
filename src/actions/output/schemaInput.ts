import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import { checkOutput } from "../../store/outputs/checkOutput.ts";
import { blobOf, outputText } from "../../store/outputs/outputFile.ts";
import {
  faultText,
  isSchemaName,
  readSchema,
  schemaIn,
  schemaNames,
  schemaPath,
} from "../../store/outputs/schemaFile.ts";
import { isSchemaLifted } from "../../ticket/rules/handGates.ts";
import type { FieldChanges } from "../../ticket/text/patchTicket.ts";
import { type Ticket, ticketWith } from "../../ticket/ticket.ts";
import type { SchemaInput } from "./schemaEntries.ts";

/**
 * The name of the schema that an input means: one that lies in the store, or one that is put there with this change;
 * null for none.
 * @throws bad_input
 */
export async function schemaNamed(store: Store, draft: Draft, input: SchemaInput): Promise<string | null> {
  const { outputSchema, schemaName } = input;
  if (Array.isArray(outputSchema)) throw bad("outputSchema", "a schema is an object, or the name of one: no list");
  if (typeof outputSchema === "object") return kept(store, draft, outputSchema, schemaName);
  if (schemaName !== undefined) throw bad("schemaName", "schemaName is for a schema that is given whole");
  const name = (outputSchema ?? "").trim();
  if (name === "") return null;
  const names = namesWith(store, draft);
  // A file system may find it whatever its case, and others would not.
  const isThere = names.includes(name) || !isSchemaName(name);
  const schema = isThere ? readSchema(store.dir, name, draft.files) : undefined;
  if (typeof schema === "object") return name;
  if (schema !== undefined) throw bad("outputSchema", schema);
  const there = names.length === 0 ? "schemas/ has none" : `there are ${names.join(", ")}`;
  throw bad("outputSchema", `there is no schema '${name}'; ${there}`, { known: names });
}

/** What an update makes of a ticket's schema. @throws bad_input, needs_person */
export async function schemaChange(
  store: Store,
  draft: Draft,
  ticket: Ticket,
  input: SchemaInput,
): Promise<Pick<FieldChanges, "outputSchema">> {
  const outputSchema = await schemaNamed(store, draft, input);
  assertSchemaStays(draft, ticket, outputSchema);
  return { outputSchema };
}

/** Refuses an agent that would have a ticket's output held to less. @throws needs_person */
function assertSchemaStays({ actor, view }: Draft, ticket: Ticket, name: string | null): void {
  const { outputSchema: _, ...others } = ticket.fields;
  const now = ticketWith(ticket, { fields: name === null ? others : { ...others, outputSchema: name } });
  if (!actor.agent || !isSchemaLifted(ticket, now, view.board)) return;
  throw new AyoError("needs_person", `only a person can say that ${ticket.id} needs another output`, {
    data: { field: "outputSchema", id: ticket.id },
  });
}

async function kept(store: Store, draft: Draft, schema: object, wanted: string | undefined): Promise<string> {
  const made = outputText(schema);
  if ("fault" in made) throw bad("outputSchema", `the schema ${faultText(made.fault)}`, { ...made.fault });
  const read = schemaIn(made.text);
  if ("fault" in read) throw bad("outputSchema", `the schema: ${faultText(read.fault)}`, { ...read.fault });
  const name = wanted ?? `schema-${blobOf(made.text).slice(0, 8)}`;
  if (!isSchemaName(name)) throw bad("schemaName", `'${name}' is no name of a schema: it becomes a file's`);
  const twin = namesWith(store, draft).find((one) => one !== name && one.toLowerCase() === name.toLowerCase());
  if (twin !== undefined) {
    const fact = `${schemaPath(twin)} is there already, and ${name} differs from it only in case`;
    throw bad("schemaName", `${fact}: name that one, or give the schema another name`, { schema: twin });
  }
  const known = readSchema(store.dir, name, draft.files);
  if (known === undefined) {
    await assertUsable(made.text);
    draft.put(schemaPath(name), made.text);
    return name;
  }
  if (typeof known === "object" && isSame(known.value, read.value)) return name;
  const fact = `${schemaPath(name)} is there already and says something else`;
  throw bad("schemaName", `${fact}: give the schema another name, or edit that file`, { schema: name });
}

/** The names of all schemas, with those that come with the change. */
function namesWith({ dir }: Store, { files }: Draft): string[] {
  const coming = [...files].flatMap(([file, text]) => {
    const name = text === null ? undefined : /^schemas\/(.+)\.json$/.exec(file)?.[1];
    return name === undefined ? [] : [name];
  });
  return [...new Set([...schemaNames(dir), ...coming])];
}

/** A schema that leads nowhere shows when something is held to it. */
async function assertUsable(text: string): Promise<void> {
  const checked = await checkOutput({ schema: text, output: "null" });
  if ("unusable" in checked) throw bad("outputSchema", `the schema cannot be used: ${checked.unusable}`);
}

/** A file may have other white space. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function bad(field: string, message: string, data: Readonly<Record<string, unknown>> = {}): AyoError {
  return new AyoError("bad_input", message, { data: { field, ...data } });
}
