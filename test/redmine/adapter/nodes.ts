import { cutMark } from "../../../src/trackers/github/marker.ts";
import { personName } from "../../../src/trackers/lineOf.ts";
import type {
  Author,
  PastChange,
  RemoteComment,
  RemoteItem,
  RemoteRelation,
  Scalar,
  Value,
} from "../../../src/trackers/provider.ts";

/** Something that has a number, and mostly a name. */
export interface Ref {
  readonly id: number;
  readonly name: string;
}

/** What happened to an issue; what somebody said of it is its notes. */
export interface JournalNode {
  readonly id: number;
  readonly user?: Ref;
  readonly notes: string | null;
  readonly private_notes: boolean;
  readonly created_on: string;
  readonly details: readonly {
    readonly property: string;
    readonly name: string;
    readonly old_value: string | null;
    readonly new_value: string | null;
  }[];
}

/** That one issue has to do with another. */
export interface RelationNode {
  readonly id: number;
  readonly issue_id: number;
  readonly issue_to_id: number;
  readonly relation_type: string;
}

/** An issue, as far as it is looked at. */
export interface IssueNode {
  readonly id: number;
  readonly project: Ref;
  readonly status: Ref;
  readonly priority: Ref;
  readonly author: Ref;
  readonly assigned_to?: Ref;
  readonly parent?: { readonly id: number };
  readonly subject: string;
  readonly description: string | null;
  readonly created_on: string;
  readonly updated_on: string;
  /** Both only where they were asked for, and where there are any. */
  readonly journals?: readonly JournalNode[];
  readonly relations?: readonly RelationNode[];
}

/** Redmine's names of fields. */
export const NAMES: Readonly<Record<Scalar, string>> = {
  title: "subject",
  description: "description",
  status: "status_id",
  priority: "priority_id",
  assignee: "assigned_to_id",
  parent: "parent_issue_id",
};
const FIELDS: ReadonlyMap<string, Scalar> = new Map([
  ...Object.entries(NAMES).map(([field, name]) => [name, field as Scalar] as const),
  ["parent_id", "parent"],
]);

const authorOf = (user: Ref | undefined): Author | undefined =>
  user === undefined ? undefined : { name: personName(user.name).slice(0, 80), isPerson: true };

const idOf = (ref: { readonly id: number } | undefined): string | null => (ref === undefined ? null : String(ref.id));

/** An issue as any tracker's item. */
export function itemOf(node: IssueNode, url: string, project: number): RemoteItem {
  const { text, made } = cutMark(node.description ?? "");
  return {
    key: String(node.id),
    ...(made === undefined ? {} : { made }),
    name: `#${node.id}`,
    url: `${url}/issues/${node.id}`,
    createdAt: node.created_on,
    updatedAt: changedAt(node),
    ...(node.project.id === project ? {} : { away: "moved" }),
    by: authorOf(node.author),
    fields: {
      title: node.subject,
      description: text,
      status: idOf(node.status),
      priority: idOf(node.priority),
      assignee: idOf(node.assigned_to),
      parent: idOf(node.parent),
    },
    labels: [],
    ...(node.journals === undefined ? {} : { past: node.journals.map(pastOf).reverse() }),
  };
}

/** What is put down of a change bears the time of its end, and the issue that of its beginning: a second may lie between. */
function changedAt({ updated_on, journals = [] }: IssueNode): string {
  const changes = journals.filter(({ details }) => details.some(({ property }) => property === "attr"));
  return [updated_on, ...changes.map(({ created_on }) => created_on)].sort().at(-1) ?? updated_on;
}

function pastOf({ user, created_on, details }: JournalNode): PastChange {
  const found = details.flatMap(({ property, name, old_value, new_value }) => {
    const field = property === "attr" ? FIELDS.get(name) : undefined;
    return field === undefined ? [] : [{ field, from: spelled(field, old_value), to: spelled(field, new_value) }];
  });
  return {
    at: created_on,
    by: authorOf(user),
    labels: [],
    from: Object.fromEntries(found.map(({ field, from }) => [field, from])),
    to: Object.fromEntries(found.map(({ field, to }) => [field, to])),
    touched: found.map(({ field }) => field),
  };
}

function spelled(field: Scalar, value: string | null): Value {
  if (field === "description") return cutMark(value ?? "").text;
  return value === "" ? null : value;
}

/** What people said of an issue to all who may see it. */
export function commentsOf({ id, journals = [] }: IssueNode): readonly RemoteComment[] {
  const said = journals.filter(({ notes, private_notes }) => notes && !private_notes);
  return said.map((journal): RemoteComment => {
    const { text, made } = cutMark(journal.notes ?? "");
    return {
      key: String(journal.id),
      ...(made === undefined ? {} : { made }),
      item: String(id),
      body: text,
      by: authorOf(journal.user),
      createdAt: journal.created_on,
      updatedAt: journal.created_on,
      away: false,
    };
  });
}

/** What an issue waits for, and what waits for it. */
export function relationsOf({ relations = [], updated_on }: IssueNode): readonly RemoteRelation[] {
  const blocks = relations.filter(({ relation_type }) => relation_type === "blocks");
  return blocks.map(({ id, issue_id, issue_to_id }) => ({
    ...{ key: String(id), updatedAt: updated_on, away: false },
    ...{ blocker: String(issue_id), blocked: String(issue_to_id) },
  }));
}
