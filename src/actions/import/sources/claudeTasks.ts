import path from "node:path";
import { AyoError } from "../../../error.ts";
import { isValidId } from "../../../ticket/ids.ts";
import type { Category } from "../../../ticket/rules/board.ts";
import type { Fields } from "../../../ticket/ticket.ts";
import { isFolder, leftNotice, namesIn, readForeignText } from "../directory.ts";
import { convertEach, type Foreign, type Gathered, lookUp, type NestedChanges, type Place } from "../foreign.ts";
import { defined, idOf, isObject, openRecord } from "../jsonRecords.ts";
import { dependOnBlockers } from "../relations.ts";

/** The three statuses of Claude Code's tasks; a fourth, `deleted`, is what its tool is told. */
const CATEGORY: Readonly<Record<string, Category>> = { pending: "todo", in_progress: "active", completed: "done" };
const TASK_FILE = /^\d+\.json$/;
const SESSION = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface TaskFile {
  readonly file: string;
  readonly prefix: string;
  readonly place: Place;
}

/** Whether a folder holds Claude Code's task files, or one folder of them for each list. */
export function isClaudeTasks(dir: string): boolean {
  return namesIn(dir).some((name) => TASK_FILE.test(name)) || listsIn(dir).length > 0;
}

/** Reads `~/.claude/tasks/<list>/`, or all lists of `~/.claude/tasks`. */
export async function readClaudeTasks(dir: string, shown: string): Promise<Gathered> {
  const lists = namesIn(dir).some((name) => TASK_FILE.test(name)) ? [""] : listsIn(dir);
  const found = lists.flatMap((list) => filesOf(path.join(dir, list), path.join(shown, list)));
  const blocks = new Map<string, readonly string[]>();
  const deleted: string[] = [];
  const read = (file: TaskFile): Foreign[] => {
    const { ticket, blocking, isDeleted } = readTask(file);
    if (isDeleted) deleted.push(ticket.id);
    else if (blocking.length > 0) blocks.set(ticket.id, blocking);
    return isDeleted ? [] : [ticket];
  };
  const { converted, needYou } = await convertEach(found, read);
  const tickets = dependOnBlockers(converted.flat(), blocks, "claude");
  const hidden = lists.flatMap((list) => namesIn(path.join(dir, list)).filter((name) => /^\.\d+\.json$/.test(name)));
  const files = `${hidden.length} hidden ${hidden.length === 1 ? "file" : "files"}`;
  const told = `${files} (${hidden.slice(0, 5).join(", ")})`;
  const notices = leftNotice(shown, hidden.length === 0 ? [] : [told]);
  return { tickets, needYou, tombstones: deleted.filter(isValidId), notices };
}

function listsIn(dir: string): string[] {
  const isList = (name: string): boolean =>
    isFolder(path.join(dir, name)) && namesIn(path.join(dir, name)).some((file) => TASK_FILE.test(file));
  return namesIn(dir).filter((name) => !name.startsWith(".") && isList(name));
}

/** Numbers are a list's own, so its name begins the id: the first part of a session's, or what it is called. */
function filesOf(dir: string, shown: string): TaskFile[] {
  const name = path.basename(path.resolve(dir));
  const list = SESSION.test(name)
    ? name.slice(0, 8).toLowerCase()
    : name.replaceAll(/[^A-Za-z0-9._-]+/g, "-").slice(0, 40);
  const names = namesIn(dir).filter((one) => TASK_FILE.test(one));
  return names.map((one) => ({
    file: path.join(dir, one),
    prefix: `claude-${list}-`,
    place: { path: path.join(shown, one), line: 0 },
  }));
}

function readTask({ file, prefix, place }: TaskFile) {
  const record = openRecord(parse(file));
  const id = prefix + idOf(record);
  const status = record.text("status") ?? "";
  const named = (key: string): string[] => record.texts(key).map((one) => prefix + one);
  const fields = { deps: named("blockedBy"), assignee: record.texts("owner") };
  const blocking = named("blocks");
  const content: NestedChanges = {
    title: record.text("subject") ?? "",
    status,
    category: lookUp(CATEGORY, status),
    body: record.text("description") ?? "",
    fields: defined(fields) as Fields,
    extra: record.rest("claude"),
    notes: [],
  };
  const ticket: Foreign = { id, place, folder: "", content, ...record.told() };
  return { ticket, blocking, isDeleted: status === "deleted" };
}

/** @throws bad_input for what is no JSON object */
function parse(file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readForeignText(file));
    if (isObject(value)) return value;
    throw new AyoError("bad_input", "holds no JSON object");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AyoError("bad_input", `not valid JSON: ${error.message}`, { cause: error });
  }
}
