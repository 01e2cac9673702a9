import { toJson } from "../../../ticket/jsonValues.ts";
import type { Category } from "../../../ticket/rules/board.ts";
import type { Fields, Json } from "../../../ticket/ticket.ts";
import { formatTime, parseTime } from "../../../ticket/time.ts";
import { readCsv } from "../csv.ts";
import { convertEach, type Foreign, type Gathered, lookUp, type NestedChanges } from "../foreign.ts";
import { defined, idOf, type JsonRecord, meaningOf, type OpenRecord, openRecord } from "../jsonRecords.ts";
import { dependOnBlockers, linkBothWays } from "../relations.ts";

/** Statuses that every team of Linear's begins with; others mean what their times say. */
const CATEGORY: Readonly<Record<string, Category>> = {
  todo: "todo",
  "in progress": "active",
  "in review": "review",
  done: "done",
  canceled: "cancelled",
  duplicate: "cancelled",
};
const PRIORITY: Readonly<Record<string, number | null>> = {
  urgent: 0,
  high: 1,
  medium: 2,
  low: 3,
  "no priority": null,
};
/** A time as Linear writes it: `Wed May 13 2026 11:21:41 GMT+0000 (GMT+00:00)`. */
const LONG_TIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} \d\d:\d\d:\d\d GMT[+-]\d{4}(?: \([^()]*\))?$/;
const HALF_A_DAY = 12 * 3_600_000;

/** Whether the columns of a CSV file are those of Linear's export. */
export function isLinear(columns: readonly string[]): boolean {
  const names = columns.map((name) => name.toLowerCase());
  return ["id", "team", "title", "status", "cycle number"].every((name) => names.includes(name));
}

/** Reads issues as Linear exports them as CSV. */
export async function readLinear(bytes: Buffer, shown: string): Promise<Gathered> {
  const { records, needYou } = readCsv(bytes, shown);
  const blocks = new Map<string, readonly string[]>();
  const read = (record: JsonRecord): Foreign => {
    const { ticket, blocking } = readRow(record);
    if (blocking.length > 0) blocks.set(ticket.id, blocking);
    return ticket;
  };
  const rows = await convertEach(records, read);
  const tickets = dependOnBlockers(linkBothWays(rows.converted), blocks, "linear");
  return { tickets, needYou: [...needYou, ...rows.needYou], tombstones: [], notices: [] };
}

function readRow({ place, value }: JsonRecord): { ticket: Foreign; blocking: readonly string[] } {
  const record = openRecord(
    Object.fromEntries(Object.entries(value).map(([key, cell]) => [keyOf(key), plainCell(cell)])),
  );
  record.derive("updated");
  const id = idOf(record);
  const { completed, canceled, ...status } = readStatus(record);
  const fields = {
    deps: namesIn(record, "blocked_by"),
    links: namesIn(record, "related_to"),
    created: timeIn(record, "created"),
    priority: meaningOf(record, "priority", PRIORITY) ?? undefined,
    assignee: record.texts("assignee"),
    tags: (record.text("labels") ?? "").split(", ").filter((label) => label.trim() !== ""),
    parent: record.text("parent_issue"),
    project: record.text("project"),
    duplicateOf: record.text("duplicate_of"),
    due: dayOf(timeIn(record, "due_date")),
    started: timeIn(record, "started"),
    closed: completed ?? canceled,
  };
  const blocking = namesIn(record, "blocks");
  const { given, ...changes } = status;
  const content: NestedChanges = {
    title: record.text("title") ?? "",
    body: record.text("description") ?? "",
    ...changes,
    fields: defined(fields) as Fields,
    extra: new Map([
      ...[...record.rest("linear")].map(([key, cell]): [string, Json] => [key, toJson(cell)]),
      ...(given === undefined ? [] : [["linear-status", given] as [string, Json]]),
    ]),
    notes: [],
  };
  return { ticket: { id, place, folder: "", content, ...record.told() }, blocking };
}

/** `Cycle Number` is `cycle_number`, however an export spells it. */
function keyOf(column: string): string {
  return (
    column
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "_")
      .replaceAll(/^_+|_+$/g, "") || column
  );
}

/** Linear puts a quote before what a spreadsheet could take for a formula (its own importer takes it away, too). */
function plainCell(cell: unknown): string {
  return String(cell).replace(/^'(?=[+\-=@])/, "");
}

function namesIn(record: OpenRecord, key: string): string[] {
  const names = record.text(key)?.split(",") ?? [];
  return names.map((name) => name.trim()).filter((name) => name !== "");
}

/** A column of this name or a certain meaning; else the times say what it means, and the word is kept. */
function readStatus(record: OpenRecord) {
  const word = record.text("status") ?? "";
  const [completed, canceled] = [timeIn(record, "completed"), timeIn(record, "canceled")];
  const known = lookUp(CATEGORY, word.toLowerCase());
  const told = completed !== undefined ? "done" : canceled !== undefined ? "cancelled" : undefined;
  const category = known ?? told;
  const isOver = category === "done" || category === "cancelled";
  // What was archived unfinished is no longer wanted there, so it must not become work here.
  if (record.all().has("archived") && !isOver) {
    return { completed, canceled, status: "cancelled", category: "cancelled" as const, given: word };
  }
  const given = known === undefined && told !== undefined ? word : undefined;
  return { completed, canceled, status: known === "cancelled" ? "cancelled" : word, category, given };
}

function timeIn(record: OpenRecord, key: string): string | undefined {
  const fits = (one: unknown): one is string =>
    typeof one === "string" && (parseTime(one) !== undefined || (LONG_TIME.test(one) && !Number.isNaN(momentOf(one))));
  const text = record.value(key, fits);
  return text === undefined ? undefined : formatTime(parseTime(text) ?? momentOf(text));
}

function momentOf(text: string): number {
  return Date.parse(text.replace(/ \([^()]*\)$/, ""));
}

/** Due is a day there, and stands in the export as its midnight where the exporter was. */
function dayOf(time: string | undefined): string | undefined {
  return time === undefined ? undefined : formatTime((parseTime(time) ?? 0) + HALF_A_DAY).slice(0, 10);
}
