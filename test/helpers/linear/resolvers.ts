import { type Comment, fault, type Issue, type IssueInput, type LinearWorld, type Relation } from "./world.ts";

interface PageArgs {
  readonly first?: number | null;
  readonly after?: string | null;
}
type Row = Readonly<Record<string, unknown>>;
type When = { gte?: string; gt?: string };
interface Filter {
  readonly id?: { eq?: string; in?: readonly string[] };
  readonly team?: { id?: { eq?: string }; key?: { eq?: string } };
  readonly issue?: Filter;
  readonly updatedAt?: When;
}

const iso = (time: number): string => new Date(time).toISOString();
const isoOr = (time: number | null): string | null => (time === null ? null : iso(time));

/** A page, the last changed first; a cursor is a place in that order, not a number. */
function page<T extends { readonly id: string; readonly updatedAt: number }>(
  all: readonly T[],
  { first, after }: PageArgs,
  row: (one: T) => Row,
): Row {
  const size = first ?? 50;
  if (size > 250) throw fault("Argument Validation Error: first must not be greater than 250");
  const place = (one: T): string => `${String(one.updatedAt).padStart(15, "0")} ${one.id}`;
  const sorted = [...all].sort((left, right) => (place(left) < place(right) ? 1 : -1));
  const rest = after ? sorted.filter((one) => place(one) < Buffer.from(after, "base64url").toString()) : sorted;
  const nodes = rest.slice(0, size);
  const last = nodes.at(-1);
  const endCursor = last === undefined ? null : Buffer.from(place(last)).toString("base64url");
  return { nodes: nodes.map(row), pageInfo: { hasNextPage: rest.length > size, endCursor } };
}

function list(all: readonly Row[], { first, after }: PageArgs): Row {
  const from = after ? Number(after) : 0;
  const end = from + (first ?? 50);
  return { nodes: all.slice(from, end), pageInfo: { hasNextPage: end < all.length, endCursor: String(end) } };
}

const isSince = (time: number, when?: When): boolean =>
  (when?.gte === undefined || time >= Date.parse(when.gte)) && (when?.gt === undefined || time > Date.parse(when.gt));

function isMeant(world: LinearWorld, issue: Issue | undefined, filter: Filter | undefined): boolean {
  if (filter === undefined) return true;
  if (issue === undefined) return false;
  const key = world.teams.find(({ id }) => id === issue.team)?.key;
  return (
    (filter.id?.in?.includes(issue.id) ?? true) &&
    (filter.id?.eq ?? issue.id) === issue.id &&
    (filter.team?.id?.eq ?? issue.team) === issue.team &&
    (filter.team?.key?.eq ?? key) === key &&
    isSince(issue.updatedAt, filter.updatedAt)
  );
}

/** What answers the operations, for somebody whose key it is. */
export function resolvers(world: LinearWorld, me: string): Row {
  const user = (id: string | null): Row | null => world.users.find((one) => one.id === id) ?? null;
  const state = (id: string): Row | null => world.states.find((one) => one.id === id) ?? null;
  const issueRow = (issue: Issue): Row => ({
    ...issue,
    identifier: world.nameOf(issue),
    url: world.urlOf(issue),
    createdAt: iso(issue.createdAt),
    updatedAt: iso(issue.updatedAt),
    archivedAt: isoOr(issue.archivedAt),
    labelIds: [...issue.labels],
    team: world.teams.find(({ id }) => id === issue.team),
    state: state(issue.state),
    assignee: user(issue.assignee),
    parent:
      issue.parent === null || !world.issues.has(issue.parent) ? null : () => issueRow(world.issue(issue.parent ?? "")),
    creator: user(issue.by),
    history: (args: PageArgs) =>
      list(
        issue.history.map(({ id, at, by, changes }) => ({ id, createdAt: iso(at), actor: user(by), ...changes })),
        args,
      ),
  });
  const commentRow = (comment: Comment): Row => ({
    ...comment,
    createdAt: iso(comment.createdAt),
    updatedAt: iso(comment.updatedAt),
    archivedAt: isoOr(comment.archivedAt),
    issue: world.issues.has(comment.issue) ? issueRow(world.issue(comment.issue)) : null,
    user: user(comment.by),
  });
  const relationRow = (relation: Relation): Row => ({
    ...relation,
    updatedAt: iso(relation.updatedAt),
    issue: issueRow(world.issue(relation.issue)),
    relatedIssue: issueRow(world.issue(relation.relatedIssue)),
  });
  return {
    viewer: () => user(me),
    teams: (args: PageArgs & { filter?: { key?: { eqIgnoreCase?: string } } }) => {
      const wanted = args.filter?.key?.eqIgnoreCase?.toLowerCase();
      return list(
        world.teams.filter(({ key }) => (wanted ?? key.toLowerCase()) === key.toLowerCase()),
        args,
      );
    },
    workflowStates: (args: PageArgs) => list(world.states, args),
    issueLabels: (args: PageArgs) =>
      list(
        world.labels.map((one) => ({ ...one, parent: null, team: null })),
        args,
      ),
    users: (args: PageArgs) =>
      list(
        world.users.filter(({ isHidden }) => isHidden !== true),
        args,
      ),
    issues: (args: PageArgs & { filter?: Filter }) =>
      page(
        [...world.issues.values()].filter((issue) => isMeant(world, issue, args.filter)),
        args,
        issueRow,
      ),
    comments: (args: PageArgs & { filter?: Filter }) => {
      const { filter } = args;
      const found = [...world.comments.values()].filter(
        (one) =>
          isSince(one.updatedAt, filter?.updatedAt) && isMeant(world, world.issues.get(one.issue), filter?.issue),
      );
      return page(found, args, commentRow);
    },
    issueRelations: (args: PageArgs) =>
      page(
        [...world.relations.values()].filter(
          (one) => world.issues.has(one.issue) && world.issues.has(one.relatedIssue),
        ),
        args,
        relationRow,
      ),
    issue: ({ id }: { id: string }) => issueRow(world.issue(id)),
    issueCreate: ({ input }: { input: IssueInput }) => ({ success: true, issue: issueRow(world.create(input, me)) }),
    issueUpdate: ({ id, input }: { id: string; input: IssueInput }) => ({
      success: true,
      issue: issueRow(world.update(id, input, me)),
    }),
    commentCreate: ({ input }: { input: { id?: string; issueId?: string; body?: string } }) => ({
      success: true,
      comment: commentRow(world.comment(input, me)),
    }),
    commentUpdate: ({ id, input }: { id: string; input: { body?: string } }) => ({
      success: true,
      comment: commentRow(world.editComment(id, input.body ?? "")),
    }),
    issueRelationCreate: ({ input }: { input: Parameters<LinearWorld["relate"]>[0] }) => ({
      success: true,
      issueRelation: relationRow(world.relate(input)),
    }),
    issueRelationDelete: ({ id }: { id: string }) => {
      world.unrelate(id);
      return { success: true, entityId: id };
    },
  };
}
