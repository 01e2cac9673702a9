import { filled } from "./openapi.ts";
import type { Comment, GitHubWorld, Happened, Issue } from "./world.ts";

type Json = Readonly<Record<string, unknown>>;

/** GitHub's times have no parts of seconds. */
export const timeOf = (time: number): string => new Date(time).toISOString().replace(/\.\d+/, "");
const API = "https://api.github.example";

/** Somebody with an account. */
export function userOf(world: GitHubWorld, login: string): Json {
  const at = world.users.findIndex((user) => user.login === login);
  return filled("simple-user", { login, id: at + 1, type: world.users[at]?.type ?? "User", gravatar_id: null });
}

const associationOf = (world: GitHubWorld, login: string): string =>
  world.users.find((user) => user.login === login)?.association ?? "NONE";

/** An issue as GitHub answers it. */
export function issueOf(world: GitHubWorld, issue: Issue): Json {
  const { id, number, title, body, state, reason, createdAt, updatedAt, isPull } = issue;
  const repo = `${API}/repos/${world.repo}`;
  const url = `${repo}/issues/${number}`;
  const html_url = `https://github.example/${world.repo}/${isPull ? "pull" : "issues"}/${number}`;
  const assignees = issue.assignees.map((login) => userOf(world, login));
  const blocking = [...world.issues.values()].filter(({ blockedBy }) => blockedBy.has(number)).length;
  const blocked = issue.blockedBy.size;
  const summary = { blocked_by: blocked, blocking, total_blocked_by: blocked, total_blocking: blocking };
  return {
    ...filled("issue", {}),
    ...{ id, number, title, body, state, state_reason: reason, url, html_url, repository_url: repo },
    ...{ labels: issue.labels.map((name) => labelOf(name)), assignee: assignees[0] ?? null, assignees },
    ...{ user: userOf(world, issue.user), author_association: associationOf(world, issue.user), milestone: null },
    ...{ created_at: timeOf(createdAt), updated_at: timeOf(updatedAt), issue_dependencies_summary: summary },
    closed_at: state === "closed" ? timeOf(updatedAt) : null,
    ...(issue.parent === null ? {} : { parent_issue_url: `${repo}/issues/${issue.parent}` }),
    ...(isPull ? { pull_request: { diff_url: url, html_url, patch_url: url, url } } : {}),
  };
}

/** A comment as GitHub answers it. */
export function commentOf(world: GitHubWorld, comment: Comment): Json {
  const { id, issue, body, createdAt, updatedAt, user } = comment;
  const isPull = world.issues.get(issue)?.isPull === true;
  return {
    ...filled("issue-comment", {}),
    ...{ id, body, created_at: timeOf(createdAt), updated_at: timeOf(updatedAt), user: userOf(world, user) },
    ...{ author_association: associationOf(world, user), issue_url: `${API}/repos/${world.repo}/issues/${issue}` },
    html_url: `https://github.example/${world.repo}/${isPull ? "pull" : "issues"}/${issue}#issuecomment-${id}`,
  };
}

/** A label as GitHub answers it. */
export function labelOf(name: string): Json {
  return filled("label", { name, description: null });
}

/** The repository as GitHub answers it. */
export function repoOf(world: GitHubWorld): Json {
  const [owner = "", name] = world.repo.split("/");
  const rest = { has_issues: true, owner: userOf(world, owner) };
  return filled("full-repository", {
    id: world.repoId,
    name,
    full_name: world.repo,
    private: world.isPrivate,
    ...rest,
  });
}

/** GitHub's schemas of what happens to an issue, and what each of them tells. */
const HAPPENED: Readonly<Record<string, readonly [schema: string, more: (...what: Happened["what"]) => Json]>> = {
  renamed: ["renamed-issue-event", (from, to) => ({ rename: { from, to } })],
  labeled: ["labeled-issue-event", (name) => ({ label: { name, color: "fff" } })],
  unlabeled: ["unlabeled-issue-event", (name) => ({ label: { name, color: "fff" } })],
  closed: ["state-change-issue-event", (state_reason) => ({ state_reason })],
  reopened: ["state-change-issue-event", () => ({ state_reason: null })],
  assigned: ["timeline-assigned-issue-event", () => ({})],
  unassigned: ["timeline-unassigned-issue-event", () => ({})],
  parent_issue_added: ["parent-issue-added-issue-event", () => ({})],
  parent_issue_removed: ["parent-issue-removed-issue-event", () => ({})],
};

/** Something that happened to an issue as GitHub answers it. */
export function happenedOf(world: GitHubWorld, { id, at, by, event, what }: Happened): Json {
  const [schema = "", more] = HAPPENED[event] ?? [];
  const [first = ""] = what;
  const who = event.endsWith("assigned") ? { assignee: userOf(world, String(first)) } : {};
  const parent = world.issues.get(Number(first));
  const above = event.startsWith("parent") && parent !== undefined ? { parent_issue: referenceOf(world, parent) } : {};
  const told = { ...more?.(...what), ...who, ...above };
  const common = { id, event, created_at: timeOf(at), actor: userOf(world, by), performed_via_github_app: null };
  return filled(schema, { ...common, commit_id: null, commit_url: null, ...told });
}

function referenceOf(world: GitHubWorld, { number, title, state }: Issue): Json {
  const [owner = "", name] = world.repo.split("/");
  const rest = { id: world.repoId, name, full_name: world.repo, owner: userOf(world, owner) };
  const repository = filled("simple-repository", rest);
  return filled("nullable-issue-reference", { number, title, state, repository, issue_type: null });
}

/** A comment as a timeline has it. */
export function saidOf(world: GitHubWorld, comment: Comment): Json {
  const actor = userOf(world, comment.user);
  return filled("timeline-comment-event", { ...commentOf(world, comment), event: "commented", actor });
}
