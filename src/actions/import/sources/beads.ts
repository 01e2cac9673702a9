import { isValidId } from "../../../ticket/ids.ts";
import type { Category } from "../../../ticket/rules/board.ts";
import type { Fields, Json, Note } from "../../../ticket/ticket.ts";
import {
  convertEach,
  extraKey,
  type Foreign,
  type Gathered,
  lookUp,
  type NeedsYou,
  type NestedChanges,
  noteOf,
} from "../foreign.ts";
import { defined, idOf, isObject, type JsonRecord, type OpenRecord, openRecord } from "../jsonRecords.ts";
import { linkBothWays } from "../relations.ts";
import { boxes, joinSections } from "../sections.ts";

/** beads' statuses whose meaning is certain; `deferred`, `pinned`, `hooked` and a project's own stay as they are. */
const CATEGORY: Readonly<Record<string, Category>> = {
  open: "todo",
  in_progress: "active",
  blocked: "blocked",
  closed: "done",
};
/** What beads derives, or git tells here: left out, and no loss. */
const DERIVED = [
  "_type",
  "content_hash",
  "updated_at",
  "dependency_count",
  "dependent_count",
  "comment_count",
  "dependents",
];
/** How beads' edges (internal/types/types.go, DependencyType) are called here. */
const EDGES: Readonly<Record<string, "deps" | "parent" | "links" | "duplicateOf">> = {
  blocks: "deps",
  "waits-for": "deps",
  "parent-child": "parent",
  related: "links",
  "relates-to": "links",
  "discovered-from": "links",
  duplicates: "duplicateOf",
};
/** What beads writes where nobody gave a reason for closing. */
const NO_REASON = "Closed";

/** Whether a record looks like one of beads rather than one of ours. */
export function isBeads({ value }: JsonRecord): boolean {
  return ["issue_type", "created_at", "depends_on_id"].some((key) => key in value) || value._type === "issue";
}

/** Reads issues as `bd export` and `.beads/issues.jsonl` have them. */
export async function readBeads(records: readonly JsonRecord[]): Promise<Gathered> {
  const isTombstone = ({ value }: JsonRecord): boolean => value.status === "tombstone";
  const live = records.filter((record) => !isTombstone(record));
  const { converted, needYou } = await convertEach(
    live.filter(({ value }) => value._type !== "memory"),
    readIssue,
  );
  const alive = new Set(converted.map(({ id }) => id));
  const dead = records.filter(isTombstone);
  const ids = dead.map(({ value }) => String(value.id));
  const unfit = dead.filter(({ value }) => !isValidId(String(value.id)));
  const refused = unfit.map(({ place }): NeedsYou => ({ ...place, id: null, message: "names no id that was deleted" }));
  return {
    tickets: linkBothWays(converted),
    needYou: [...needYou, ...live.flatMap(memory), ...refused],
    tombstones: ids.filter((id) => isValidId(id) && !alive.has(id)),
    notices: onlyIdsOf(ids.length - unfit.length),
  };
}

/** Of what was deleted only the ids are kept. */
export function onlyIdsOf(deleted: number): string[] {
  return deleted === 0
    ? []
    : [`of what was deleted there only the ids are kept (${deleted}): not its text, nor when, by whom and why`];
}

function memory({ place, value }: JsonRecord): NeedsYou[] {
  const message = "a memory of bd remember, not an issue: keep it in your agent's instructions";
  return value._type === "memory" ? [{ ...place, id: null, message }] : [];
}

function readIssue({ place, value }: JsonRecord): Foreign {
  const record = openRecord(value, (one) => one === false);
  record.derive(...DERIVED);
  const id = idOf(record);
  const edges = readEdges(record);
  const parent = record.text("parent");
  const created = record.time("created_at");
  const status = record.text("status") ?? "open";
  const fields = {
    deps: [...edges.deps],
    links: [...edges.links],
    created,
    type: record.text("issue_type"),
    priority: record.value("priority", Number.isSafeInteger as (one: unknown) => one is number),
    assignee: record.texts("assignee"),
    tags: record.texts("labels"),
    parent: [...edges.parent][0] ?? parent,
    externalRef: record.text("external_ref"),
    duplicateOf: [...edges.duplicateOf][0],
    due: record.time("due_at"),
    started: record.time("started_at"),
    closed: record.time("closed_at"),
  };
  const parts: NestedChanges = {
    title: record.text("title") ?? "",
    status,
    category: lookUp(CATEGORY, status),
    body: readBody(record),
    notes: readNotes(record, created, fields.closed),
    fields: defined(fields) as Fields,
    extra: extraOf(record, edges),
  };
  return { id, place, folder: "", content: parts, ...record.told() };
}

function extraOf(record: OpenRecord, edges: Edges): Map<string, Json> {
  const compaction = ["compaction_level", "original_size"];
  for (const key of compaction) record.value(key, (one): one is number => one === 0);
  const extra = record.rest("beads");
  for (const [type, ids] of edges.others) extra.set(extraKey(type, "beads", extra), [...ids]);
  const more = { "beads-other-parents": edges.parent, "beads-other-duplicates": edges.duplicateOf };
  for (const [key, ids] of Object.entries(more)) if (ids.size > 1) extra.set(key, [...ids].slice(1));
  return extra;
}

interface Edges {
  readonly deps: Set<string>;
  readonly parent: Set<string>;
  readonly links: Set<string>;
  readonly duplicateOf: Set<string>;
  /** Edges without a field here, by their type. */
  readonly others: Map<string, Set<string>>;
}

/** Edges as exports have them, and as `bd show --json` does (whole issues with a `dependency_type`). */
function readEdges(record: OpenRecord): Edges {
  const edges: Edges = {
    deps: new Set(),
    parent: new Set(),
    links: new Set(),
    duplicateOf: new Set(),
    others: new Map(),
  };
  const given = record.value("dependencies", isEdges) ?? [];
  record.leave("dependencies", given.filter(isExported), EDGE_KEYS);
  for (const edge of given) {
    const target = typeof edge === "string" ? edge : String(edge.depends_on_id ?? edge.id);
    const type = typeof edge === "string" ? "blocks" : String(edge.type ?? edge.dependency_type ?? "blocks");
    const field = Object.hasOwn(EDGES, type) ? EDGES[type] : undefined;
    const targets = field === undefined ? (edges.others.get(type) ?? new Set()) : edges[field];
    targets.add(target);
    if (field === undefined) edges.others.set(type, targets);
  }
  return edges;
}

/** What of an edge was read; `issue_id` is the issue's own. */
const EDGE_KEYS = ["issue_id", "depends_on_id", "type"];

/** `bd show` has whole issues for edges; each of them stands in the source itself. */
function isExported(edge: Edge): boolean {
  return typeof edge !== "string" && edge.depends_on_id !== undefined;
}

type Edge = string | Readonly<Record<string, unknown>>;

function isEdges(value: unknown): value is readonly Edge[] {
  const isEdge = (one: unknown): boolean =>
    typeof one === "string" || (isObject(one) && typeof (one.depends_on_id ?? one.id) === "string");
  return Array.isArray(value) && value.every(isEdge);
}

/** Description, then a section for each of beads' other texts. */
function readBody(record: OpenRecord): string {
  const criteria = record.text("acceptance_criteria");
  return joinSections({
    "": record.text("description"),
    Design: record.text("design"),
    "Acceptance Criteria": criteria === undefined ? undefined : boxes(criteria),
    Notes: record.text("notes"),
  });
}

/** Comments, and the reason for closing as the note that `close -m` would have made, in the order of time. */
function readNotes(record: OpenRecord, created: string | undefined, closed: string | undefined): Note[] {
  const comments = record.value("comments", isComments) ?? [];
  record.leave("comments", comments, ["id", "issue_id", "author", "text", "created_at"]);
  const notes = comments.map(({ created_at, author, text }) =>
    noteOf({ at: textOr(created_at), by: textOr(author), text }, created),
  );
  const reason = record.text("close_reason");
  const why =
    reason === undefined || reason === NO_REASON ? [] : [noteOf({ at: closed, by: undefined, text: reason }, created)];
  return [...notes, ...why].sort((left, right) => (left.at < right.at ? -1 : Number(left.at > right.at)));
}

function textOr(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

type Comment = Readonly<Record<string, unknown>> & { readonly text: string };

function isComments(value: unknown): value is readonly Comment[] {
  return Array.isArray(value) && value.every((one) => isObject(one) && typeof one.text === "string");
}
