import { type OnPage, type Provider, type RemoteItem, TrackerError } from "../provider.ts";
import { isRepo } from "./isRepo.ts";
import { type CommentNode, commentOf, type IssueNode, itemOf, keyOf, relationsOf, wholeIssue } from "./nodes.ts";
import { readPast } from "./past.ts";
import { allPages, allSince, numberOf, type Session, seen, seenComment } from "./session.ts";

/** What reads. */
export type Reading = Pick<Provider, "items" | "comments" | "relations" | "relationsOf" | "getMany" | "get" | "find">;

/** Reads a repository's issues; pull requests are none. */
export function reading(session: Session): Reading {
  const items: Provider["items"] = async (since, onPage) => {
    const nodes = await inRepo(session, () =>
      allSince<IssueNode>(session, `${session.base}/issues?state=all`, since, onPage),
    );
    return nodes.filter(isIssue).map((node) => itemOf(seen(session, node), session.marks));
  };
  const getPlain = async (key: string): Promise<RemoteItem | undefined> =>
    await readIssue(session, numberOf(session, key));
  const get = async (key: string): Promise<RemoteItem | undefined> => {
    const item = await getPlain(key);
    const node = item?.away === undefined ? session.issues.get(item?.key ?? "") : undefined;
    const past = node === undefined ? undefined : await orGone(() => readPast(session, node));
    return item === undefined || past === undefined ? item : { ...item, past };
  };
  const around: NonNullable<Provider["relationsOf"]> = async (all, isBoth, onPage) => {
    const found = [];
    for (const { key } of all) found.push(...(await relationsAround(session, key, isBoth, onPage)));
    return found;
  };
  return {
    items,
    comments: async (since, of, onPage) => await readComments(session, since, of, onPage),
    relations: async (_, onPage) => await around(await items(undefined), false, onPage),
    relationsOf: around,
    getMany: async (keys) => {
      const found = [];
      for (const key of keys) {
        // What we made and has no number yet is found by its mark, where the list has it.
        const item = isNumber(numberOf(session, key)) ? await getPlain(key) : undefined;
        if (item !== undefined) found.push(item);
      }
      return found;
    },
    get,
    find: async (name) => {
      const { repo, number } = named(name);
      if (number === undefined) return undefined;
      if (repo !== undefined) await assertOurs(session, repo);
      return await readIssue(session, number);
    },
  };
}

const isNumber = (key: string): boolean => /^\d+$/.test(key);
const isIssue = ({ pull_request }: IssueNode): boolean => pull_request === undefined;

/** What lists a repository fails where that is not there, or not for this key: none of its issues are gone. */
async function inRepo<T>({ base }: Session, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TrackerError) || error.fault !== "gone") throw error;
    const name = base.replace("/repos/", "");
    throw new TrackerError("auth", `GitHub has no repository ${name} with issues that this key may see`, {
      cause: error,
    });
  }
}

/** One issue as it is now. */
async function readIssue(session: Session, number: string): Promise<RemoteItem | undefined> {
  if (!isNumber(number)) return undefined;
  const said = await orGone(() => session.ask<IssueNode>({ method: "GET", path: `${session.base}/issues/${number}` }));
  if (said === undefined) return undefined;
  if (said.isMoved) return movedItem(session, number);
  const node = wholeIssue(said.value);
  if (keyOf(node) !== number) return movedItem(session, number);
  return isIssue(node) ? itemOf(seen(session, node), session.marks) : undefined;
}

async function orGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TrackerError && error.fault === "gone") return undefined;
    throw error;
  }
}

/** An issue that was transferred: where to is not for us to follow. */
function movedItem({ at }: Session, key: string): RemoteItem {
  const time = new Date(at ?? 0).toISOString();
  const fields = { title: "", description: "", status: "open", priority: null, assignee: null, parent: null };
  return {
    key,
    name: `#${key}`,
    url: "",
    createdAt: time,
    updatedAt: time,
    away: "moved",
    by: undefined,
    fields,
    labels: [],
  };
}

async function readComments(
  session: Session,
  since: string | undefined,
  of: readonly string[] | undefined,
  onPage?: OnPage,
): Promise<Awaited<ReturnType<Provider["comments"]>>> {
  const nodes: CommentNode[] = [];
  if (of === undefined) {
    const path = `${session.base}/issues/comments`;
    nodes.push(...(await inRepo(session, () => allSince<CommentNode>(session, path, since, onPage))));
  } else {
    for (const key of of) {
      const path = `${session.base}/issues/${numberOf(session, key)}/comments`;
      nodes.push(...(await allPages<CommentNode>(session, path, onPage)));
    }
  }
  return nodes.map((node) => commentOf(seenComment(session, node))).filter((comment) => comment !== undefined);
}

/** What an issue waits for, and what waits for it: asked only where the issue says that there is any. */
async function relationsAround(
  session: Session,
  key: string,
  isBoth: boolean,
  onPage?: OnPage,
): Promise<ReturnType<typeof relationsOf>> {
  const node = session.issues.get(key);
  if (node === undefined) return [];
  const { total_blocked_by = 1, total_blocking = 1 } = node.issue_dependencies_summary ?? {};
  const path = `${session.base}/issues/${key}/dependencies`;
  const read = async (list: string): Promise<readonly IssueNode[]> =>
    await allPages<IssueNode>(session, `${path}/${list}`, onPage);
  const blockers = total_blocked_by > 0 ? relationsOf(node, await read("blocked_by"), "blockers") : [];
  const blocked = isBoth && total_blocking > 0 ? relationsOf(node, await read("blocking"), "blocked") : [];
  return [...blockers, ...blocked];
}

/** An issue's number, and its repository, in what a person gave: `12`, `#12`, `acme/web#12`, or its address. */
function named(text: string): { readonly repo?: string | undefined; readonly number?: string | undefined } {
  const [, repo, number] =
    /^(?:https:\/\/[^/?#]+\/)?(?:([\w.-]+\/[\w.-]+)(?:\/issues\/|#)|#)?(\d+)(?:[/?#].*)?$/.exec(text.trim()) ?? [];
  return { repo, number };
}

/** A repository keeps its number where it gets another name. @throws TrackerError for an issue of another one */
async function assertOurs({ ask, base, repoId }: Session, repo: string): Promise<void> {
  const ours = base.replace("/repos/", "");
  if (repo.toLowerCase() === ours.toLowerCase()) return;
  const said = isRepo(repo)
    ? await orGone(() => ask<{ readonly id: number } | undefined>({ method: "GET", path: `/repos/${repo}` }))
    : undefined;
  const id = said?.value?.id;
  if (id !== undefined && id === repoId) return;
  const what = id === undefined ? ", which this token does not see" : "";
  throw new TrackerError("refused", `that is an issue of the repository ${repo}${what}; ours is ${ours}`);
}
