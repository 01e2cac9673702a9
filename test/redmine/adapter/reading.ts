import type { OnPage, Provider, RemoteComment, RemoteItem } from "../../../src/trackers/provider.ts";
import { commentsOf, type IssueNode, itemOf, relationsOf } from "./nodes.ts";
import { isNumber, listIssues, numberOf, readIssue, type Session, seen } from "./session.ts";

/** What reads. */
export type Reading = Pick<Provider, "items" | "comments" | "relations" | "relationsOf" | "getMany" | "get" | "find">;

/** An issue as an item, remembered. */
export function itemSeen(session: Session, node: IssueNode): RemoteItem {
  const item = itemOf(node, session.url, session.project);
  seen(session, node, item.made);
  return item;
}

/** Reads a project's issues. */
export function reading(session: Session): Reading {
  const get = async (key: string): Promise<RemoteItem | undefined> => {
    const number = numberOf(session, key);
    const node = isNumber(number) ? await readIssue(session, number) : undefined;
    return node === undefined ? undefined : itemSeen(session, node);
  };
  return {
    items: async (since, onPage) => (await changed(session, since, onPage)).map((node) => itemSeen(session, node)),
    comments: async (since, of, onPage) => await comments(session, since, of, onPage),
    relations: async () => (await changed(session, undefined)).flatMap(relationsOf),
    // All of them were read with the items.
    relationsOf: async (items) => items.flatMap(({ key }) => relationsOf(session.issues.get(key) as IssueNode)),
    getMany: async (keys) => {
      const found = [];
      for (const key of keys) found.push(await get(key));
      return found.filter((item) => item !== undefined);
    },
    get,
    find: async (name) => {
      const [, number] = /(?:^#?|\/issues\/)(\d+)$/.exec(name.trim()) ?? [];
      return number === undefined ? undefined : await get(number);
    },
  };
}

/** Lists do not tell what was said of issues: those that changed are read one by one, unless they were just now. */
async function changed(session: Session, since: string | undefined, onPage?: OnPage): Promise<readonly IssueNode[]> {
  const nodes: IssueNode[] = [];
  for (const { id } of await listIssues(session, since, onPage)) {
    const node = await readIssue(session, String(id));
    if (node !== undefined) nodes.push(node);
  }
  return nodes;
}

async function comments(
  session: Session,
  since: string | undefined,
  of: readonly string[] | undefined,
  onPage?: OnPage,
): Promise<readonly RemoteComment[]> {
  const found: RemoteComment[] = [];
  const keys = of?.map((key) => numberOf(session, key)) ?? (await listIssues(session, since)).map(({ id }) => `${id}`);
  for (const key of keys) {
    const node = await readIssue(session, key);
    if (node === undefined) continue;
    itemSeen(session, node);
    found.push(...commentsOf(node));
    onPage?.(node.journals?.length ?? 0);
  }
  return found;
}
