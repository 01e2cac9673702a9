/** An issue, or a pull request, as the loopback GitHub keeps it. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  reason: string | null;
  labels: string[];
  assignees: string[];
  readonly user: string;
  parent: number | null;
  /** Nobody says anything to it any more. */
  isLocked?: boolean;
  readonly blockedBy: Set<number>;
  readonly isPull: boolean;
  readonly createdAt: number;
  updatedAt: number;
  /** It is not there any more. */
  gone?: "deleted" | "transferred";
}
export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly user: string;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
}
/** Something that happened to an issue, as its timeline has it. */
export interface Happened {
  readonly id: number;
  readonly issue: number;
  readonly at: number;
  readonly by: string;
  readonly event: string;
  /** The name, login, number or reason of it; two titles of a new name. */
  readonly what: readonly (string | number | null)[];
}
/** What an issue is changed to. */
export interface IssueInput {
  readonly title?: string;
  readonly body?: string | null;
  readonly state?: "open" | "closed";
  readonly state_reason?: string | null;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

/** An answer that is none. */
export class Refusal extends Error {
  readonly status: number;
  readonly location: string | undefined;

  constructor(status: number, message: string, location?: string) {
    super(message);
    this.status = status;
    this.location = location;
  }
}

/** The state of a loopback GitHub, what its API does to it, and what people do to it on its pages. */
export class GitHubWorld {
  /** Its own clock: hours away from ours, and it tells whole seconds. */
  time = Date.parse("2026-08-01T10:00:00Z");
  repo = "acme/web";
  /** What the repository was called before. */
  readonly former = new Set<string>();
  repoId = 1001;
  isPrivate = true;
  labels = ["bug", "ui", "good first issue"];
  /** Accounts, what they are, and what they are to the repository. */
  users: { login: string; type: "User" | "Bot"; association: string; canBeAssigned: boolean }[] = [
    { login: "ayo-bot", type: "User", association: "COLLABORATOR", canBeAssigned: true },
    { login: "mara", type: "User", association: "OWNER", canBeAssigned: true },
    { login: "jo", type: "User", association: "MEMBER", canBeAssigned: true },
    { login: "stranger", type: "User", association: "NONE", canBeAssigned: false },
  ];
  readonly issues = new Map<number, Issue>();
  readonly comments = new Map<number, Comment>();
  readonly past: Happened[] = [];
  /** Whether a relation changes the time of the issue that waits. */
  touches = true;
  private ids = 2_847_000_000;

  now(): number {
    this.time += 1000;
    return this.time;
  }

  issue(number: number): Issue {
    const found = this.issues.get(number);
    if (found === undefined) throw new Refusal(404, "Not Found");
    if (found.gone === "deleted") throw new Refusal(410, "This issue was deleted");
    if (found.gone === "transferred")
      throw new Refusal(301, "Moved Permanently", `/repositories/2002/issues/${number}`);
    return found;
  }

  byId(id: number): Issue {
    const found = [...this.issues.values()].find((issue) => issue.id === id && issue.gone === undefined);
    if (found === undefined) throw new Refusal(404, "Not Found");
    return found;
  }

  create(input: IssueInput, user: string, isPull = false): Issue {
    assertTitle(input.title ?? "");
    assertBody(input.body);
    const strange = (input.assignees ?? []).find((login) => !this.isAssignable(login));
    if (strange !== undefined) throw new Refusal(422, "Validation Failed: assignees invalid");
    const now = this.now();
    const number = this.issues.size + 1;
    const issue: Issue = {
      ...{ id: ++this.ids, number, title: input.title ?? "", body: input.body ?? null, state: "open", reason: null },
      ...{ labels: [], assignees: [...(input.assignees ?? [])], user, parent: null, blockedBy: new Set(), isPull },
      ...{ createdAt: now, updatedAt: now },
    };
    this.issues.set(number, issue);
    issue.labels = this.labelled([], input.labels ?? []);
    return issue;
  }

  update(number: number, input: IssueInput, by = "mara"): Issue {
    const issue = this.issue(number);
    if (input.title !== undefined) assertTitle(input.title);
    assertBody(input.body);
    const before = JSON.stringify(issue);
    const was = { ...issue };
    const { title = issue.title, body = issue.body, labels, assignees } = input;
    Object.assign(issue, { title, body });
    if (labels !== undefined) issue.labels = [...labels];
    if (assignees !== undefined) issue.assignees = assignees.filter((login) => this.isAssignable(login));
    if (input.state !== undefined && input.state !== issue.state) {
      issue.state = input.state;
      issue.reason = input.state === "open" ? "reopened" : (input.state_reason ?? "completed");
    }
    if (JSON.stringify(issue) !== before) issue.updatedAt = this.now();
    this.tell(was, issue, by);
    return issue;
  }

  /** Puts down what became of an issue: of its text GitHub tells nothing. */
  private tell(was: Issue, issue: Issue, by: string): void {
    const put = (event: string, ...what: Happened["what"]): void => {
      this.past.push({ id: ++this.ids, issue: issue.number, at: this.time, by, event, what });
    };
    const apart = (one: readonly string[], other: readonly string[]) => one.filter((name) => !other.includes(name));
    if (was.title !== issue.title) put("renamed", was.title, issue.title);
    for (const name of apart(issue.labels, was.labels)) put("labeled", name);
    for (const name of apart(was.labels, issue.labels)) put("unlabeled", name);
    for (const login of apart(issue.assignees, was.assignees)) put("assigned", login);
    for (const login of apart(was.assignees, issue.assignees)) put("unassigned", login);
    if (was.state !== issue.state) {
      const { state, reason } = issue;
      put(state === "open" ? "reopened" : "closed", state === "open" || reason === "completed" ? null : reason);
    }
    if (was.parent === issue.parent) return;
    if (was.parent !== null) put("parent_issue_removed", was.parent);
    if (issue.parent !== null) put("parent_issue_added", issue.parent);
  }

  isAssignable(login: string): boolean {
    return this.users.some((user) => user.login.toLowerCase() === login.toLowerCase() && user.canBeAssigned);
  }

  /** Labels with more of them; one that is not there yet is made, as GitHub does it. */
  labelled(labels: readonly string[], names: readonly string[]): string[] {
    const all = new Set(labels);
    for (const name of names) {
      const known = this.labels.find((one) => one.toLowerCase() === name.toLowerCase());
      if (known === undefined) this.labels.push(name);
      all.add(known ?? name);
    }
    return [...all];
  }

  comment(number: number, body: string, user: string): Comment {
    const issue = this.issue(number);
    if (issue.isLocked) throw new Refusal(403, "Unable to create comment because issue is locked.");
    assertBody(body);
    const now = this.now();
    issue.updatedAt = now;
    const comment = { id: ++this.ids, issue: number, user, body, createdAt: now, updatedAt: now };
    this.comments.set(comment.id, comment);
    return comment;
  }

  editComment(id: number, body: string): Comment {
    const comment = this.comments.get(id);
    if (comment === undefined) throw new Refusal(404, "Not Found");
    assertBody(body);
    Object.assign(comment, { body, updatedAt: this.now() });
    return comment;
  }

  block(number: number, blocker: number): Issue {
    const [issue, other] = [this.issue(number), this.issue(blocker)];
    if (issue.blockedBy.has(other.number)) throw new Refusal(422, "Issue has already been added as a dependency");
    if (other.blockedBy.has(number)) throw new Refusal(422, "A dependency cannot be a circle");
    issue.blockedBy.add(other.number);
    if (this.touches) issue.updatedAt = this.now();
    return issue;
  }

  unblock(number: number, blocker: number): Issue {
    const issue = this.issue(number);
    if (!issue.blockedBy.delete(blocker)) throw new Refusal(404, "Not Found");
    if (this.touches) issue.updatedAt = this.now();
    return issue;
  }

  place(number: number, parent: number | null, { replaces = true, by = "mara" } = {}): Issue {
    const issue = this.issue(number);
    const was = { ...issue };
    if (issue.parent !== null && parent !== null && !replaces) throw new Refusal(422, "Issue may only have one parent");
    for (let at = parent; at !== null; at = this.issue(at).parent)
      if (at === number) throw new Refusal(422, "Sub issue would make a circle");
    issue.parent = parent;
    issue.updatedAt = this.now();
    this.tell(was, issue, by);
    return issue;
  }
}

function assertTitle(title: string): void {
  if (title.trim() === "") throw new Refusal(422, "Validation Failed: title can't be blank");
  if (title.length > 256) throw new Refusal(422, "Validation Failed: title is too long");
}

function assertBody(body: string | null | undefined): void {
  if ((body?.length ?? 0) > 65_536)
    throw new Refusal(422, "Validation Failed: body is too long (maximum is 65536 characters)");
}
