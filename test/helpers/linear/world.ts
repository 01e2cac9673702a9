import { randomUUID } from "node:crypto";
import { GraphQLError } from "graphql";
import { rewritten } from "./rewrite.ts";

/** An issue as the loopback Linear keeps it. */
export interface Issue {
  readonly id: string;
  number: number;
  team: string;
  title: string;
  description: string;
  priority: number;
  state: string;
  assignee: string | null;
  parent: string | null;
  labels: Set<string>;
  by: string;
  createdAt: number;
  updatedAt: number;
  archivedAt: number | null;
  trashed: boolean;
  history: Entry[];
}
/** An entry of an issue's history. */
export interface Entry {
  readonly id: string;
  readonly at: number;
  readonly by: string;
  readonly changes: Readonly<Record<string, unknown>>;
}
export interface Comment {
  readonly id: string;
  readonly issue: string;
  readonly by: string;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
  archivedAt: number | null;
}
export interface Relation {
  readonly id: string;
  readonly type: string;
  readonly issue: string;
  readonly relatedIssue: string;
  readonly updatedAt: number;
}
export interface Label {
  readonly id: string;
  readonly name: string;
  readonly group: string | null;
  readonly isGroup: boolean;
}
/** What a change of an issue may hold. */
export interface IssueInput {
  readonly id?: string;
  readonly teamId?: string;
  readonly title?: string;
  readonly description?: string | null;
  readonly priority?: number;
  readonly stateId?: string;
  readonly assigneeId?: string | null;
  readonly parentId?: string | null;
  readonly labelIds?: readonly string[];
  readonly addedLabelIds?: readonly string[];
  readonly removedLabelIds?: readonly string[];
}

/** An error as Linear says it. */
export function fault(message: string, code = "INPUT_ERROR", http = 400): GraphQLError {
  return new GraphQLError(message, { extensions: { code, userPresentableMessage: message, http } });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The state of a loopback Linear, what its API does to it, and what people do to it in its own app. */
export class LinearWorld {
  /** Its own clock: hours away from ours, and two things may happen in one millisecond. */
  time = Date.parse("2026-08-01T10:00:00Z");
  readonly teams = [
    { id: "team-eng", key: "ENG", name: "Engineering" },
    { id: "team-ops", key: "OPS", name: "Operations" },
  ];
  states = [
    ["Triage", "triage"],
    ["Backlog", "backlog"],
    ["Todo", "unstarted"],
    ["In Progress", "started"],
    ["In Review", "started"],
    ["Paused", "started"],
    ["Done", "completed"],
    ["Canceled", "canceled"],
    ["Duplicate", "duplicate"],
  ].map(([name = "", type = ""], position) => ({
    id: `state-${name.toLowerCase().replace(" ", "-")}`,
    name,
    type,
    position,
  }));
  labels: Label[] = [
    { id: "label-bug", name: "Bug", group: null, isGroup: false },
    { id: "label-ui", name: "ui", group: null, isGroup: false },
    { id: "label-api", name: "api", group: null, isGroup: false },
    { id: "label-size", name: "size", group: null, isGroup: true },
    { id: "label-big", name: "big", group: "label-size", isGroup: false },
    { id: "label-small", name: "small", group: "label-size", isGroup: false },
  ];
  users: { id: string; name: string; displayName: string; app: boolean; active: boolean; isHidden?: boolean }[] = [
    { id: "user-bot", name: "ayo", displayName: "ayo", app: true, active: true },
    { id: "user-mara", name: "Mara Lind", displayName: "mara", app: false, active: true },
    { id: "user-jo", name: "Jo Park", displayName: "jo", app: false, active: true },
  ];
  readonly issues = new Map<string, Issue>();
  readonly comments = new Map<string, Comment>();
  readonly relations = new Map<string, Relation>();
  private numbers = 0;
  private readonly tick: () => number;

  constructor(tick: () => number = () => 1) {
    this.tick = tick;
  }

  now(): number {
    this.time += this.tick();
    return this.time;
  }

  issue(id: string): Issue {
    const found = this.issues.get(id) ?? [...this.issues.values()].find((issue) => this.nameOf(issue) === id);
    if (found === undefined) throw fault("Entity not found: Issue - Could not find referenced Issue.");
    return found;
  }

  nameOf({ team, number }: Issue): string {
    return `${this.teams.find(({ id }) => id === team)?.key}-${number}`;
  }

  urlOf(issue: Issue): string {
    return `https://linear.app/acme/issue/${this.nameOf(issue)}`;
  }

  create(input: IssueInput, by: string): Issue {
    const id = input.id ?? randomUUID();
    if (!UUID.test(id)) throw fault(`id must be a UUID: ${id}`);
    if (this.issues.has(id)) throw fault("conflict on insert of Issue");
    if (!input.title?.trim()) throw fault("title should not be empty");
    const now = this.now();
    const issue: Issue = {
      ...{ id, number: ++this.numbers, team: input.teamId ?? "team-eng", title: input.title, description: "" },
      ...{ priority: 0, state: "state-backlog", assignee: null, parent: null, labels: new Set<string>(), by },
      ...{ createdAt: now, updatedAt: now, archivedAt: null, trashed: false, history: [] },
    };
    const { title: _, ...rest } = input;
    this.assign(issue, { ...rest, addedLabelIds: input.labelIds ?? [] });
    this.issues.set(id, issue);
    return issue;
  }

  update(id: string, input: IssueInput, by: string): Issue {
    const issue = this.issue(id);
    if (issue.archivedAt !== null) throw fault("Entity is archived and cannot be updated");
    const changes = this.assign(issue, input);
    if (Object.keys(changes).length === 0) return issue;
    issue.updatedAt = this.now();
    issue.history.unshift({ id: randomUUID(), at: issue.updatedAt, by, changes });
    return issue;
  }

  /** Checks all of an input before it changes anything, and answers as history tells it. */
  private assign(issue: Issue, input: IssueInput): Record<string, unknown> {
    const { addedLabelIds = [], removedLabelIds = [] } = input;
    if (input.stateId !== undefined && !this.states.some(({ id }) => id === input.stateId))
      throw fault("Entity not found: WorkflowState");
    if (input.assigneeId && !this.users.some(({ id }) => id === input.assigneeId))
      throw fault("Entity not found: User");
    if (input.parentId) this.assertParent(issue, this.issue(input.parentId));
    const labels = this.labelsAfter(issue, addedLabelIds, removedLabelIds);
    const changes: Record<string, unknown> = {};
    const set = <K extends "title" | "priority" | "state" | "assignee" | "parent">(
      key: K,
      name: string,
      value: Issue[K] | undefined,
    ): void => {
      if (value === undefined || issue[key] === value) return;
      Object.assign(changes, { [`from${name}`]: issue[key], [`to${name}`]: value });
      issue[key] = value;
    };
    set("title", "Title", input.title);
    set("priority", "Priority", input.priority);
    set("state", "StateId", input.stateId);
    set("assignee", "AssigneeId", input.assigneeId);
    set("parent", "ParentId", input.parentId);
    const description = input.description === undefined ? issue.description : rewritten(input.description ?? "");
    if (description !== issue.description) changes.updatedDescription = true;
    issue.description = description;
    const added = [...labels].filter((id) => !issue.labels.has(id));
    const removed = [...issue.labels].filter((id) => !labels.has(id));
    if (added.length > 0) changes.addedLabelIds = added;
    if (removed.length > 0) changes.removedLabelIds = removed;
    issue.labels = labels;
    return changes;
  }

  private assertParent(issue: Issue, parent: Issue): void {
    for (
      let at: Issue | undefined = parent;
      at !== undefined;
      at = at.parent === null ? undefined : this.issues.get(at.parent)
    ) {
      if (at.id === issue.id) throw fault("parent would make a circle");
    }
  }

  /** One label of a group at a time. */
  private labelsAfter(issue: Issue, added: readonly string[], removed: readonly string[]): Set<string> {
    const labels = new Set(issue.labels);
    for (const id of removed) labels.delete(id);
    const groups = added.map((id) => {
      const label = this.labels.find((one) => one.id === id);
      if (label === undefined || label.isGroup) throw fault("Entity not found: IssueLabel");
      return label.group;
    });
    const named = groups.filter((group) => group !== null);
    if (new Set(named).size !== named.length) throw fault("labels of one group exclude each other");
    for (const id of labels) {
      const group = this.labels.find((one) => one.id === id)?.group ?? null;
      if (group !== null && named.includes(group)) labels.delete(id);
    }
    for (const id of added) labels.add(id);
    return labels;
  }

  /** Archives, throws away, or brings back, as its app does. */
  shelve(id: string, how: "archive" | "trash" | "restore" | "purge" | "move"): void {
    const issue = this.issue(id);
    issue.updatedAt = this.now();
    if (how === "purge") this.issues.delete(id);
    else if (how === "move") Object.assign(issue, { team: "team-ops", number: ++this.numbers });
    else {
      issue.archivedAt = how === "restore" ? null : issue.updatedAt;
      issue.trashed = how === "trash";
    }
  }

  comment(input: { id?: string; issueId?: string; body?: string }, by: string): Comment {
    const id = input.id ?? randomUUID();
    if (this.comments.has(id)) throw fault(`Entity Comment with id ${id} already exists`, "INPUT_ERROR", 200);
    const issue = this.issue(input.issueId ?? "");
    if (issue.archivedAt !== null) throw fault("Entity is archived and cannot be updated");
    const now = this.now();
    const comment = {
      id,
      issue: issue.id,
      by,
      body: rewritten(input.body ?? ""),
      createdAt: now,
      updatedAt: now,
      archivedAt: null,
    };
    this.comments.set(id, comment);
    return comment;
  }

  editComment(id: string, body: string): Comment {
    const comment = this.comments.get(id);
    if (comment === undefined || comment.archivedAt !== null) throw fault("Entity not found: Comment");
    comment.body = rewritten(body);
    comment.updatedAt = this.now();
    return comment;
  }

  deleteComment(id: string): void {
    const comment = this.comments.get(id);
    if (comment !== undefined) comment.archivedAt = comment.updatedAt = this.now();
  }

  relate(input: { id?: string; issueId: string; relatedIssueId: string; type: string }): Relation {
    const id = input.id ?? randomUUID();
    if (this.relations.has(id)) throw fault("conflict on insert of IssueRelation");
    const [issue, relatedIssue] = [this.issue(input.issueId).id, this.issue(input.relatedIssueId).id];
    const same = [...this.relations.values()].some(
      (one) => one.issue === issue && one.relatedIssue === relatedIssue && one.type === input.type,
    );
    if (same) throw fault("relation already exists");
    const relation = { id, issue, relatedIssue, type: input.type, updatedAt: this.now() };
    this.relations.set(id, relation);
    return relation;
  }

  unrelate(id: string): void {
    if (!this.relations.delete(id)) throw fault("Entity not found: IssueRelation");
  }
}
