import { TrackerError } from "../provider.ts";
import type { Ask, Said, Step } from "./ask.ts";
import { type CommentNode, commentOf, type IssueNode, itemOf, listOf, whole } from "./nodes.ts";

/** The most that GitHub gives in a page. */
export const PAGE = 100;

/** Which repository is asked, and what was seen of it since the beginning: GitHub asks for more than keys. */
export interface Session {
  /** Where the repository is asked: `/repos/acme/web`. */
  readonly base: string;
  readonly ask: Ask;
  /** The repository's number, where it is known. */
  readonly repoId: number | undefined;
  /** Issues by key, as they were last seen. */
  readonly issues: Map<string, IssueNode>;
  /** Keys of issues by the marks in them. */
  readonly made: Map<string, string>;
  /** Comments by key, and keys of comments by the marks in them. */
  readonly comments: Map<string, CommentNode>;
  readonly madeComments: Map<string, string>;
  /** Labels that say what state an issue is in. */
  readonly marks: readonly string[];
  /** GitHub's clock when it was last asked, in milliseconds since 1970. */
  at: number | undefined;
}

/** Begins to ask a repository, `owner/name`. */
export function openSession(ask: Ask, repo: string, marks: readonly string[], repoId?: number): Session {
  const session: Session = {
    base: `/repos/${repo}`,
    ask: async <T>(step: Step): Promise<Said<T>> => {
      const said = await ask<T>(step);
      session.at = said.at ?? session.at;
      return said;
    },
    ...{ marks, repoId },
    ...{ issues: new Map(), made: new Map(), comments: new Map(), madeComments: new Map(), at: undefined },
  };
  return session;
}

/** Remembers an issue, and answers it. */
export function seen(session: Session, node: IssueNode): IssueNode {
  const { key, made } = itemOf(node, session.marks);
  session.issues.set(key, node);
  // Of several with one mark the first is ours; who copies a text copies the mark.
  const other = made === undefined ? undefined : session.made.get(made);
  if (made !== undefined && (other === undefined || Number(key) < Number(other))) session.made.set(made, key);
  return node;
}

/** Remembers a comment, and answers it. */
export function seenComment(session: Session, node: CommentNode): CommentNode {
  const comment = commentOf(node);
  if (comment === undefined) return node;
  session.comments.set(comment.key, node);
  if (comment.made !== undefined) session.madeComments.set(comment.made, comment.key);
  return node;
}

/** The number of an issue: its key, or that of what we made by such a name. */
export const numberOf = ({ made }: Session, key: string): string => made.get(key) ?? key;

/** Every page of a list that does not change under our hands. */
export async function allPages<T>(
  { ask }: Session,
  path: string,
  onPage: (count: number) => void = () => undefined,
): Promise<readonly T[]> {
  const found: T[] = [];
  let next: string | undefined = `${path}${path.includes("?") ? "&" : "?"}per_page=${PAGE}`;
  while (next !== undefined) {
    const said: Said<readonly T[]> = await ask({ method: "GET", path: next });
    const page = pageOf(said);
    onPage(page.length);
    found.push(...page);
    next = said.next;
  }
  return found;
}

/** A page's things. @throws TrackerError `broken`, and `gone` where the repository is another one now */
function pageOf<T>({ value, isMoved }: Said<readonly T[]>): readonly T[] {
  if (isMoved) throw new TrackerError("gone", "GitHub: the repository is another one now");
  return listOf(value, "its list");
}

function datedPage<T extends Dated>(said: Said<readonly T[]>): readonly T[] {
  return pageOf(said).map((one) => {
    const { updated_at } = whole(one, "a thing of its list", ["updated_at"], ["id"]);
    if (Number.isNaN(Date.parse(updated_at))) throw new TrackerError("broken", "GitHub: an answer without a time");
    return one;
  });
}

/** Things of one second may stand on both sides of a page's edge. */
const EDGE = 1000;

/** A time in GitHub's spelling, in milliseconds since 1970: it keeps whole seconds. */
export const timeOf = (at: number): string => new Date(at).toISOString().replace(/\.\d+/, "");

interface Dated {
  readonly id: number;
  readonly updated_at: string;
}

/**
 * Everything that changed since a time. What changes meanwhile goes to the end of such a list, and all behind it one
 * place up, over the edges of its pages; so each page is asked for by the time of the last thing on the one before.
 */
export async function allSince<T extends Dated>(
  session: Session,
  path: string,
  since: string | undefined,
  onPage: (count: number) => void = () => undefined,
): Promise<readonly T[]> {
  const found = new Map<number, T>();
  const query = (sort: "updated" | "created", from: string | undefined): string =>
    `${path}${path.includes("?") ? "&" : "?"}sort=${sort}&direction=asc${from === undefined ? "" : `&since=${from}`}`;
  const keep = (nodes: readonly T[]): void => {
    for (const node of nodes) found.set(node.id, node);
  };
  for (let from = since === undefined ? undefined : timeOf(Date.parse(since)); ; ) {
    const begun = session.at;
    const page = `${query("updated", from)}&per_page=${PAGE}`;
    const said: Said<readonly T[]> = await session.ask({ method: "GET", path: page });
    const things = datedPage(said);
    onPage(things.length);
    keep(things);
    const last = things.at(-1);
    if (said.next === undefined || last === undefined) return [...found.values()];
    let next = timeOf(Date.parse(last.updated_at) - EDGE);
    if (from !== undefined && next <= from) {
      // More of one time than a page holds: by when they were made none changes its place, and what changed is read after.
      keep(await allPages<T>(session, query("created", from), onPage));
      if (begun === undefined) return [...found.values()];
      next = timeOf(begun - EDGE);
      if (next <= from) return [...found.values()];
    }
    from = next;
  }
}
