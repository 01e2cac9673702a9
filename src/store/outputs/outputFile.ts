import { hashObject } from "../../git/objects/objects.ts";
import { faultIn, type JsonFault, readJson } from "../../ticket/output/readJson.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { Unread } from "../files/storeFile.ts";
import type { Checked } from "./checker.ts";
import type { Pair } from "./checkOutput.ts";
import { faultText, type Pending, readSchema, textOf } from "./schemaFile.ts";

/** A longer output is a mistake or an attack; in bytes, as it is kept. */
export const MAX_OUTPUT = 1024 * 1024;

/**
 * The output of a ticket as it is now. It is `unverified`, and used by nobody, where its file is not the one that was
 * handed in, or does not fit the ticket's schema: somebody edited the one or the other.
 */
export type Output =
  | { readonly state: "valid"; readonly value: unknown; readonly text: string }
  | {
      readonly state: "unverified";
      readonly why: string;
      /** Where it does not fit its schema: all that was found, and what was handed in; for people to look at. */
      readonly refused?: { readonly faults: readonly JsonFault[]; readonly value: unknown };
    };

/** As much of a ticket as its output goes by. */
export type WithOutput = Pick<Ticket, "id" | "fields">;

/** Where the output of a ticket lies in the store. */
export function outputPath(id: string): string {
  return `outputs/${id}.json`;
}

/** The text that an output is kept as: the same for the same value, whatever face it came by. */
export function outputText(value: unknown): { readonly text: string } | { readonly fault: JsonFault } {
  const fault = faultIn(value);
  if (fault !== undefined) return { fault };
  const texts = [JSON.stringify(value, null, 2), JSON.stringify(value)].map((text) => `${text}\n`);
  const text = texts.find((one) => Buffer.byteLength(one) <= MAX_OUTPUT);
  if (text !== undefined) return { text };
  return { fault: { pointer: "", message: `is longer than ${MAX_OUTPUT / 1024 / 1024} MiB` } };
}

/** The blob id of an output's text. */
export function blobOf(text: string): string {
  return hashObject("blob", Buffer.from(text));
}

/** The output of a ticket, also of one whose files are not those on the disk; undefined where none was handed in. */
export async function readOutput(dir: string, ticket: WithOutput, files?: Pending): Promise<Output | undefined> {
  const found = lookAtOutput(dir, ticket, files);
  if (found === undefined || !("schema" in found)) return found;
  const { checkOutput } = await import("./checkOutput.ts");
  return judged(found, await checkOutput(found));
}

/** The same, waiting, with what a change is about to write; `check` is checkOutputNow, which not every command loads. */
export function readOutputNow(
  dir: string,
  ticket: WithOutput,
  pending: Pending,
  check: (pair: Pair) => Checked,
): Output | undefined {
  const found = lookAtOutput(dir, ticket, pending);
  return found !== undefined && "schema" in found ? judged(found, check(found)) : found;
}

/** An output that is to be held to a schema. */
interface Unjudged {
  readonly schema: string;
  readonly output: string;
  readonly name: string;
  readonly value: unknown;
}

function judged({ name, value, output }: Unjudged, checked: Checked): Output {
  if ("unusable" in checked) return unverified(`schema ${name} cannot be used: ${checked.unusable}`);
  if (checked.fits) return { state: "valid", value, text: output };
  const [first] = checked.errors;
  const why = `does not fit schema ${name}: ${first === undefined ? "" : faultText(first)}`;
  return { state: "unverified", why, refused: { faults: checked.errors, value } };
}

function lookAtOutput(dir: string, { id, fields }: WithOutput, pending?: Pending): Output | Unjudged | undefined {
  const { outputId, outputSchema } = fields;
  if (outputId === undefined) return undefined;
  const file = outputPath(id);
  const text = textOf(dir, file, MAX_OUTPUT, pending);
  if (text === undefined) return unverified(`${file} is not there`);
  if (text instanceof Unread) return unverified(`${file}: ${text.message}`);
  // Git may have changed the line ends of what it keeps; in JSON they mean nothing.
  const output = text.replaceAll("\r\n", "\n");
  if (blobOf(output) !== outputId) return unverified(`${file} is not what was handed in`);
  const read = readJson(output);
  if ("fault" in read) return unverified(`${file} ${faultText(read.fault)}`);
  if (outputSchema === undefined) return { state: "valid", value: read.value, text: output };
  const schema = readSchema(dir, outputSchema, pending);
  if (schema === undefined) return unverified(`there is no schema ${outputSchema}`);
  if (typeof schema === "string") return unverified(schema);
  return { schema: schema.text, output, name: outputSchema, value: read.value };
}

function unverified(why: string): Output {
  return { state: "unverified", why };
}
