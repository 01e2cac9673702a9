import { fieldName, readField, UNFIT } from "../../../ticket/fields.ts";
import { parseNotes } from "../../../ticket/text/notes.ts";
import { titleOf } from "../../../ticket/text/title.ts";
import type { Fields, Json, Note } from "../../../ticket/ticket.ts";
import { parseTime } from "../../../ticket/time.ts";
import { isRecordFiles, recordFiles } from "../attachments.ts";
import { convertEach, extraKey, type Foreign, type Gathered, type NestedChanges, noteOf } from "../foreign.ts";
import { defined, idOf, isObject, type JsonRecord, type OpenRecord, openRecord } from "../jsonRecords.ts";
import { recordOutput, recordSchema } from "../outputs.ts";

/** What `query`, `export` and `show --json` derive from the store: left out, and no loss. */
const DERIVED = [
  "schema",
  "category",
  "ready",
  "blockedBy",
  "blocks",
  "children",
  "version",
  "criteria",
  "checklist",
  "reasons",
  "score",
  "snippet",
  "outputState",
  "outputWhy",
  "outputFaults",
  "outputRefused",
];
/** The same of what a tracker calls a ticket; what another tool means by these words is kept. */
function atTracker({ provider }: JsonRecord["value"]): string[] {
  if (provider === "local") return ["provider"];
  return provider === "linear" ? ["provider", "externalKey", "externalUrl"] : [];
}

/** A time that a note can have as it is written. */
const NOTE_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;
const ARCHIVED = /^(archive\/\d{4}-\d{2}\/)[^/]+\.md$/;

/** Reads JSON lines as `ayo ticket query` and `ayo export` print them; `description` does for `body`. */
export async function readJsonLines(records: readonly JsonRecord[]): Promise<Gathered> {
  const { converted, needYou } = await convertEach(records, readTicket);
  const schemas = converted.flatMap(({ schema }) => schema ?? []);
  const projects = converted.flatMap(({ projectFile }) => projectFile ?? []);
  return { tickets: converted, needYou, tombstones: [], notices: [], schemas, projects };
}

function readTicket({ place, value }: JsonRecord): Foreign {
  const record = openRecord(value, (one) => one === undefined);
  for (const key of [...DERIVED, ...atTracker(value)]) record.value(key, (one): one is unknown => one !== undefined);
  const id = idOf(record);
  const title = record.text("title");
  const status = record.text("status") ?? "";
  const folder = ARCHIVED.exec(record.text("path") ?? "")?.[1] ?? "";
  const body = readBody(record);
  const around = readOutput(record, value);
  const projectFile = readProjectFile(record, value);
  const files = record.value("attachedFiles", isRecordFiles);
  const fields = { ...readClaim(record), ...readFields(record, value) };
  const given = readNotes(record, fields.created);
  const known = new Set(parseNotes(body).map((note) => JSON.stringify(note)));
  const parts: NestedChanges = {
    title: title ?? titleOf(body) ?? "",
    status,
    fields,
    body: withoutTitle(body, title),
    notes: given.filter((note) => !known.has(JSON.stringify(note))),
    extra: readExtra(record),
  };
  return {
    id,
    place,
    folder,
    content: parts,
    ...around,
    ...projectFile,
    ...(files === undefined ? {} : { files: recordFiles(files) }),
  };
}

/** The file of its project, in the first line of an export that names it. */
function readProjectFile(record: OpenRecord, { project, projectText: text }: JsonRecord["value"]) {
  if (typeof text !== "string" || typeof project !== "string") return {};
  record.value("projectText", (one): one is unknown => one !== undefined);
  return { projectFile: { slug: project, text } };
}

/** What is an output beside its id; alone the word means the id, as in a ticket's file. */
function readOutput(
  record: OpenRecord,
  { output, outputId, outputSchema, outputSchemaJson: schema }: JsonRecord["value"],
): Pick<Foreign, "output" | "schema"> {
  const isAny = (one: unknown): one is unknown => one !== undefined;
  const isNamed = schema !== undefined && typeof outputSchema === "string";
  if (isNamed) record.value("outputSchemaJson", isAny);
  const named = isNamed ? { schema: recordSchema(outputSchema, schema) } : {};
  if (output === undefined || typeof outputId !== "string") return named;
  record.value("output", isAny);
  return { ...named, output: recordOutput(output) };
}

/** Whatever key means a field and holds a value that fits it; the rest stays for extra keys. */
function readFields(record: OpenRecord, value: JsonRecord["value"]): Fields {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const name = fieldName(key);
    if (name === undefined || fields[name] !== undefined) continue;
    const fits = (one: unknown): one is unknown => one !== undefined && readField(name, textual(one)) !== UNFIT;
    const taken = record.value(key, fits);
    if (taken !== undefined) fields[name] = readField(name, textual(taken));
  }
  return defined(fields) as Fields;
}

/** JSON has numbers where front matter has text. */
function textual(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textual);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

/** A claim as JSON shows it (`claim{by,until,…}`) is five keys in the file. */
function readClaim(record: OpenRecord): Fields {
  const claim = record.value("claim", isObject);
  if (claim === undefined) return {};
  const word = (key: string): string | undefined => (typeof claim[key] === "string" ? claim[key] : undefined);
  return defined({
    claimedBy: word("by"),
    lease: word("until"),
    claim: word("token"),
    claimBranch: word("branch"),
    claimHead: word("head"),
  });
}

function readBody(record: OpenRecord): string {
  const sections = { "": "description", Design: "design", "Acceptance Criteria": "acceptance" };
  const parts = Object.entries(sections).flatMap(([heading, key]) => {
    const text = record.text(key)?.trim();
    if (text === undefined) return [];
    return [heading === "" ? text : `## ${heading}\n\n${text}`];
  });
  return [record.text("body") ?? "", ...parts].filter((part) => part !== "").join("\n\n");
}

/** The heading comes with the title; a body that begins with it has it twice. */
function withoutTitle(body: string, title: string | undefined): string {
  const text = body.replace(/^\s+/, "");
  const [first = ""] = text.split("\n", 1);
  const isTitle = /^#[ \t]/.test(first) && (title === undefined || titleOf(first) === title.trim());
  return isTitle ? text.slice(first.length) : body;
}

function readNotes(record: OpenRecord, created: string | undefined): Note[] {
  const text = record.text("notes");
  if (text !== undefined) return [noteOf({ at: undefined, by: undefined, text }, created)];
  return (record.value("notes", isNotes) ?? []).map(({ at, by, text }) => {
    const note = noteOf({ at, by: by ?? undefined, text }, created);
    return at !== undefined && NOTE_TIME.test(at) && parseTime(at) !== undefined ? { ...note, at } : note;
  });
}

interface GivenNote {
  readonly at?: string;
  readonly by?: string | null;
  readonly text: string;
}

function isNotes(value: unknown): value is readonly GivenNote[] {
  const isText = (one: unknown): boolean => one === undefined || one === null || typeof one === "string";
  return (
    Array.isArray(value) &&
    value.every((one) => isObject(one) && typeof one.text === "string" && isText(one.at) && isText(one.by))
  );
}

function readExtra(record: OpenRecord): Map<string, Json> {
  const given = Object.entries(record.value("extra", isObject) ?? {});
  const extra = new Map<string, Json>();
  for (const [key, value] of given) extra.set(isFree(key, value) ? key : extraKey(key, "json", extra), value as Json);
  for (const [key, value] of record.rest("json")) extra.set(extra.has(key) ? extraKey(key, "json", extra) : key, value);
  return extra;
}

/** A key that means a field stays where it holds what no such field can: so it came out of a file. */
function isFree(key: string, value: unknown): boolean {
  const name = fieldName(key);
  return name === undefined || readField(name, value) === UNFIT;
}
