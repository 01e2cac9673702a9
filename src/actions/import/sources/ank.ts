import path from "node:path";
import type { Category } from "../../../ticket/rules/board.ts";
import type { Fields, Note } from "../../../ticket/ticket.ts";
import { leftIn, leftNotice, markdownFiles } from "../directory.ts";
import { convertEach, type Foreign, type Gathered, lookUp, type NestedChanges, noteOf } from "../foreign.ts";
import { defined, idOf, type OpenRecord } from "../jsonRecords.ts";
import { filesIn, type MarkdownFile, readMarkdown } from "../markdownRecord.ts";
import { joinSections } from "../sections.ts";

/** `closed` is what was given up there, not what is done (crates/ank-core/src/model.rs). */
const STATUS: Readonly<Record<string, { readonly status: string; readonly category: Category }>> = {
  open: { status: "open", category: "todo" },
  in_progress: { status: "in_progress", category: "active" },
  done: { status: "done", category: "done" },
  closed: { status: "cancelled", category: "cancelled" },
};
/** A line of ank's log: `- 2026-07-30T21:52Z who — what`. */
const ENTRY = /^- (\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z) (\S+) — (.*)$/;
const LOG = /(?:^|\n)## Log[ \t]*\n/;

/** Whether a folder is an `.ank`. */
export function isAnk(dir: string): boolean {
  return markdownFiles(path.join(dir, "tasks")).some((name) => /^TASK-[0-9a-f]{12}\.md$/.test(name));
}

/** Reads the tasks of an `.ank` folder; its decisions (ADR) are no tickets. */
export async function readAnk(dir: string, shown: string): Promise<Gathered> {
  const { converted, needYou } = await convertEach(filesIn(dir, shown, ["tasks"]), readTask);
  const decisions = markdownFiles(path.join(dir, "adr")).length;
  const told = decisions === 1 ? "1 decision in adr" : `${decisions} decisions in adr`;
  const others = leftIn(dir, shown, (name) => name === "tasks" || name === "adr");
  const notices = [...leftNotice(shown, decisions === 0 ? [] : [told]), ...others];
  return { tickets: converted, needYou, tombstones: [], notices };
}

async function readTask(file: MarkdownFile): Promise<Foreign> {
  const { record, body } = await readMarkdown(file);
  record.derive("type", "schema", "version");
  const id = idOf(record);
  const created = record.time("created");
  const { text, notes } = readLog(body, created);
  const fields = { deps: record.texts("blocked_by"), created };
  const criteria = record.text("done_criteria");
  const content: NestedChanges = {
    title: record.text("title") ?? "",
    ...readStatus(record),
    fields: defined(fields) as Fields,
    // There it is a command; a ticket here only names one of agents.yml.
    extra: named(record.rest("ank"), "verify", "ank-verify"),
    body: joinSections({ "": text, "Acceptance Criteria": criteria }),
    notes,
  };
  return { id, place: file.place, folder: "", content, ...record.told() };
}

/** Keys with another name for one of them, which means something else here. */
function named<T>(keys: ReadonlyMap<string, T>, from: string, to: string): ReadonlyMap<string, T> {
  return new Map([...keys].map(([key, value]) => [key === from ? to : key, value]));
}

function readStatus(record: OpenRecord): Pick<NestedChanges, "status" | "category"> {
  const word = record.text("status") ?? "";
  return lookUp(STATUS, word) ?? { status: word };
}

/** The log's entries as notes; a log that holds anything else stays in the text. */
function readLog(body: string, created: string | undefined): { text: string; notes: Note[] } {
  const start = LOG.exec(body);
  if (start === null) return { text: body, notes: [] };
  const lines = body
    .slice(start.index + start[0].length)
    .trim()
    .split("\n");
  const entries = lines.map((line) => ENTRY.exec(line));
  if (entries.includes(null)) return { text: body, notes: [] };
  const notes = entries.map((entry) => noteOf({ at: entry?.[1], by: entry?.[2], text: entry?.[3] ?? "" }, created));
  return { text: body.slice(0, start.index), notes };
}
