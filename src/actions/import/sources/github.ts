import { AyoError } from "../../../error.ts";
import type { Category } from "../../../ticket/rules/board.ts";
import type { Fields, Json, Note } from "../../../ticket/ticket.ts";
import { convertEach, type Foreign, type Gathered, lookUp, type NestedChanges, noteOf } from "../foreign.ts";
import { defined, isObject, type JsonRecord, type OpenRecord, openRecord } from "../jsonRecords.ts";
import { dependOnBlockers } from "../relations.ts";

/** Why an issue is closed, and what that means; other reasons are kept as `state-reason`. */
const REASON: Readonly<Record<string, Category>> = { COMPLETED: "done", NOT_PLANNED: "cancelled" };
/** What git and the state tell: `closed` is `state`, counts are of what is there. */
const DERIVED = ["updatedAt", "closed", "subIssuesSummary", "subIssues"];

/** Whether a record is an issue as `gh issue list --json` prints it. */
export function isGitHub({ value }: JsonRecord): boolean {
  const { number, title, state, url } = value;
  return (
    Number.isSafeInteger(number) &&
    (typeof url === "string" || typeof title === "string" || typeof state === "string") &&
    !("created_at" in value)
  );
}

/** Reads issues as `gh issue list --json …` prints them, by whatever fields were asked for. */
export async function readGitHub(records: readonly JsonRecord[]): Promise<Gathered> {
  const blocks = new Map<string, readonly string[]>();
  const read = (record: JsonRecord): Foreign => {
    const { ticket, blocking } = readIssue(record);
    if (blocking.length > 0) blocks.set(ticket.id, blocking);
    return ticket;
  };
  const { converted, needYou } = await convertEach(records, read);
  return {
    tickets: dependOnBlockers(converted, blocks, "github"),
    needYou,
    tombstones: [],
    notices: [],
    numbered: true,
  };
}

function readIssue({ place, value }: JsonRecord): { ticket: Foreign; blocking: readonly string[] } {
  const record = openRecord(value, (one) => one === false);
  record.derive(...DERIVED);
  const number = record.value("number", isNumber);
  if (number === undefined) throw new AyoError("bad_input", "has no number: ask gh for it, with --json number,title,…");
  const url = record.text("url");
  const created = record.time("createdAt");
  const type = namesOf(record, "issueType", "name")[0];
  const fields = {
    deps: referencesOf(record, "blockedBy", url),
    created,
    type: type?.toLowerCase(),
    assignee: namesOf(record, "assignees", "login"),
    tags: namesOf(record, "labels", "name"),
    parent: referencesOf(record, "parent", url)[0],
    externalRef: url,
    closed: record.time("closedAt"),
  };
  const blocking = referencesOf(record, "blocking", url);
  const author = namesOf(record, "author", "login");
  const content: NestedChanges = {
    title: record.text("title") ?? "",
    ...readStatus(record),
    body: record.text("body") ?? "",
    notes: readComments(record, created),
    fields: defined(fields) as Fields,
    extra: new Map([...author.map((login): [string, Json] => ["author", login]), ...record.rest("github")]),
  };
  return { ticket: { id: `gh-${number}`, place, folder: "", content, ...record.told() }, blocking };
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/** `OPEN` or `CLOSED`, and why. */
function readStatus(record: OpenRecord): Pick<NestedChanges, "status" | "category"> {
  const state = record.text("state") ?? "";
  if (state.toUpperCase() !== "CLOSED") return { status: state.toLowerCase(), category: "todo" };
  const isCertain = (one: unknown): one is string => typeof one === "string" && lookUp(REASON, one) !== undefined;
  const category = lookUp(REASON, record.value("stateReason", isCertain) ?? "COMPLETED") ?? "done";
  return { status: category === "done" ? "closed" : "cancelled", category };
}

/** The names of a list of people or labels, or of a single one; what else is known of them is left out, and told. */
function namesOf(record: OpenRecord, key: string, name: string): string[] {
  const isNamed = (one: unknown): boolean => isObject(one) && typeof one[name] === "string" && one[name] !== "";
  const fits = (one: unknown): one is object => (Array.isArray(one) ? one.every(isNamed) : isNamed(one));
  const found = [record.value(key, fits) ?? []].flat() as Readonly<Record<string, string>>[];
  record.leave(key, found, [name]);
  return found.map((one) => one[name] as string);
}

interface Reference {
  readonly number: number;
  readonly url?: unknown;
}

/**
 * Issues that are named by their number, in a list or a connection (`nodes`), where all of them are of the same
 * repository; else the value stays as it is. What else it says of them stands with themselves.
 */
function referencesOf(record: OpenRecord, key: string, url: string | undefined): string[] {
  const isHere = (one: unknown): boolean =>
    isObject(one) &&
    Number.isSafeInteger(one.number) &&
    (typeof one.url !== "string" || isSameRepository(one.url, url));
  const listOf = (value: unknown): readonly unknown[] => {
    const nodes = isObject(value) && Array.isArray(value.nodes) ? value.nodes : value;
    return Array.isArray(nodes) ? nodes : [nodes];
  };
  const isWhole = (value: unknown): boolean =>
    !isObject(value) || value.totalCount === undefined || value.totalCount === listOf(value).length;
  const fits = (value: unknown): value is object =>
    typeof value === "object" && value !== null && isWhole(value) && listOf(value).every(isHere);
  const found = record.value(key, fits);
  return found === undefined ? [] : (listOf(found) as readonly Reference[]).map(({ number }) => `gh-${number}`);
}

function isSameRepository(one: string, other: string | undefined): boolean {
  const repository = (url: string): string => url.replace(/\/issues\/\d+$/, "");
  return other === undefined || repository(one) === repository(other);
}

function readComments(record: OpenRecord, created: string | undefined): Note[] {
  const isComment = (one: unknown): boolean => isObject(one) && typeof one.body === "string";
  const fits = (one: unknown): one is readonly Comment[] => Array.isArray(one) && one.every(isComment);
  const comments = record.value("comments", fits) ?? [];
  record.leave("comments", comments, ["id", "author", "body", "createdAt"]);
  return comments.map(({ author, body, createdAt }) =>
    noteOf({ at: textOr(createdAt), by: isObject(author) ? textOr(author.login) : undefined, text: body }, created),
  );
}

type Comment = Readonly<Record<string, unknown>> & { readonly body: string };

function textOr(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
