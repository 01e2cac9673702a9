import { commentOf, happenedOf, issueOf, labelOf, repoOf, saidOf, timeOf, userOf } from "./answers.ts";
import { filled } from "./openapi.ts";
import { type GitHubWorld, type IssueInput, Refusal } from "./world.ts";

/** A request as a route sees it. */
export interface Call {
  readonly world: GitHubWorld;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Who asks. */
  readonly by: string;
}
type Doing = (call: Call) => { readonly status?: number; readonly body?: unknown; readonly list?: readonly unknown[] };

const R = "/repos/{owner}/{repo}";
const I = `${R}/issues/{issue_number}`;
const number = ({ params }: Call): number => Number(params.issue_number);
const issueBody = (call: Call, status = 200) => ({ status, body: issueOf(call.world, call.world.issue(number(call))) });

/** Things that changed since, as a list is asked for: GitHub has them by when they were made, the newest first. */
function sorted<T extends { createdAt: number; updatedAt: number; id: number }>(
  all: Iterable<T>,
  { query }: Call,
): T[] {
  const since = query.get("since");
  const by = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const found = [...all].filter(({ updatedAt }) => since === null || timeOf(updatedAt) >= since);
  found.sort((a, b) => Math.trunc(a[by] / 1000) - Math.trunc(b[by] / 1000) || a.id - b.id);
  return query.get("direction") === "asc" ? found : found.reverse();
}

/** What GitHub does, by operation. */
export const ROUTES: Readonly<Record<string, Doing>> = {
  "GET /user": ({ world, by }) => ({ body: filled("public-user", userOf(world, by)) }),
  [`GET ${R}`]: ({ world }) => ({ body: repoOf(world) }),
  [`GET ${R}/labels`]: ({ world }) => ({ list: world.labels.map((name) => labelOf(name)) }),
  [`GET ${R}/assignees`]: ({ world }) => ({
    list: world.users.filter((user) => user.canBeAssigned).map(({ login }) => userOf(world, login)),
  }),
  [`GET ${R}/issues`]: (call) => {
    const there = [...call.world.issues.values()].filter(({ gone }) => gone === undefined);
    const open = there.filter(({ state }) => call.query.get("state") === "all" || state === "open");
    return { list: sorted(open, call).map((issue) => issueOf(call.world, issue)) };
  },
  [`POST ${R}/issues`]: ({ world, body, by }) => {
    return { status: 201, body: issueOf(world, world.create(body as IssueInput, by)) };
  },
  [`GET ${I}`]: (call) => issueBody(call),
  [`PATCH ${I}`]: (call) => {
    call.world.update(number(call), call.body as IssueInput, call.by);
    return issueBody(call);
  },
  [`GET ${R}/issues/comments`]: (call) => {
    const there = [...call.world.comments.values()].filter(
      ({ issue }) => call.world.issues.get(issue)?.gone === undefined,
    );
    return { list: sorted(there, call).map((comment) => commentOf(call.world, comment)) };
  },
  [`GET ${I}/comments`]: (call) => {
    const issue = call.world.issue(number(call));
    const all = [...call.world.comments.values()].filter((comment) => comment.issue === issue.number);
    return { list: all.map((comment) => commentOf(call.world, comment)) };
  },
  [`POST ${I}/comments`]: (call) => {
    const comment = call.world.comment(number(call), String(call.body.body), call.by);
    return { status: 201, body: commentOf(call.world, comment) };
  },
  [`PATCH ${R}/issues/comments/{comment_id}`]: ({ world, params, body }) => {
    return { body: commentOf(world, world.editComment(Number(params.comment_id), String(body.body))) };
  },
  [`POST ${I}/labels`]: (call) => {
    const issue = call.world.issue(number(call));
    const added = call.world.labelled(issue.labels, call.body.labels as string[]);
    call.world.update(issue.number, { labels: added }, call.by);
    return { list: added.map((name) => labelOf(name)) };
  },
  [`DELETE ${I}/labels/{name}`]: (call) => {
    const issue = call.world.issue(number(call));
    const name = decodeURIComponent(call.params.name ?? "");
    if (!issue.labels.includes(name)) throw new Refusal(404, "Label does not exist");
    call.world.update(issue.number, { labels: issue.labels.filter((one) => one !== name) }, call.by);
    return { list: issue.labels.map((one) => labelOf(one)) };
  },
  [`POST ${I}/assignees`]: (call) => {
    const issue = call.world.issue(number(call));
    const logins = [...new Set([...issue.assignees, ...(call.body.assignees as string[])])];
    call.world.update(number(call), { assignees: logins }, call.by);
    return issueBody(call, 201);
  },
  [`DELETE ${I}/assignees`]: (call) => {
    const { assignees } = call.world.issue(number(call));
    const gone = call.body.assignees as string[];
    call.world.update(number(call), { assignees: assignees.filter((login) => !gone.includes(login)) }, call.by);
    return issueBody(call);
  },
  [`GET ${I}/dependencies/blocked_by`]: (call) => {
    const { blockedBy } = call.world.issue(number(call));
    return { list: [...blockedBy].map((one) => issueOf(call.world, call.world.issue(one))) };
  },
  [`GET ${I}/dependencies/blocking`]: (call) => {
    const all = [...call.world.issues.values()].filter(({ blockedBy }) => blockedBy.has(number(call)));
    return { list: all.map((issue) => issueOf(call.world, issue)) };
  },
  [`POST ${I}/dependencies/blocked_by`]: (call) => {
    call.world.block(number(call), call.world.byId(Number(call.body.issue_id)).number);
    return issueBody(call, 201);
  },
  [`DELETE ${I}/dependencies/blocked_by/{issue_id}`]: (call) => {
    call.world.unblock(number(call), call.world.byId(Number(call.params.issue_id)).number);
    return issueBody(call);
  },
  [`GET ${I}/timeline`]: ({ world, params }) => {
    const { number: of } = world.issue(Number(params.issue_number));
    const said = [...world.comments.values()].filter(({ issue }) => issue === of);
    const all = [
      ...world.past.filter(({ issue }) => issue === of).map((one) => ({ ...one, event: happenedOf(world, one) })),
      ...said.map((one) => ({ id: one.id, at: one.createdAt, event: saidOf(world, one) })),
    ];
    return { list: all.sort((a, b) => a.at - b.at || a.id - b.id).map(({ event }) => event) };
  },
  [`POST ${I}/sub_issues`]: (call) => {
    const child = call.world.byId(Number(call.body.sub_issue_id));
    call.world.place(child.number, number(call), { replaces: call.body.replace_parent === true, by: call.by });
    return issueBody(call, 201);
  },
  [`DELETE ${I}/sub_issue`]: (call) => {
    call.world.place(call.world.byId(Number(call.body.sub_issue_id)).number, null, { by: call.by });
    return issueBody(call);
  },
};
