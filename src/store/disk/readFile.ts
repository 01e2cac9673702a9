import type { Stats } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { hashObject } from "../../git/objects/objects.ts";
import { type Conversion, gitBytes } from "../../git/repository/convert.ts";
import { attachmentAt, MAX_ATTACHMENT } from "../../ticket/attachments.ts";
import { mayCall } from "../../ticket/mayCall.ts";
import { conflictLine, UNSETTLED } from "../../ticket/text/conflictMarkers.ts";
import { NeedsYaml, parseTicket } from "../../ticket/text/parseTicket.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";
import { MAX_FILE_BYTES, readStoreFile, Unread } from "../files/storeFile.ts";
import { type Entry, isRacy, stampOf } from "../open/entry.ts";

/** A larger ticket is reported and not read: nothing that a person wrote is this long. */
export const MAX_TICKET_BYTES = 32 * 1024 * 1024;

/** The text of a longer ticket is not kept to compare it; in bytes. */
const KEPT_TEXT = 8 * 1024;

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

/**
 * Reads one `*.md` of the top directory as a ticket; a bad file becomes an entry with a problem, one that is gone
 * undefined.
 */
export async function readTicketEntry(context: ReadContext, file: string, stat: Stats): Promise<Entry | undefined> {
  const stamp = stampOf(stat);
  const common = { stamp, racy: isRacy(stamp, context.now) };
  const read = readStoreFile(path.join(context.dir, file), { limit: MAX_TICKET_BYTES });
  if (read === undefined) return undefined;
  if (read instanceof Unread) return { ...common, ...unreadEntry(file, read), problem: ticketProblem(file, read) };
  const { bytes } = read;
  context.keep?.(file, bytes);
  const version = hashObject("blob", bytes);
  const { oid, unfit } = storedAs(context, file, bytes, version);
  if (/^readme\.md$/i.test(file)) return { ...common, oid };
  const parsed = await parse(bytes, file, version);
  if (!("id" in parsed)) return { ...common, oid, problem: parsed };
  const text = common.racy && bytes.length <= KEPT_TEXT && context.conversion === undefined;
  return { ...common, oid, ticket: parsed, ...(text ? { text: bytes.toString("utf8") } : {}), ...unfit };
}

/**
 * What a racy entry becomes when the file, whose stamp is still its own, says what it said, byte by byte: no hash, which
 * would load node:crypto, a fifth of a command that reads. Undefined where that cannot be told or is not so.
 */
export function sameText(context: ReadContext, file: string, entry: Entry): Entry | undefined {
  if (entry.text === undefined || context.conversion !== undefined) return undefined;
  const read = readStoreFile(path.join(context.dir, file), { limit: KEPT_TEXT });
  if (read === undefined || read instanceof Unread || !read.bytes.equals(Buffer.from(entry.text))) return undefined;
  context.keep?.(file, read.bytes);
  if (isRacy(entry.stamp, context.now)) return entry;
  const { stamp, oid, ticket, problem } = entry;
  return { stamp, racy: false, oid, ticket, problem };
}

/**
 * The blob that git would make of a ticket; what git filters can be read, and not committed. That is so as long as git's
 * attributes say it, which no stamp of the file shows: it is read again each time.
 */
function storedAs(context: ReadContext, file: string, bytes: Buffer, version: string) {
  if (context.conversion === undefined) return { oid: version };
  try {
    return { oid: hashObject("blob", convert(context, file, bytes)) };
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    return {
      oid: version,
      unfit: { racy: true, problem: { path: file, line: 0, code: error.code, message: error.message } },
    };
  }
}

/**
 * Reads one journalled file that is no ticket; undefined for one that is gone. A text with a merge conflict in it is
 * told, and not committed.
 */
export function readOtherEntry(context: ReadContext, file: string, stat: Stats): Entry | undefined {
  const stamp = stampOf(stat);
  const read = readStoreFile(path.join(context.dir, file), { limit: limitOf(file) });
  if (read === undefined) return undefined;
  if (read instanceof Unread) return { stamp, ...unreadEntry(file, read) };
  context.keep?.(file, read.bytes);
  const { bytes } = read;
  const { oid, unfit } = storedAs(context, file, bytes, hashObject("blob", bytes));
  const line =
    file.endsWith(".md") && attachmentAt(file) === undefined ? conflictLine(bytes.toString("utf8")) : undefined;
  const problem =
    line === undefined ? unfit : { problem: { path: file, line, code: "bad_ticket", message: UNSETTLED } };
  return { stamp, racy: isRacy(stamp, context.now), oid, ...problem };
}

/** A longer file is not read and not committed: what is attached would be shared with nobody. In bytes. */
export function limitOf(file: string): number {
  return attachmentAt(file) === undefined ? MAX_FILE_BYTES : MAX_ATTACHMENT;
}

/** Another user, or the next try, may be able to read what this one was refused: that is never remembered. */
function unreadEntry(file: string, unread: Unread): Pick<Entry, "racy" | "oid" | "problem"> {
  return { racy: true, oid: "", problem: unread.problem(file) };
}

/** What a file that should be a ticket, and cannot be read, is told as. */
export function ticketProblem(file: string, unread: Unread): Problem {
  if (unread.kind === "refused") return unread.problem(file);
  const advice = unread.kind === "too_large" ? "" : ": tickets are plain files";
  return { ...unread.problem(file, advice), code: "bad_ticket" };
}

/**
 * The text of a ticket's file.
 * @throws not_found when it is gone, bad_ticket with the reason when it cannot be read
 */
export function readTicketText(dir: string, file: string): string {
  const read = readStoreFile(path.join(dir, file), { limit: MAX_TICKET_BYTES });
  if (read === undefined) throw new AyoError("not_found", `${file} is gone`, { data: { path: file } });
  if (!(read instanceof Unread)) return decodeText(read.bytes, file);
  const problem = ticketProblem(file, read);
  throw new AyoError("bad_ticket", `${file}: ${problem.message}`, { data: { ...problem } });
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
    return await withCalls(source, await withYaml((frontMatter) => parseTicket(source, file, version, frontMatter)));
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    return { path: file, line: Number(error.data?.line ?? 0), code: error.code, message: error.message };
  }
}

/** What of a text still calls for somebody is worked out with it, for inboxes: few have any. */
async function withCalls(source: string, ticket: Ticket): Promise<Ticket> {
  if (!mayCall(source, ticket.fields)) return ticket;
  const { callsIn } = await import("../../ticket/calls.ts");
  const calls = callsIn(source, ticket.fields);
  return calls === undefined ? ticket : { ...ticket, calls };
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
  const { parseFrontMatter } = await import("../../ticket/text/frontMatter.ts");
  return work(parseFrontMatter);
}

function convert(context: ReadContext, file: string, bytes: Buffer): Buffer {
  return context.conversion === undefined ? bytes : gitBytes(file, bytes, context.conversion);
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
