import { AyoError } from "../../../error.ts";
import type { Category } from "../../../ticket/rules/board.ts";
import type { Fields } from "../../../ticket/ticket.ts";
import { leftNotice } from "../directory.ts";
import { convertEach, type Foreign, type Gathered, lookUp, type NestedChanges, type Place } from "../foreign.ts";
import { defined, idOf, isObject, meaningOf, type OpenRecord, openRecord } from "../jsonRecords.ts";
import { boxesOf, joinSections } from "../sections.ts";

/** task-master's statuses (packages/tm-core/src/common/types/index.ts); `deferred` stays as it is. */
const CATEGORY: Readonly<Record<string, Category>> = {
  pending: "todo",
  "in-progress": "active",
  blocked: "blocked",
  review: "review",
  done: "done",
  completed: "done",
  cancelled: "cancelled",
};
const PRIORITY: Readonly<Record<string, number>> = { critical: 0, high: 1, medium: 2, low: 3 };
/** The tag that a project has without asking for one. */
const MAIN = "master";

type Item = Readonly<Record<string, unknown>>;

interface Task {
  readonly place: Place;
  readonly value: Item;
  /** Begins the ids of its list: `tm-`, or `tm-feature-x-`. */
  readonly prefix: string;
  readonly project: string | undefined;
  /** Of a subtask: its task's number, and the numbers of all of that task's subtasks. */
  readonly parent?: { readonly number: string; readonly siblings: ReadonlySet<string> };
}

/** Whether a JSON document is a `tasks.json` of task-master's, by its tasks: editors keep files of this name, too. */
export function isTaskMaster(document: unknown): boolean {
  const isTask = (one: unknown): boolean => isObject(one) && "id" in one && "title" in one && "status" in one;
  return isObject(document) && listsOf(document).some(({ list }) => (list.tasks as readonly unknown[]).some(isTask));
}

/** Reads a `tasks.json`: each task, and each subtask as a ticket that is part of it. */
export async function readTaskMaster(document: unknown, shown: string): Promise<Gathered> {
  if (!isObject(document)) throw new AyoError("bad_input", `${shown} holds no tasks of task-master`);
  const lists = listsOf(document);
  const tasks = lists.flatMap(({ tag, list }) => tasksIn(list, tag, shown));
  const { converted, needYou } = await convertEach(tasks, readTask);
  const isRead = (key: string): boolean => key === "tasks" || lists.some(({ tag }) => tag === key);
  const left = [
    ...Object.keys(document).filter((key) => !isRead(key)),
    ...lists.flatMap(({ tag, list }) =>
      list === document
        ? []
        : Object.keys(list)
            .filter((key) => key !== "tasks")
            .map((key) => `${tag}.${key}`),
    ),
  ];
  const notices = leftNotice(shown, left);
  return { tickets: converted, needYou, tombstones: [], notices, numbered: true };
}

/** `{tasks, metadata}`, or the same under each tag. */
function listsOf(document: Item): { tag: string; list: Item }[] {
  if (Array.isArray(document.tasks)) return [{ tag: MAIN, list: document }];
  return Object.entries(document).flatMap(([tag, list]) =>
    isObject(list) && Array.isArray(list.tasks) ? [{ tag, list }] : [],
  );
}

function tasksIn(list: Item, tag: string, shown: string): Task[] {
  const isMain = tag === MAIN;
  const common = {
    prefix: isMain ? "tm-" : `tm-${tag.replaceAll(/[^A-Za-z0-9._-]+/g, "-")}-`,
    project: isMain ? undefined : tag,
  };
  return (list.tasks as readonly unknown[]).flatMap((one, at) => {
    const path = `${shown}${isMain ? "" : ` (${tag})`}: task ${at + 1}`;
    const task: Task = { ...common, place: { path, line: 0 }, value: isObject(one) ? one : {} };
    const subtasks = isObject(one) && Array.isArray(one.subtasks) ? one.subtasks : [];
    const siblings = new Set(subtasks.flatMap((sub: unknown) => (isObject(sub) ? [String(sub.id)] : [])));
    const parent = { number: String(task.value.id), siblings };
    const parts = subtasks.map((sub: unknown, n): Task => {
      const place = { path: `${path}, subtask ${n + 1}`, line: 0 };
      return { ...common, place, value: isObject(sub) ? sub : {}, parent };
    });
    return [task, ...parts];
  });
}

function readTask({ place, value, prefix, project, parent }: Task): Foreign {
  const record = openRecord(value);
  record.derive("updatedAt");
  record.value("subtasks", (one): one is object[] => Array.isArray(one) && one.every(isObject));
  const number = idOf(record);
  const own = parent === undefined ? number : `${parent.number}.${lastPart(number, parent.number)}`;
  if (parent !== undefined) leaveParent(record, parent.number);
  const status = record.text("status") ?? "";
  const fields = {
    deps: record.texts("dependencies").map((one) => prefix + numberOf(one, parent)),
    created: record.time("createdAt"),
    priority: meaningOf(record, "priority", PRIORITY),
    assignee: record.texts("assignee"),
    tags: record.texts("tags"),
    parent: parent === undefined ? undefined : prefix + parent.number,
    project,
  };
  const content: NestedChanges = {
    title: record.text("title") ?? "",
    status,
    category: lookUp(CATEGORY, status),
    body: readBody(record),
    fields: defined(fields) as Fields,
    extra: record.rest("task-master"),
    notes: [],
  };
  return { id: prefix + own, place, folder: "", content, ...record.told() };
}

/** A subtask's id is `2`, or `1.2` where a server gave it. */
function lastPart(number: string, parent: string): string {
  return number.startsWith(`${parent}.`) ? number.slice(parent.length + 1) : number;
}

/** Among subtasks a bare number means the one beside it, where there is one; `1.2` is always whole. */
function numberOf(dependency: string, parent: Task["parent"]): string {
  return parent?.siblings.has(dependency) === true && !dependency.includes(".")
    ? `${parent.number}.${dependency}`
    : dependency;
}

/** Whose part it is stands here in `parent`; other values of these keys are kept. */
function leaveParent(record: OpenRecord, number: string): void {
  const isSame = (one: unknown): one is unknown => String(one) === number;
  const keys = ["parentId", "parentTaskId"].filter((key) => isSame(record.all().get(key)));
  record.derive(...keys);
}

function readBody(record: OpenRecord): string {
  const criteria = record.value(
    "acceptanceCriteria",
    (one): one is string | string[] =>
      typeof one === "string" || (Array.isArray(one) && one.every((item) => typeof item === "string")),
  );
  return joinSections({
    "": record.text("description"),
    Details: record.text("details"),
    "Acceptance Criteria": Array.isArray(criteria) ? boxesOf(criteria) : criteria,
    "Test Strategy": record.text("testStrategy"),
  });
}
