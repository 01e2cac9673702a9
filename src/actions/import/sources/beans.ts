import path from "node:path";
import type { Category } from "../../../ticket/rules/board.ts";
import type { Fields } from "../../../ticket/ticket.ts";
import { beginningOf, foldersBelow, isFolder, leftIn, markdownFiles } from "../directory.ts";
import { convertEach, type Foreign, type Gathered, lookUp, type NestedChanges } from "../foreign.ts";
import { defined, meaningOf } from "../jsonRecords.ts";
import { filesIn, type MarkdownFile, readMarkdown } from "../markdownRecord.ts";
import { dependOnBlockers } from "../relations.ts";

/** beans' statuses (pkg/config/config.go); `draft` stays as it is. */
const CATEGORY: Readonly<Record<string, Category>> = {
  todo: "todo",
  "in-progress": "active",
  completed: "done",
  scrapped: "cancelled",
};
const PRIORITY: Readonly<Record<string, number>> = { critical: 0, high: 1, normal: 2, low: 3, deferred: 4 };

/** Whether a folder has beans: `.beans` itself, or files that begin with a bean's id as a comment. */
export function isBeans(dir: string): boolean {
  if (path.basename(dir) === ".beans") return isFolder(dir);
  const isBean = (name: string): boolean =>
    /^---\r?\n# \S+\r?\ntitle:/.test(beginningOf(path.join(dir, name)).toString("utf8"));
  return markdownFiles(dir)
    .filter((name) => name.includes("--"))
    .slice(0, 20)
    .some(isBean);
}

/** Reads a `.beans` folder with all folders in it: the archive, and those that people made. */
export async function readBeans(dir: string, shown: string): Promise<Gathered> {
  const blocks = new Map<string, readonly string[]>();
  const read = async (file: MarkdownFile): Promise<Foreign> => {
    const { ticket, blocking } = await readBean(file);
    if (blocking.length > 0) blocks.set(ticket.id, blocking);
    return ticket;
  };
  const { converted, needYou } = await convertEach(filesIn(dir, shown, ["", ...foldersBelow(dir)]), read);
  const notices = leftIn(dir, shown, (name) => name.endsWith(".md") || isFolder(path.join(dir, name)));
  return { tickets: dependOnBlockers(converted, blocks, "beans"), needYou, tombstones: [], notices };
}

async function readBean(file: MarkdownFile): Promise<{ ticket: Foreign; blocking: readonly string[] }> {
  const { record, body } = await readMarkdown(file);
  record.derive("updated_at");
  const blocking = record.texts("blocking");
  const status = record.text("status") ?? "";
  const fields = {
    deps: record.texts("blocked_by"),
    created: record.time("created_at"),
    type: record.text("type"),
    priority: meaningOf(record, "priority", PRIORITY),
    tags: record.texts("tags"),
    parent: record.text("parent"),
  };
  const content: NestedChanges = {
    title: record.text("title") ?? "",
    status,
    category: lookUp(CATEGORY, status),
    fields: defined(fields) as Fields,
    extra: record.rest("beans"),
    body,
    notes: [],
  };
  const ticket = { id: idOf(file.name), place: file.place, folder: "", content, ...record.told() };
  return { ticket, blocking };
}

/** `id--slug`, once `id.slug` (pkg/bean/id.go); a name without either is the id. */
function idOf(name: string): string {
  const at = name.indexOf("--");
  return at > 0 ? name.slice(0, at) : name.split(".", 1)[0] || name;
}
