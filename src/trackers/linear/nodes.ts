import { lineOf, personName } from "../lineOf.ts";
import {
  type Author,
  type PastChange,
  type RemoteComment,
  type RemoteItem,
  type RemoteRelation,
  type Scalar,
  TrackerError,
  type Value,
} from "../provider.ts";
import { shapesOf } from "../shape.ts";

const { listOf, whole } = shapesOf("Linear");

/** An issue as the operations ask for it. */
export interface IssueNode {
  readonly id: string;
  readonly identifier: string;
  readonly url: string;
  readonly title: string;
  readonly description?: string | null;
  readonly priority: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archivedAt?: string | null;
  readonly trashed?: boolean | null;
  readonly labelIds: readonly string[];
  readonly team: { readonly id: string };
  readonly state: { readonly id: string };
  readonly assignee?: { readonly id: string } | null;
  readonly parent?: { readonly id: string } | null;
  readonly creator?: ActorNode | null;
  readonly botActor?: BotNode | null;
  readonly history?: { readonly nodes: readonly HistoryNode[] };
}

interface ActorNode {
  readonly displayName: string;
  readonly app: boolean;
}
interface BotNode {
  readonly name?: string | null;
}

/** An entry of an issue's history. */
export interface HistoryNode {
  readonly createdAt: string;
  readonly actor?: ActorNode | null;
  readonly botActor?: BotNode | null;
  readonly addedLabelIds?: readonly string[] | null;
  readonly removedLabelIds?: readonly string[] | null;
  readonly fromStateId?: string | null;
  readonly toStateId?: string | null;
  readonly fromTitle?: string | null;
  readonly toTitle?: string | null;
  readonly fromPriority?: number | null;
  readonly toPriority?: number | null;
  readonly fromAssigneeId?: string | null;
  readonly toAssigneeId?: string | null;
  readonly fromParentId?: string | null;
  readonly toParentId?: string | null;
  readonly updatedDescription?: boolean | null;
}

/** A comment as the operations ask for it. */
export interface CommentNode {
  readonly id: string;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archivedAt?: string | null;
  readonly issue?: { readonly id: string } | null;
  readonly user?: ActorNode | null;
  readonly botActor?: BotNode | null;
  readonly externalUser?: { readonly name: string } | null;
}

/** A relation as the operations ask for it. */
export interface RelationNode {
  readonly id: string;
  readonly type: string;
  readonly updatedAt: string;
  readonly archivedAt?: string | null;
  readonly issue: { readonly id: string };
  readonly relatedIssue: { readonly id: string };
}

function authorOf(person?: ActorNode | null, bot?: BotNode | null): Author | undefined {
  const name = personName(person?.displayName || bot?.name || "").slice(0, 80);
  return name === "" ? undefined : { name, isPerson: person ? !person.app : false };
}

/** Ids become parts of ours, so they are held to what ids are made of. */
function keyOf(id: string): string {
  if (/^[\w-]{1,64}$/.test(id)) return id;
  throw new TrackerError("broken", "Linear: an id with characters that no id has");
}

function nameOf(identifier: string): string {
  return lineOf(identifier).slice(0, 40) || "an issue";
}

function urlOf(url: string): string {
  return /^https:\/\/[\x21-\x7e]{1,500}$/.test(url) ? url : "";
}

/** The levels that Linear has. */
const LEVELS = 4;

/** A priority as Linear has them, whatever was answered: 0 to 4, and 0 is none. */
export function priorityOf(value: unknown): number {
  return Math.min(Math.max(Math.round(Number(value)) || 0, 0), LEVELS);
}

const ISSUE = ["id", "identifier", "title", "createdAt", "updatedAt", "team.id", "state.id"];

/** An issue as any tracker's item; in another team than ours it has moved. */
export function itemOf(said: IssueNode | null | undefined, team: string): RemoteItem {
  const node = whole(said, "an issue", ISSUE);
  const away = awayOf(node, team);
  return {
    key: keyOf(node.id),
    name: nameOf(node.identifier),
    url: urlOf(node.url),
    createdAt: node.createdAt,
    updatedAt: node.updatedAt,
    ...(away === undefined ? {} : { away }),
    by: authorOf(node.creator, node.botActor),
    fields: {
      title: node.title,
      description: node.description ?? "",
      status: node.state.id,
      priority: priorityOf(node.priority),
      assignee: node.assignee?.id ?? null,
      parent: node.parent?.id ?? null,
    },
    labels: [...listOf(node.labelIds, "the labels of an issue")].sort(),
    ...(node.history === undefined ? {} : { past: listOf(node.history?.nodes, "the past of an issue").map(pastOf) }),
  };
}

function awayOf(node: IssueNode, team: string): RemoteItem["away"] {
  if (node.trashed === true) return "trashed";
  if (node.team.id !== team) return "moved";
  return node.archivedAt ? "archived" : undefined;
}

function pastOf(said: HistoryNode): PastChange {
  const node = whole(said, "a change", ["createdAt"]);
  const from: Partial<Record<Scalar, Value>> = {};
  const to: Partial<Record<Scalar, Value>> = {};
  const take = (field: Scalar, before: Value | undefined, after: Value | undefined): void => {
    if ((before ?? null) === (after ?? null)) return;
    from[field] = before ?? null;
    to[field] = after ?? null;
  };
  take("title", node.fromTitle, node.toTitle);
  take("status", node.fromStateId, node.toStateId);
  take("priority", levelOf(node.fromPriority), levelOf(node.toPriority));
  take("assignee", node.fromAssigneeId, node.toAssigneeId);
  take("parent", node.fromParentId, node.toParentId);
  const touched = Object.keys(to) as Scalar[];
  return {
    ...{ at: node.createdAt, by: authorOf(node.actor, node.botActor), from, to },
    labels: [...(node.addedLabelIds ?? []), ...(node.removedLabelIds ?? [])],
    touched: node.updatedDescription ? [...touched, "description"] : touched,
  };
}

function levelOf(value: number | null | undefined): number | null {
  return typeof value === "number" ? priorityOf(value) : null;
}

const COMMENT = ["id", "body", "createdAt", "updatedAt"];

/** A comment as any tracker's; undefined for one that is on no issue. */
export function commentOf(said: CommentNode | null | undefined): RemoteComment | undefined {
  const node = whole(said, "a comment", COMMENT);
  if (!node.issue) return undefined;
  return {
    key: keyOf(node.id),
    item: whole(node.issue, "the issue of a comment", ["id"]).id,
    body: node.body,
    by: authorOf(
      node.user ?? (node.externalUser && { displayName: node.externalUser.name, app: false }),
      node.botActor,
    ),
    createdAt: node.createdAt,
    updatedAt: node.updatedAt,
    away: Boolean(node.archivedAt),
  };
}

const RELATION = ["id", "updatedAt", "issue.id", "relatedIssue.id"];

/** A relation as any tracker's; undefined for one that orders nothing. */
export function relationOf(said: RelationNode): RemoteRelation | undefined {
  const node = whole(said, "a relation", ["type"]);
  if (node.type !== "blocks") return undefined;
  const { id: key, updatedAt } = whole(node, "a relation", RELATION);
  return { key, updatedAt, blocker: node.issue.id, blocked: node.relatedIssue.id, away: Boolean(node.archivedAt) };
}
