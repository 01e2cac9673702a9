import type { AttachmentRead } from "../../actions/attachments/attachment.ts";
import type { Exported } from "../../actions/export/export.ts";
import { invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { shortVersion } from "../../ticket/shortVersion.ts";
import type { Content } from "../answers/content.ts";
import { fileContent } from "../answers/fileContent.ts";
import { versionTag } from "../answers/validators.ts";
import { affectedBetween, namedIn } from "./affected.ts";
import { LINES_TYPE } from "./readBody.ts";
import type { Asked } from "./readInput.ts";
import type { Route } from "./route.ts";

/** Tickets as answers have them; getters are looked at only where a field is wanted. */
type Row = Readonly<Record<string, unknown>> & { readonly id?: unknown; readonly version?: unknown };

/** Calls a route's action and makes its answer what a response is made of. */
export async function callRoute(route: Route, store: Store, asked: Asked, base: string): Promise<Content> {
  const before = asked.include === "affected" ? await readStore(store) : undefined;
  const done = (await invoke(route.action, store, asked.input)) as Readonly<Record<string, unknown>>;
  const answer = before === undefined ? done : await withAffected(store, before, done);
  if (isBroken(answer)) throw brokenTicket(answer);
  const raw = rawContent(answer, asked);
  if (raw !== undefined) return raw;
  const told = toldOf(route, asked, answer);
  const whole = { schema: 1, ...(asked.fields === undefined ? told : pruned(told, asked.fields)) };
  const made = route.makes === true && (answer as { created?: unknown }).created !== false;
  const ticket = oneTicket(answer);
  // A line of its own in a terminal.
  const text = `${JSON.stringify(whole)}\n`;
  const isRead = route.method === "get";
  const etag = ticket === undefined ? undefined : etagOf(ticket, isRead ? text : undefined);
  const location = addressOf(answer, ticket?.id);
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-cache",
    ...(etag === undefined ? {} : { etag }),
    // What is ready, and who one is, depends on who asks.
    ...(isRead && route.isPersonal ? { vary: "X-Agent-ID" } : {}),
    ...(made && location !== undefined ? { location: `${base}${location}` } : {}),
  };
  return { status: made ? 201 : 200, headers, body: text };
}

/** Where what was made is read: a ticket, a file of one, or a project. */
function addressOf({ project, attachments }: Readonly<Record<string, unknown>>, id: unknown): string | undefined {
  const [file] = (attachments ?? []) as readonly { readonly name: string }[];
  const rest = file === undefined ? "" : `/attachments/${encodeURIComponent(file.name)}`;
  if (id !== undefined) return `/tickets/${encodeURIComponent(String(id))}${rest}`;
  const slug = (project as { readonly slug?: string } | undefined)?.slug;
  return slug === undefined ? undefined : `/projects/${encodeURIComponent(slug)}`;
}

/** What of an answer is told: all, a page of a list, or how many there are. */
function toldOf(route: Route, asked: Asked, answer: Readonly<Record<string, unknown>>) {
  if (route.counts === true) return { count: answer.total };
  return route.pages === true ? pageOf(answer, asked) : answer;
}

/** The answer to a change with what it turned; the change is made, so that nothing here can make it a failure. */
async function withAffected(
  store: Store,
  before: View,
  answer: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return { ...answer, ...affectedBetween(before, await readStore(store), namedIn(answer)) };
  } catch (error) {
    const notices = Array.isArray(answer.notices) ? answer.notices : [];
    const said = `the change is made; what it affected could not be read: ${(error as Error).message}`;
    return { ...answer, notices: [...notices, said] };
  }
}

/** A change answers with a ticket's version alone: what it says of others is not what a GET would. */
function etagOf({ version }: Row, read: string | undefined): string {
  return read === undefined ? `"${String(version)}"` : versionTag(String(version), read);
}

/** The ticket that an answer is about, if it is about one. */
function oneTicket(answer: Readonly<Record<string, unknown>>): Row | undefined {
  const { ticket, tickets, total } = answer as { ticket?: Row; tickets?: readonly Row[]; total?: unknown };
  if (ticket?.version !== undefined) return ticket;
  return total === undefined && tickets?.length === 1 ? tickets[0] : undefined;
}

function isExport(answer: object): answer is Exported {
  return "chunks" in answer;
}

/** What is no JSON: an export, or a file. */
function rawContent(answer: object, asked: Asked): Content | undefined {
  if (isFile(answer)) return fileContent(answer);
  return isExport(answer) ? exported(answer, asked) : undefined;
}

/** An export as it is made: a store of any size never stands in memory as one text. */
function exported({ chunks }: Exported, { input }: Asked): Content {
  const type = input.format === "markdown" ? "text/markdown" : LINES_TYPE;
  const headers = { "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache" };
  return { status: 200, headers, body: "", stream: chunks };
}

function isFile(answer: object): answer is AttachmentRead {
  return "bytes" in answer;
}

function isBroken(answer: Readonly<Record<string, unknown>>): boolean {
  return "problem" in answer && "lastGood" in answer;
}

function brokenTicket({ problem, text, lastGood }: Readonly<Record<string, unknown>>): AyoError {
  const { path, line, message } = problem as { path: string; line: number; message: string };
  const where = line > 0 ? `${path}:${line}` : path;
  return new AyoError("bad_ticket", `${where}: ${message}`, { data: { problem, text, lastGood } });
}

/** A part of a list, and where the next one begins; null at the end. */
function pageOf(
  answer: Readonly<Record<string, unknown>>,
  { cursor, limit = 100, offset, isReversed }: Asked,
): Record<string, unknown> {
  const listed = answer.tickets as readonly Row[];
  const tickets = isReversed ? listed.toReversed() : listed;
  const start = Math.min((cursor === undefined ? 0 : placeOf(cursor, tickets)) + offset, tickets.length);
  const shown = tickets.slice(start, start + limit);
  const end = start + shown.length;
  const next = end < tickets.length ? cursorAt(end, tickets) : null;
  return { ...answer, tickets: shown, truncated: shown.length < tickets.length, cursor: next };
}

function cursorAt(end: number, tickets: readonly Row[]): string {
  return Buffer.from(JSON.stringify([end, tickets[end - 1]?.id])).toString("base64url");
}

/** After the ticket that was the last one before; where it went elsewhere, at the place where it was. */
function placeOf(cursor: string, tickets: readonly Row[]): number {
  const [at, last] = readCursor(cursor);
  if (tickets[at - 1]?.id === last) return at;
  const found = tickets.findIndex(({ id }) => id === last);
  return found < 0 ? Math.min(at, tickets.length) : found + 1;
}

function readCursor(cursor: string): [number, string] {
  try {
    const [at, last] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as [unknown, unknown];
    if (Number.isSafeInteger(at) && (at as number) >= 0 && typeof last === "string") return [at as number, last];
  } catch {
    // Said below.
  }
  throw new AyoError("bad_input", "cursor is none that an earlier answer gave", { data: { field: "cursor" } });
}

/** An answer whose tickets have only some fields. */
function pruned(answer: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> {
  // No ticket has a short version unless it is asked for.
  const told = (row: Row, field: string): unknown =>
    field === "shortVersion" ? shortVersion(String(row.version)) : row[field];
  // Made when it is written: of thousands there is one at a time.
  const some = (row: Row): Record<string, unknown> => {
    const kept: Record<string, unknown> = {};
    for (const field of fields) kept[field] = told(row, field);
    return kept;
  };
  const keep = (row: Row) => ({ toJSON: () => some(row) });
  const rows = (value: unknown): unknown => (Array.isArray(value) ? value.map((row) => keep(row as Row)) : value);
  const { ticket, tickets, columns, affected } = answer as {
    ticket?: Row;
    tickets?: unknown;
    columns?: unknown;
    affected?: unknown;
  };
  return {
    ...answer,
    ...(affected === undefined ? {} : { affected: rows(affected) }),
    ...(ticket === undefined ? {} : { ticket: keep(ticket) }),
    ...(tickets === undefined ? {} : { tickets: rows(tickets) }),
    ...(Array.isArray(columns) ? { columns: columns.map((one) => ({ ...one, tickets: rows(one.tickets) })) } : {}),
  };
}
