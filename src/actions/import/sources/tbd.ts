import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import type { Category } from "../../../ticket/rules/board.ts";
import type { Fields, Note } from "../../../ticket/ticket.ts";
import { isFolder, leftIn, markdownFiles, readForeignText } from "../directory.ts";
import { convertEach, type Foreign, type Gathered, lookUp, type NestedChanges, noteOf } from "../foreign.ts";
import { defined, idOf, type OpenRecord } from "../jsonRecords.ts";
import { filesIn, type MarkdownFile, readMarkdown } from "../markdownRecord.ts";
import { dependOnBlockers } from "../relations.ts";

const CATEGORY: Readonly<Record<string, Category>> = {
  open: "todo",
  in_progress: "active",
  blocked: "blocked",
  closed: "done",
};
/** Where tbd keeps its issues, seen from the folder itself and from `.tbd`. */
const PLACES = ["", "data-sync", "data-sync-worktree/.tbd/data-sync"];
/** The same from `.tbd`, since it lies in git's own folder. */
const IN_GIT = "../.git/tbd/data-sync-worktree/.tbd/data-sync";

/** The folder of tbd that holds `issues/`, where there is one. */
export function tbdData(dir: string): string | undefined {
  const isData = (one: string): boolean =>
    markdownFiles(path.join(one, "issues")).some((name) => /^is-[0-9a-z]{26}\.md$/.test(name));
  const places = path.basename(dir) === ".tbd" ? [...PLACES, IN_GIT] : PLACES;
  return places.map((place) => path.join(dir, place)).find((one) => isFolder(path.join(one, "issues")) && isData(one));
}

/** Reads the issues that tbd keeps on its branch, by the ids that it shows. */
export async function readTbd(dir: string, shown: string): Promise<Gathered> {
  const data = tbdData(dir);
  if (data === undefined) {
    const message = `${shown} holds no issues: tbd keeps them on its branch tbd-sync, checked out in .git/tbd/data-sync-worktree`;
    throw new AyoError("bad_input", message, { try: ["tbd", "sync"] });
  }
  const nameOf = shownIds(data, prefixOf(dir));
  const blocks = new Map<string, readonly string[]>();
  const read = async (file: MarkdownFile): Promise<Foreign> => {
    const { ticket, targets } = await readIssue(file, nameOf);
    if (targets.length > 0) blocks.set(ticket.id, targets.map(nameOf));
    return ticket;
  };
  const place = path.join(shown, path.relative(dir, data));
  const { converted, needYou } = await convertEach(filesIn(data, place, ["issues"]), read);
  const left = leftIn(data, place, (name) => name === "issues" || name === "mappings");
  return { tickets: dependOnBlockers(converted, blocks, "tbd"), needYou, tombstones: [], notices: left };
}

async function readIssue(file: MarkdownFile, nameOf: (id: string) => string) {
  const { record, body } = await readMarkdown(file);
  record.derive("type", "version", "updated_at");
  const internal = idOf(record);
  const created = record.time("created_at");
  const edges = record.value("dependencies", isEdges) ?? [];
  const parent = record.text("parent_id");
  const duplicateOf = record.text("duplicate_of");
  const { notes, closed } = readEnd(record, created);
  const id = nameOf(internal);
  const fields = {
    created,
    type: record.text("kind"),
    priority: record.value("priority", Number.isSafeInteger as (one: unknown) => one is number),
    assignee: record.texts("assignee"),
    tags: record.texts("labels"),
    parent: parent === undefined ? undefined : nameOf(parent),
    duplicateOf: duplicateOf === undefined ? undefined : nameOf(duplicateOf),
    externalRef: id === internal ? undefined : internal,
    due: record.time("due_date"),
    started: record.time("started_at"),
    closed,
  };
  const content: NestedChanges = {
    title: record.text("title") ?? "",
    ...readStatus(record),
    fields: defined(fields) as Fields,
    extra: record.rest("tbd"),
    body,
    notes,
  };
  const ticket = { id, place: file.place, folder: "", content, ...record.told() };
  return { ticket, targets: edges.map(({ target }) => target) };
}

/** Work that was called off, and what is a duplicate, is `closed` there, too. */
function readStatus(record: OpenRecord): Pick<NestedChanges, "status" | "category"> {
  const status = record.text("status") ?? "open";
  const isEnd = (one: unknown): one is string => status === "closed" && (one === "completed" || one === "canceled");
  const calledOff = record.value("resolution", isEnd) === "canceled";
  return calledOff ? { status: "cancelled", category: "cancelled" } : { status, category: lookUp(CATEGORY, status) };
}

function readEnd(record: OpenRecord, created: string | undefined): { notes: Note[]; closed: string | undefined } {
  const closed = record.time("closed_at");
  const reason = record.text("close_reason");
  return { closed, notes: reason === undefined ? [] : [noteOf({ at: closed, by: undefined, text: reason }, created)] };
}

type Edge = { readonly target: string };

/** `blocks` is the only kind there is, and stands on the blocker (packages/tbd/src/lib/issue-selection.ts). */
function isEdges(value: unknown): value is readonly Edge[] {
  const isEdge = (one: { type?: unknown; target?: unknown } | null): boolean =>
    one?.type === "blocks" && typeof one.target === "string" && Object.keys(one).length === 2;
  return Array.isArray(value) && value.every(isEdge);
}

/** `proj-a7k2` for `is-01hx…`, by tbd's own list; an id that is not in it stays as it is. */
function shownIds(data: string, prefix: string): (id: string) => string {
  const file = path.join(data, "mappings", "ids.yml");
  const text = isFile(file) ? readForeignText(file) : "";
  const pairs = [...text.matchAll(/^["']?([0-9a-z._-]+)["']?:[ \t]*["']?([0-9a-z]{26})["']?[ \t]*\r?$/gm)];
  const names = new Map(pairs.map(([, short = "", ulid = ""]) => [`is-${ulid}`, `${prefix}-${short}`]));
  return (id) => names.get(id) ?? id;
}

/** `display: id_prefix:` of the project's config; `tbd` where it is not at hand. */
function prefixOf(dir: string): string {
  const files = ["config.yml", ".tbd/config.yml", "../config.yml", "../../config.yml"].map((one) =>
    path.join(dir, one),
  );
  const texts = files.filter(isFile).map((file) => readFileSync(file, "utf8"));
  const prefixes = texts.map((text) => /^[ \t]+id_prefix:[ \t]*["']?([\w.-]+)["']?[ \t]*\r?$/m.exec(text)?.[1]);
  return prefixes.find((prefix) => prefix !== undefined) ?? "tbd";
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
