import { AyoError } from "../../error.ts";
import { fieldName } from "../../ticket/fields.ts";
import type { Board, Category } from "../../ticket/rules/board.ts";
import { columnFor, columnOf } from "../../ticket/rules/columns.ts";
import { formatKey, formatScalar } from "../../ticket/text/formatScalar.ts";
import { formatTicket } from "../../ticket/text/formatTicket.ts";
import { appendNote, parseNotes } from "../../ticket/text/notes.ts";
import { titleOf } from "../../ticket/text/title.ts";
import type { Fields, Json, Note } from "../../ticket/ticket.ts";
import { formatTime, parseTime } from "../../ticket/time.ts";
import type { ForeignFiles } from "./attachments.ts";
import type { ForeignSchema } from "./outputs.ts";
import type { ForeignProject } from "./projects.ts";

/** Where a record stands in its source; lines count from 1, 0 where none can be named. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

/** A record that only the user can settle: why it was left out, and where it stands. */
export interface NeedsYou extends Place {
  /** The record's id where it has one. */
  readonly id: string | null;
  readonly message: string;
}

/** A ticket of another tool in our words, before it is a file. */
export interface NestedChanges {
  readonly title: string;
  /** Without `id` and `status`. */
  readonly fields: Fields;
  /** The source's own word; "" where it has none. */
  readonly status: string;
  /** What that word means, where this is certain. */
  readonly category?: Category | undefined;
  /** What has no field here and becomes a front matter key of its own. */
  readonly extra: ReadonlyMap<string, Json>;
  readonly body: string;
  readonly notes: readonly Note[];
}

/** One ticket to import: a file to copy byte for byte, or the parts to make one from. */
export interface Foreign {
  readonly id: string;
  readonly place: Place;
  /** Folder in the store: "" or `archive/2026-11/`. */
  readonly folder: string;
  readonly content: string | NestedChanges;
  /** Its output, as the text of a file. */
  readonly output?: string | undefined;
  /** Reads the files that were attached to it. */
  readonly files?: ForeignFiles | undefined;
  /** The schema that it names. */
  readonly schema?: ForeignSchema | undefined;
  /** The file of its project. */
  readonly projectFile?: ForeignProject | undefined;
  /** What of it has no place here, by the source's names: `comments.url`. */
  readonly leftOut?: readonly string[];
  /** Names of what is not copied, since git or ayo tells it anew: `updated_at`. */
  readonly derived?: readonly string[];
}

/** Everything that a source holds. */
export interface Gathered {
  readonly tickets: readonly Foreign[];
  readonly needYou: readonly NeedsYou[];
  /** Ids of tickets that were deleted there. */
  readonly tombstones: readonly string[];
  /** What else the source holds and is not imported, in sentences. */
  readonly notices: readonly string[];
  /** What outputs are held to. */
  readonly schemas?: readonly ForeignSchema[];
  readonly projects?: readonly ForeignProject[];
  /** Its ids are numbers that other projects give out, too. */
  readonly numbered?: boolean;
}

/** What a lookup by a foreign word finds; words like `constructor` find nothing. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/** Runs `convert` on every record; one that cannot be converted needs the user and stops no other. */
export async function convertEach<T extends { readonly place: Place }, R>(
  records: readonly T[],
  convert: (record: T) => R | Promise<R>,
): Promise<{ readonly converted: readonly R[]; readonly needYou: readonly NeedsYou[] }> {
  const converted: R[] = [];
  const needYou: NeedsYou[] = [];
  for (const record of records) {
    try {
      converted.push(await convert(record));
    } catch (error) {
      needYou.push(refusal(error, record.place));
    }
  }
  return { converted, needYou };
}

/** Says why a record cannot be taken; what is no fault of the record is thrown on. */
export function refusal(error: unknown, place: Place, id: string | null = null): NeedsYou {
  if (error instanceof RangeError) return { ...place, id, message: `nested too deeply, or too long: ${error.message}` };
  if (!(error instanceof AyoError)) throw error;
  const { data, message } = error;
  return { path: place.path, line: Number(data?.line ?? place.line), id: id ?? (data?.id as string) ?? null, message };
}

/** The text of the file that a foreign ticket becomes on this board. */
export function formatForeign({ id, content }: Foreign, board: Board): string {
  if (typeof content === "string") return content;
  const { fields, body, extra, notes } = content;
  const title = oneLine(content.title) || id;
  const isTitled = titleOf(body) === title;
  const text = formatTicket({ fields: { id, status: statusOn(board, content), ...fields }, title, body, isTitled });
  return withNotes(withExtra(text, extra), notes);
}

/** A long title is tidied first: text that does not belong there may hold runs of blanks that take forever to match. */
function oneLine(title: string): string {
  return title.length > 500 ? title.replaceAll(/\s+/g, " ").trim() : title;
}

/** A column of this name, else the first of the certain meaning, else the word as it is. */
function statusOn(board: Board, { status, category }: NestedChanges): string {
  if (status === "") return board.initial;
  const column = columnFor(board, status) ?? (category === undefined ? undefined : columnOf(board, category));
  return column?.id ?? status;
}

/** Adds keys at the end of the front matter, as YAML that reads back as the same value. */
function withExtra(text: string, extra: NestedChanges["extra"]): string {
  const end = text.indexOf("\n---\n") + 1;
  const lines = [...extra].map(
    ([key, value]) => `${formatKey(key)}:${value === null ? "" : ` ${formatJson(value)}`}\n`,
  );
  return text.slice(0, end) + lines.join("") + text.slice(end);
}

function formatJson(value: Json): string {
  if (typeof value === "string") return formatScalar(value);
  const flow = formatFlow(value);
  return flow ?? formatScalar(JSON.stringify(value));
}

/** Longer keys and texts no YAML reader takes within brackets. */
const MAX_KEY = 1_000;

/** `{users: 214, ids: ['10', b]}`; undefined where a key cannot stand in brackets. */
function formatFlow(value: Json): string | undefined {
  if (typeof value === "string") return formatScalar(value, { flow: true });
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return bracketed("[", value.map(formatFlow), "]");
  const pairs = Object.entries(value).map(([key, child]) => {
    const shown = formatFlow(child);
    return key.length > MAX_KEY || shown === undefined ? undefined : `${formatKey(key)}: ${shown}`;
  });
  return bracketed("{", pairs, "}");
}

function bracketed(open: string, parts: readonly (string | undefined)[], close: string): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(", ")}${close}`;
}

/** A key for what has no field here: kebab-case, and never one that means a field. */
export function extraKey(key: string, source: string, taken: ReadonlyMap<string, Json>): string {
  const kebab = key.replaceAll("_", "-");
  const free = [kebab, `${source}-${kebab}`, `${source}-${key}`].find(
    (one) => fieldName(one) === undefined && one !== "title" && !taken.has(one),
  );
  return free ?? `${source}-${key}-${taken.size}`;
}

/** A note as it reads back; `fallback` is its time where it has none that can be read. */
export function noteOf(
  { at, by, text }: { readonly at: string | undefined; readonly by: string | undefined; readonly text: string },
  fallback: string | undefined,
): Note {
  const moment = [at, fallback].map((time) => parseTime(time ?? "")).find((time) => time !== undefined);
  const author = by?.replaceAll(/\s+/g, " ").trim();
  return { at: formatTime(moment ?? 0), by: author || null, text: text.replaceAll(/\r\n?/g, "\n").trim() };
}

/** Appends notes: all at once where they read back that way, since one by one takes quadratic time. */
function withNotes(text: string, notes: readonly Note[]): string {
  if (notes.length === 0) return text;
  const heading = "## Notes\n\n";
  const blocks = notes.map((note) => blockOf(note, heading)).join("\n");
  const hasSection = /^##[ \t]+notes[ \t]*$/im.test(text);
  const mayHaveNotes = hasSection && /^(?:\*\*|###[ \t]+)\d/m.test(text);
  const wanted = JSON.stringify([...(mayHaveNotes ? parseNotes(text) : []), ...notes]);
  const together = [...(hasSection ? [`${text}\n${blocks}`] : []), `${text}\n${heading}${blocks}`];
  return together.find((one) => JSON.stringify(parseNotes(one)) === wanted) ?? notes.reduce(appendNote, text);
}

/** A note as it stands in its section; only text that markdown could take for more needs the whole machinery. */
function blockOf(note: Note, heading: string): string {
  if (note.text === "" || /^\\*[ \t]*[#*`~]/m.test(note.text)) return appendNote("", note).slice(heading.length);
  return `**${note.at}**${note.by === null ? "" : ` ${note.by}`}\n\n${note.text}\n`;
}
