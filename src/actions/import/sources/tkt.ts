import path from "node:path";
import type { Category } from "../../../ticket/rules/board.ts";
import type { Fields } from "../../../ticket/ticket.ts";
import { beginningOf, leftIn, namesIn } from "../directory.ts";
import { convertEach, type Foreign, type Gathered, lookUp, type NestedChanges } from "../foreign.ts";
import { defined, idOf, meaningOf } from "../jsonRecords.ts";
import { filesIn, type MarkdownFile, readMarkdown } from "../markdownRecord.ts";

/** tkt's statuses whose meaning is certain; `backlog` (not to be worked on yet) stays as it is. */
const CATEGORY: Readonly<Record<string, Category>> = { open: "todo", in_progress: "active", done: "done" };
const PRIORITY: Readonly<Record<string, number>> = { urgent: 0, high: 1, medium: 2, low: 3 };
/** What `tkt close` writes below a ticket. */
const RESOLUTION = /^## Resolution \((\d{4}-\d\d-\d\d)\)[ \t]*$/m;
const NUMBERED = /^(\d+)-.*\.md$/;

/** Whether a folder has tickets as tkt writes them: `07-slug.md`, with `id: "07"` and `blocked_by:`. */
export function isTkt(dir: string): boolean {
  const numbered = namesIn(dir).filter((name) => NUMBERED.test(name));
  return numbered.slice(0, 20).some((name) => isTicket(beginningOf(path.join(dir, name)).toString("utf8")));
}

function isTicket(text: string): boolean {
  const [, front = ""] = /^---\r?\n([\s\S]*?)\n---/.exec(text) ?? [];
  return /^blocked_by:/m.test(front) && /^id:[ \t]*["']?\d+["']?[ \t]*$/m.test(front.replaceAll("\r", ""));
}

/** Reads a `.tickets` folder of tkt. */
export async function readTkt(dir: string, shown: string): Promise<Gathered> {
  const { converted, needYou } = await convertEach(filesIn(dir, shown), readTicket);
  const notices = leftIn(dir, shown, (name) => name.endsWith(".md"));
  return { tickets: converted, needYou, tombstones: [], notices, numbered: true };
}

async function readTicket(file: MarkdownFile): Promise<Foreign> {
  const { record, body } = await readMarkdown(file);
  const id = idOf(record);
  const status = record.text("status") ?? "";
  const fields = {
    deps: record.texts("blocked_by"),
    priority: meaningOf(record, "priority", PRIORITY),
    closed: status === "done" ? RESOLUTION.exec(body)?.[1] : undefined,
  };
  const content: NestedChanges = {
    title: record.text("title") ?? "",
    status,
    category: lookUp(CATEGORY, status),
    fields: defined(fields) as Fields,
    extra: record.rest("tkt"),
    body,
    notes: [],
  };
  return { id, place: file.place, folder: "", content, ...record.told() };
}
