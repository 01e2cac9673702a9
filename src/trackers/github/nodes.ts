import { personName } from "../lineOf.ts";
import { type Author, type RemoteComment, type RemoteItem, type RemoteRelation, TrackerError } from "../provider.ts";
import { shapesOf } from "../shape.ts";
import { cutMark } from "./marker.ts";
import { stateBy } from "./states.ts";

/** What GitHub's answers have to have. */
export const { listOf, whole } = shapesOf("GitHub");

/** Somebody with an account. */
export interface UserNode {
  readonly login: string;
  /** `User`, `Bot`, `Organization`. */
  readonly type: string;
}

interface Written {
  readonly body?: string | null;
  readonly user?: UserNode | null;
  readonly author_association?: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** An issue, as far as it is looked at. */
export interface IssueNode extends Written {
  /** That of GitHub's database, by which relations are made. */
  readonly id: number;
  /** That of the repository, by which all else is asked. */
  readonly number: number;
  readonly html_url: string;
  readonly repository_url: string;
  readonly title: string;
  readonly state: string;
  readonly state_reason?: string | null;
  readonly labels: readonly (string | { readonly name?: string })[];
  readonly assignees?: readonly UserNode[] | null;
  readonly pull_request?: unknown;
  readonly parent_issue_url?: string | null;
  readonly issue_dependencies_summary?: { readonly total_blocked_by: number; readonly total_blocking: number };
}

/** A comment, as far as it is looked at. */
export interface CommentNode extends Written {
  readonly id: number;
  readonly html_url: string;
  readonly issue_url: string;
}

const WRITTEN = ["html_url", "created_at", "updated_at", "author_association"];
/** A time as GitHub tells it. */
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

function wholeText<T extends Written>(node: T | null | undefined, what: string, texts: readonly string[]): T {
  const found = whole(node, what, [...WRITTEN, ...texts], ["id"]);
  if (found.body !== null && typeof found.body !== "string") throw lacks(`the body of ${what}`);
  if (!TIME.test(found.created_at) || !TIME.test(found.updated_at)) throw lacks(`the time of ${what}`);
  return found;
}

const lacks = (what: string): TrackerError => new TrackerError("broken", `GitHub: an answer without ${what}`);

/** An issue that is there as it is asked for. @throws TrackerError `broken` */
export function wholeIssue(said: IssueNode | null | undefined): IssueNode {
  const node = wholeText(said, "an issue", ["title", "state", "repository_url"]);
  keyOf(node);
  for (const label of listOf(node.labels, "the labels of an issue"))
    if (typeof label !== "string") whole(label, "a label of an issue", ["name"]);
  const { assignees } = node;
  const people = assignees === null ? [] : listOf(assignees, "the assignees of an issue");
  for (const one of people) whole(one, "an assignee of an issue", ["login"]);
  return node;
}

/** The mark of a stranger is none: in a public repository anybody may open an issue with one that he made up. */
const TRUSTED: readonly (string | undefined)[] = ["OWNER", "MEMBER", "COLLABORATOR"];

/** The mark in a text, whoever set it. */
export const madeIn = (node: Pick<Written, "body"> | undefined): string | undefined => cutMark(node?.body ?? "").made;

function withMade(node: Written): { readonly made?: string } {
  const made = madeIn(node);
  const isTrusted = node.user?.type === "Bot" || TRUSTED.includes(node.author_association);
  return made === undefined || !isTrusted ? {} : { made };
}

/** Who somebody is to us. */
export function authorOf(user: UserNode | null | undefined): Author | undefined {
  const name = personName(user?.login ?? "").slice(0, 80);
  return name === "" ? undefined : { name, isPerson: user?.type === "User" };
}

/** The number of an issue of this repository by its address; undefined for those of others. */
export function numberIn(url: string | null | undefined, repository: string): string | undefined {
  const [, where, number] = /^(.*)\/issues\/(\d+)$/.exec(url ?? "") ?? [];
  return where?.toLowerCase() === repository.toLowerCase() ? number : undefined;
}

/** What a repository calls an issue, for as long as both are there. */
export function keyOf({ number }: Pick<IssueNode, "number">): string {
  if (Number.isSafeInteger(number) && number > 0) return String(number);
  throw lacks("the number of an issue");
}

/** The first of some labels that an issue bears, in any case. */
function markOf(node: IssueNode, marks: readonly string[]): string | undefined {
  const names = labelsOf(node);
  for (const mark of marks) {
    const found = names.find((name) => name.toLowerCase() === mark.toLowerCase());
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Why it is closed; of an open one which of the labels that make states it bears, else `open`. */
function statusOf(node: IssueNode, marks: readonly string[]): string {
  if (node.state === "closed") return node.state_reason ?? "completed";
  const mark = markOf(node, marks);
  return mark === undefined ? "open" : stateBy(mark);
}

/** Names of an issue's labels, sorted. */
export function labelsOf({ labels }: Pick<IssueNode, "labels">): string[] {
  return labels
    .map((label) => (typeof label === "string" ? label : (label.name ?? "")))
    .filter((name) => name !== "")
    .sort();
}

/** An issue as any tracker's item; `marks` are labels that say what state it is in. @throws TrackerError `broken` */
export function itemOf(said: IssueNode | null | undefined, marks: readonly string[]): RemoteItem {
  const node = wholeIssue(said);
  const isMark = (name: string): boolean => marks.some((mark) => mark.toLowerCase() === name.toLowerCase());
  return {
    key: keyOf(node),
    ...withMade(node),
    name: `#${node.number}`,
    url: /^https:\/\/[\x21-\x7e]{1,500}$/.test(node.html_url) ? node.html_url : "",
    createdAt: node.created_at,
    updatedAt: node.updated_at,
    by: authorOf(node.user),
    fields: {
      title: node.title,
      description: cutMark(node.body ?? "").text,
      status: statusOf(node, marks),
      priority: null,
      assignee: node.assignees?.[0]?.login ?? null,
      parent: numberIn(node.parent_issue_url, node.repository_url) ?? null,
    },
    labels: labelsOf(node).filter((name) => !isMark(name)),
  };
}

/** A comment as any tracker's; undefined for one of a pull request. @throws TrackerError `broken` */
export function commentOf(said: CommentNode | null | undefined): RemoteComment | undefined {
  const node = wholeText(said, "a comment", ["issue_url"]);
  const [, item] = /\/issues\/(\d+)$/.exec(node.issue_url) ?? [];
  if (item === undefined || /\/pull\/\d+#/.test(node.html_url)) return undefined;
  return {
    key: String(node.id),
    ...withMade(node),
    item,
    body: cutMark(node.body ?? "").text,
    by: authorOf(node.user),
    createdAt: node.created_at,
    updatedAt: node.updated_at,
    away: false,
  };
}

/** That one issue waits for another has no number of its own: it is called by both. */
export const relationKey = (blocker: string, blocked: string): string => `${blocker}-${blocked}`;

/** Issues of one repository that wait for each other; what lies in others is not known here. */
export function relationsOf(
  node: IssueNode,
  others: readonly IssueNode[],
  role: "blockers" | "blocked",
): readonly RemoteRelation[] {
  const near = others
    .map(wholeIssue)
    .filter(({ repository_url }) => repository_url.toLowerCase() === node.repository_url.toLowerCase());
  return near.map((other) => {
    const [blocker, blocked] = role === "blockers" ? [keyOf(other), keyOf(node)] : [keyOf(node), keyOf(other)];
    return { key: relationKey(blocker, blocked), updatedAt: node.updated_at, blocker, blocked, away: false };
  });
}
