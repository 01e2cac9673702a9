import { readFileSync, type Stats } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { type Conversion, gitBytes } from "../git/convert.ts";
import { hashObject } from "../git/objects.ts";
import { NeedsYaml, parseTicket } from "../ticket/parseTicket.ts";
import type { Problem, Ticket } from "../ticket/ticket.ts";
import { type Entry, isRacy, stampOf } from "./entry.ts";

/** A larger ticket is reported and not read: nothing that a person wrote is this long. */
export const MAX_TICKET_BYTES = 32 * 1024 * 1024;

/** One for all files: making a decoder costs more than most tickets. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What reading needs to know besides the path. */
export interface ReadContext {
  readonly dir: string;
  readonly now: number;
  readonly conversion: Conversion | undefined;
  /** Gets the bytes of every file that is read. */
  readonly keep?: (file: string, bytes: Buffer) => void;
}

/** Reads one `*.md` of the top directory as a ticket; a bad file becomes an entry with a problem. */
export async function readTicketEntry(context: ReadContext, file: string, stat: Stats): Promise<Entry> {
  const stamp = stampOf(stat);
  const common = { stamp, racy: isRacy(stamp, context.now) };
  const refused = refusal(file, stat);
  if (refused !== undefined) return { ...common, oid: "", problem: refused };
  const bytes = readFileSync(path.join(context.dir, file));
  context.keep?.(file, bytes);
  const version = hashObject("blob", bytes);
  const oid = context.conversion === undefined ? version : hashObject("blob", convert(context, file, bytes));
  if (/^readme\.md$/i.test(file)) return { ...common, oid };
  const parsed = await parse(bytes, file, version);
  return "id" in parsed ? { ...common, oid, ticket: parsed } : { ...common, oid, problem: parsed };
}

/** Reads one journalled file that is no ticket. */
export function readOtherEntry(context: ReadContext, file: string, stat: Stats): Entry {
  const stamp = stampOf(stat);
  const bytes = readFileSync(path.join(context.dir, file));
  context.keep?.(file, bytes);
  return { stamp, racy: isRacy(stamp, context.now), oid: hashObject("blob", convert(context, file, bytes)) };
}

/**
 * The text of a ticket's bytes.
 * @throws bad_ticket when they are not UTF-8
 */
export function decodeText(bytes: Buffer, file: string): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    const line = firstBadLine(bytes);
    throw new AyoError("bad_ticket", "not UTF-8 text: save the file as UTF-8", { data: { path: file, line } });
  }
}

/** Parses ticket bytes, loading the YAML parser only where the plain reader gives up. */
export async function parse(bytes: Buffer, file: string, version: string): Promise<Ticket | Problem> {
  try {
    const source = decodeText(bytes, file);
    return await withYaml((frontMatter) => parseTicket(source, file, version, frontMatter));
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    return { path: file, line: Number(error.data?.line ?? 0), code: error.code, message: error.message };
  }
}

/** Parses ticket text that is not on disk. */
export function parseText(text: string, file: string): Promise<Ticket | Problem> {
  const bytes = Buffer.from(text);
  return parse(bytes, file, hashObject("blob", bytes));
}

type FrontMatter = Parameters<typeof parseTicket>[3];

/** Runs `work`, and once more with the YAML parser when it asks for that. */
export async function withYaml<T>(work: (frontMatter?: FrontMatter) => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof NeedsYaml)) throw error;
  }
  const { parseFrontMatter } = await import("../ticket/frontMatter.ts");
  return work(parseFrontMatter);
}

function convert(context: ReadContext, file: string, bytes: Buffer): Buffer {
  return context.conversion === undefined ? bytes : gitBytes(file, bytes, context.conversion);
}

function refusal(file: string, stat: Stats): Problem | undefined {
  const problem = (message: string): Problem => ({ path: file, line: 0, code: "bad_ticket", message });
  if (stat.isSymbolicLink()) return problem("a symbolic link: tickets are plain files");
  if (!stat.isFile()) return problem("not a file");
  if (stat.size > MAX_TICKET_BYTES) return problem(`larger than ${MAX_TICKET_BYTES / 1024 / 1024} MiB`);
  return undefined;
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  while (start <= bytes.length) {
    const end = bytes.indexOf(10, start);
    const row = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (row.toString("utf8").includes("�") && !Buffer.from(row.toString("utf8")).equals(row)) return line;
    if (end < 0) break;
    start = end + 1;
    line++;
  }
  return line;
}
