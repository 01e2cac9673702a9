import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from "node:fs";
import path from "node:path";
import { inputText } from "../../actions/input/inputText.ts";
import { AyoError } from "../../error.ts";
import { type JsonFault, readJson } from "../../ticket/output/readJson.ts";
import type { Args, Context } from "../table/command.ts";

type Flags = Args["flags"];

/** More is not read, of a file or of standard input: what is kept of it may have a mebibyte. In bytes. */
const MAX_FILE = 8 * 1024 * 1024;
const TOO_LARGE: Readonly<Record<Field, string>> = {
  output: "an output has at most 1 MiB: hand in less, and name in it where the rest lies",
  outputSchema: "a schema has at most 256 KiB",
};
/** What is done with a pipe or a device. */
const INSTEAD: Readonly<Record<Field, string>> = {
  output: "write what it gives to '--output -'",
  outputSchema: "put what it gives into a file first",
};
/** Without waiting for the other end of a pipe. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
const CHUNK = 64 * 1024;

type Field = "output" | "outputSchema";

/**
 * The flags of a verb that hands work in, with the JSON that `--output` names in its place.
 * @throws output_invalid for a text that is no JSON, bad_input for a file that cannot be read
 */
export async function withOutput(
  context: Context,
  { flags, words }: Args,
  verb: string,
): Promise<Record<string, unknown>> {
  const { output: named, ...rest } = flags;
  if (named === undefined) return rest;
  const file = String(named);
  const text =
    file === "-"
      ? await context.stdin({ atMost: MAX_FILE, instead: TOO_LARGE.output })
      : textOf(context, "output", file);
  const read = readJson(text);
  if ("value" in read) return { ...rest, output: read.value };
  throw new AyoError("output_invalid", `${file === "-" ? "standard input" : file}: ${told(read.fault)}`, {
    try: ["ayo", "ticket", verb, ...words.slice(0, 1), "--output", file],
    data: { field: "output", errors: [read.fault] },
  });
}

/**
 * The flags of a verb that names a schema, with the schema itself in place of a file's name, and the name that it gets.
 * @throws bad_input
 */
export function withSchema(context: Context, flags: Flags): Record<string, unknown> {
  const named = flags.outputSchema;
  if (typeof named !== "string" || !isFile(context, named)) return flags;
  const read = readJson(textOf(context, "outputSchema", named));
  if ("fault" in read) throw bad("outputSchema", `${named}: ${told(read.fault)}`);
  if (typeof read.value !== "object" || read.value === null || Array.isArray(read.value)) {
    throw bad("outputSchema", `${named} is no JSON schema: that is an object`);
  }
  return { ...flags, outputSchema: read.value, schemaName: path.basename(named).replace(/\.json$/i, "") };
}

/** What is called as a schema of the store may be called by its file too. */
function isFile({ host }: Context, named: string): boolean {
  if (named.includes("/") || named.includes(path.sep)) return true;
  return /\.json$/i.test(named) && existsSync(path.resolve(host.cwd, named));
}

function textOf({ host }: Context, field: Field, named: string): string {
  try {
    return inputText(bytesOf(path.resolve(host.cwd, named), field, named), named);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof AyoError) throw error;
    throw bad(field, code === "ENOENT" ? `there is no file ${named}` : `${named} cannot be read: ${message}`);
  }
}

/** A device may have no end, and a pipe nobody who writes: of files alone it is known how much there is to read. */
function bytesOf(file: string, field: Field, named: string): Buffer {
  const handle = openSync(file, READ);
  try {
    const stat = fstatSync(handle);
    if (stat.isDirectory()) throw bad(field, `${named} is a folder and not a file`);
    if (!stat.isFile()) throw bad(field, `${named} is no plain file: ${INSTEAD[field]}`);
    const parts: Buffer[] = [];
    for (let size = 0; ; ) {
      const part = Buffer.allocUnsafe(CHUNK);
      const read = readSync(handle, part, 0, CHUNK, size);
      size += read;
      if (size > MAX_FILE)
        throw bad(field, `${named} is larger than ${MAX_FILE / 1024 / 1024} MiB; ${TOO_LARGE[field]}`);
      if (read === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, read));
    }
  } finally {
    closeSync(handle);
  }
}

function told({ pointer, message }: JsonFault): string {
  return pointer === "" ? message : `${pointer} ${message}`;
}

function bad(field: string, message: string): AyoError {
  return new AyoError("bad_input", message, { data: { field } });
}
