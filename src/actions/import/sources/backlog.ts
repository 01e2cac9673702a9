import path from "node:path";
import { withYaml } from "../../../store/disk/readFile.ts";
import { readField, UNFIT } from "../../../ticket/fields.ts";
import { toJson } from "../../../ticket/jsonValues.ts";
import type { Category } from "../../../ticket/rules/board.ts";
import { readBody, readValues } from "../../../ticket/text/parseTicket.ts";
import type { Fields } from "../../../ticket/ticket.ts";
import { isFolder, leftIn, markdownFiles, readForeignText } from "../directory.ts";
import {
  convertEach,
  type Foreign,
  type Gathered,
  lookUp,
  type NestedChanges,
  noteOf,
  type Place,
} from "../foreign.ts";
import { defined, idOf, type OpenRecord, openRecord, timeOf } from "../jsonRecords.ts";
import { readBacklogBody } from "./backlogBody.ts";

/** The folders that hold tasks, those first whose ids count: an archived task's id may be given out again. */
const FOLDERS = ["tasks", "completed", "drafts", "archive/tasks", "archive/drafts"];
const READ = ["tasks", "completed", "drafts", "archive"];
/** Words, in lower case without blanks, whose meaning is certain. */
const CATEGORY: Readonly<Record<string, Category>> = {
  todo: "todo",
  inprogress: "active",
  done: "done",
  "won'tdo": "cancelled",
};
/** Backlog.md rewrites it at every change; here git tells. */
const DERIVED = ["updated_date"];

/** Whether a folder is a `backlog/` of Backlog.md. */
export function isBacklog(dir: string): boolean {
  return ["tasks", "completed", "drafts"].some((name) => isFolder(path.join(dir, name)));
}

/** Reads a `backlog/` folder of Backlog.md: tasks, completed ones, drafts and its archive. */
export async function readBacklog(dir: string, shown: string): Promise<Gathered> {
  const files = FOLDERS.flatMap((folder) =>
    markdownFiles(path.join(dir, folder)).map((name) => ({
      folder,
      file: path.join(dir, folder, name),
      place: { path: path.join(shown, folder, name), line: 0 },
    })),
  );
  const { converted, needYou } = await convertEach(files, readTask);
  return {
    tickets: withExactIds(converted),
    needYou,
    tombstones: [],
    notices: leftIn(dir, shown, (name) => READ.includes(name)),
  };
}

interface TaskFile {
  readonly folder: string;
  readonly file: string;
  readonly place: Place;
}

async function readTask({ folder, file, place }: TaskFile): Promise<Foreign> {
  const source = readForeignText(file);
  const record = openRecord(await withYaml((frontMatter) => readValues(source, place.path, frontMatter)));
  record.derive(...DERIVED);
  const id = idOf(record);
  const title = record.text("title") ?? path.basename(file, ".md").replace(/^\S+ - /, "");
  const created = dateOf(record.text("created_date"));
  const { body, comments } = readBacklogBody(readBody(source).replaceAll("\r\n", "\n"));
  const fields = {
    deps: record.texts("dependencies"),
    created,
    type: record.text("type"),
    priority: readPriority(record),
    assignee: record.texts("assignee"),
    tags: record.texts("labels"),
    parent: record.text("parent_task_id"),
    due: dateOf(record.text("due_date")),
    closed: dateOf(record.text("completed_date")),
  };
  const { given, ...status } = readStatus(record, folder);
  const extra = new Map([...record.rest("backlog")].map(([key, value]) => [key, toJson(value)]));
  if (given !== undefined) extra.set("backlog-status", given);
  const parts: NestedChanges = {
    title,
    ...status,
    fields: defined(fields) as Fields,
    extra,
    body,
    notes: comments.map((comment) => noteOf(comment, created)),
  };
  return { id, place, folder: "", content: parts, ...record.told() };
}

/** Drafts are `draft`; what was archived unfinished is no longer wanted there, so it must not become work here. */
function readStatus(
  record: OpenRecord,
  folder: string,
): Pick<NestedChanges, "status" | "category"> & { readonly given?: string } {
  const word = record.text("status") ?? "";
  if (folder === "drafts") return { status: "draft" };
  const category = lookUp(CATEGORY, word.toLowerCase().replaceAll(/[\s_-]+/g, ""));
  if (folder.startsWith("archive/") && category !== "done") {
    return { status: "cancelled", category: "cancelled", given: word };
  }
  return { status: word, category };
}

function readPriority(record: OpenRecord): number | undefined {
  const fits = (one: unknown): one is string =>
    typeof one === "string" && typeof readField("priority", one) === "number";
  const word = record.value("priority", fits);
  const priority = word === undefined ? undefined : readField("priority", word);
  return priority === UNFIT ? undefined : (priority as number | undefined);
}

/** Dates as Backlog.md writes and once wrote them: `2026-08-15 14:00` (UTC), `2026-08-15`, `15-08-26`. */
function dateOf(text: string | undefined): string | undefined {
  const [, day, month, year] = /^(\d\d)[-/.](\d\d)[-/.](\d\d)$/.exec(text ?? "") ?? [];
  return timeOf(day === undefined ? text : `20${year}-${month}-${day}`);
}

/**
 * References may differ from the id they mean in case and leading zeroes (Backlog.md, src/utils/task-id.ts), and are
 * still `task-12` where the project has given its tasks another prefix since.
 */
function withExactIds(tickets: readonly Foreign[]): Foreign[] {
  const exact = new Map<string, string>();
  for (const { id } of tickets.toReversed()) exact.set(canonical(id).replace(/^[A-Z]+-/, "TASK-"), id);
  for (const { id } of tickets.toReversed()) exact.set(canonical(id), id);
  const resolve = (reference: string): string => exact.get(canonical(reference)) ?? reference;
  return tickets.map((ticket) => {
    const { content } = ticket;
    if (typeof content === "string") return ticket;
    const { deps = [], parent } = content.fields;
    const fields: Fields = {
      ...content.fields,
      deps: deps.map(resolve),
      ...(parent === undefined ? {} : { parent: resolve(parent) }),
    };
    return { ...ticket, content: { ...content, fields } };
  });
}

function canonical(id: string): string {
  return id
    .trim()
    .toUpperCase()
    .replaceAll(/(?<=[-.])0+(?=\d)/g, "");
}
