import path from "node:path";
import { AyoError } from "../../error.ts";
import { isValidId } from "../../ticket/ids.ts";
import { type JsonFault, readJson, withoutMark } from "../../ticket/output/readJson.ts";
import { schemaFault } from "../../ticket/output/schemaFault.ts";
import { listStoreFolder, readStoreFile, Unread } from "../files/storeFile.ts";
import { assertInside } from "../files/storePaths.ts";

/** A longer schema is a mistake or an attack; in bytes. */
export const MAX_SCHEMA = 256 * 1024;

/** A schema of the store that outputs can be held to. */
export interface StoreSchema {
  readonly name: string;
  /** As its file has it, without a mark that stands before it. */
  readonly text: string;
  readonly value: unknown;
}

/** Files that a change is about to write, by their paths in the store; null for one that goes. */
export type Pending = ReadonlyMap<string, string | null>;

/** Where a schema lies in the store. */
export function schemaPath(name: string): string {
  return `schemas/${name}.json`;
}

/** Whether a text can be the name of a schema: of a file on every platform, with no way to elsewhere. */
export function isSchemaName(name: string): boolean {
  return isValidId(name);
}

/** A schema by its name; undefined where there is none, a sentence where there is none that holds. */
export function readSchema(dir: string, name: string, pending?: Pending): StoreSchema | string | undefined {
  if (!isSchemaName(name)) return `'${name}' is no name of a schema`;
  const file = schemaPath(name);
  const text = textOf(dir, file, MAX_SCHEMA, pending);
  if (text === undefined) return undefined;
  if (text instanceof Unread) return `${file}: ${text.message}`;
  const read = schemaIn(text);
  return "fault" in read ? `${file}: ${faultText(read.fault)}` : { name, text: withoutMark(text), value: read.value };
}

/** The schema that a text is, or what is wrong with it. */
export function schemaIn(text: string): { readonly value: unknown } | { readonly fault: JsonFault } {
  if (Buffer.byteLength(text) > MAX_SCHEMA) {
    return { fault: { pointer: "", message: `is longer than ${MAX_SCHEMA / 1024} KiB` } };
  }
  const read = readJson(text);
  if ("fault" in read) return read;
  const fault = schemaFault(read.value);
  return fault === undefined ? read : { fault };
}

/** `/items/0 is no schema`. */
export function faultText({ pointer, message }: JsonFault): string {
  return pointer === "" ? message : `${pointer} ${message}`;
}

/** The names of all schemas that lie in the store. */
export function schemaNames(dir: string): string[] {
  const names = listStoreFolder(path.join(dir, "schemas"));
  if (names === undefined || names instanceof Unread) return [];
  return names.flatMap((name) =>
    name.endsWith(".json") && isSchemaName(name.slice(0, -5)) ? [name.slice(0, -5)] : [],
  );
}

/** The text of a file of the store, by no link; as a change is about to write it. */
export function textOf(dir: string, file: string, limit: number, pending?: Pending): string | Unread | undefined {
  const written = pending?.get(file);
  if (written !== undefined) return written ?? undefined;
  try {
    assertInside(dir, file);
  } catch (error) {
    if (error instanceof AyoError) return new Unread("link", error.message);
    throw error;
  }
  const read = readStoreFile(path.join(dir, file), { limit });
  return read === undefined || read instanceof Unread ? read : read.bytes.toString("utf8");
}
