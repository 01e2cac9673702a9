import path from "node:path";
import { AyoError } from "../../../error.ts";
import type { Category } from "../../../ticket/rules/board.ts";
import type { Fields, Json } from "../../../ticket/ticket.ts";
import { columnsOf, readCsv } from "../csv.ts";
import { beginningOf, isRealFile, leftNotice, namesIn, readNamed } from "../directory.ts";
import { convertEach, type Foreign, type Gathered, lookUp, type NestedChanges } from "../foreign.ts";
import { defined, type JsonRecord, meaningOf, openRecord } from "../jsonRecords.ts";
import { readZip } from "../zip.ts";

/** The columns that each project begins with (crates/remote/src/db/project_statuses.rs); `Backlog` stays as it is. */
const CATEGORY: Readonly<Record<string, Category>> = {
  "to do": "todo",
  "in progress": "active",
  "in review": "review",
  done: "done",
  cancelled: "cancelled",
};
const PRIORITY: Readonly<Record<string, number>> = { urgent: 0, high: 1, medium: 2, low: 3 };
/** The files of an export (crates/remote/src/routes/export.rs): that of issues, and those that say nothing more of them. */
const ISSUES = "issues.csv";
const ATTACHMENTS = "attachments.csv";

/** Whether the columns of a CSV file are those of vibe-kanban's `issues.csv`. */
export function isVibeKanban(columns: readonly string[]): boolean {
  return ["Issue ID", "Title", "Status", "Assignee(s)", "Parent Issue"].every((name) => columns.includes(name));
}

/** Whether a folder is an unpacked export of vibe-kanban. */
export function isVibeKanbanFolder(dir: string): boolean {
  return namesIn(dir).includes(ISSUES) && isVibeKanban(columnsOf(beginningOf(path.join(dir, ISSUES))));
}

/** Reads vibe-kanban's export as it is downloaded. */
export function readVibeKanbanZip(bytes: Buffer, shown: string): Promise<Gathered> {
  const entries = readZip(bytes, shown).filter(({ name }) => !name.endsWith("/"));
  const read = (name: string): Buffer | undefined => entries.find((one) => one.name === name)?.read();
  return readExport(
    read,
    shown,
    entries.map(({ name }) => name),
  );
}

/** Reads vibe-kanban's export as it is unpacked. */
export function readVibeKanbanFolder(dir: string, shown: string): Promise<Gathered> {
  const names = namesIn(dir);
  const read = (name: string): Buffer | undefined =>
    isRealFile(path.join(dir, name)) ? readNamed(path.join(dir, name), path.join(shown, name)) : undefined;
  return readExport(read, shown, names);
}

/** Reads an `issues.csv` by itself. */
export function readVibeKanbanCsv(bytes: Buffer, shown: string): Promise<Gathered> {
  return readIssues(readCsv(bytes, shown), new Map());
}

async function readExport(
  read: (name: string) => Buffer | undefined,
  shown: string,
  names: readonly string[],
): Promise<Gathered> {
  const issues = read(ISSUES);
  if (issues === undefined)
    throw new AyoError("bad_input", `${shown} has no ${ISSUES}: it is no export of vibe-kanban`);
  const list = read(ATTACHMENTS);
  const attachments = list === undefined ? undefined : readCsv(list, path.join(shown, ATTACHMENTS));
  const gathered = await readIssues(readCsv(issues, path.join(shown, ISSUES)), attachedTo(attachments?.records ?? []));
  const left = names.filter((name) => name !== ISSUES && name !== ATTACHMENTS);
  const notices = leftNotice(shown, left);
  return { ...gathered, needYou: [...(attachments?.needYou ?? []), ...gathered.needYou], notices };
}

/** The paths of attachments by the issue's id. */
function attachedTo(records: readonly JsonRecord[]): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const { value } of records) {
    const id = String(value["Issue ID"] ?? "");
    paths.set(id, [...(paths.get(id) ?? []), String(value["File Path in ZIP"] ?? value.Filename ?? "")]);
  }
  return paths;
}

async function readIssues(
  { records, needYou }: ReturnType<typeof readCsv>,
  attachments: ReadonlyMap<string, readonly string[]>,
): Promise<Gathered> {
  const read = await convertEach(records, (record) => readRow(record, attachments));
  return { tickets: read.converted, needYou: [...needYou, ...read.needYou], tombstones: [], notices: [] };
}

function readRow({ place, value }: JsonRecord, attachments: ReadonlyMap<string, readonly string[]>): Foreign {
  const record = openRecord(Object.fromEntries(Object.entries(value).map(([key, cell]) => [keyOf(key), cell])));
  record.derive("updated");
  const id = record.text("issue_id");
  if (id === undefined) throw new AyoError("bad_input", "has no Issue ID");
  const status = record.text("status") ?? "";
  const assignees = record.text("assignees")?.split(", ") ?? [];
  const fields = {
    created: record.time("created"),
    priority: meaningOf(record, "priority", PRIORITY),
    assignee: assignees.filter((name) => name.trim() !== ""),
    parent: record.text("parent_issue"),
    project: record.text("project"),
    due: record.time("due_date"),
    closed: record.time("completed"),
  };
  const files = attachments.get(id) ?? [];
  const more: [string, Json][] = files.length === 0 ? [] : [["vibe-kanban-attachments", files]];
  const content: NestedChanges = {
    title: record.text("title") ?? "",
    body: record.text("description") ?? "",
    status,
    category: lookUp(CATEGORY, status.toLowerCase()),
    fields: defined(fields) as Fields,
    extra: new Map([...record.rest("vibe-kanban"), ...more]),
    notes: [],
  };
  return { id, place, folder: "", content, ...record.told() };
}

function keyOf(column: string): string {
  return column.toLowerCase().replaceAll(/[()]/g, "").replaceAll(/\s+/g, "_");
}
