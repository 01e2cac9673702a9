import { type OnPage, TrackerError } from "../provider.ts";
import { shapesOf } from "../shape.ts";

const { listOf, whole } = shapesOf("Linear");

/** The most that Linear gives in a page. */
export const PAGE = 250;

/** A page of a list. */
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** A page as it was asked for. @throws TrackerError `broken` */
export function pageOf<T extends { id: string }>(said: Page<T> | null | undefined): Page<T> {
  const { nodes, pageInfo } = whole(said, "its list", []);
  for (const node of listOf(nodes, "its list")) whole(node, "a thing of its list", ["id"]);
  return { nodes, pageInfo: whole(pageInfo, "the end of its list", []) };
}

/** Reads pages until the last one, or until one ends before a time. */
export async function allPages<T extends { id: string }>(
  read: (after: string | null) => Promise<Page<T> | undefined>,
  onPage: OnPage = () => undefined,
  isEnough: (last: T) => boolean = () => false,
): Promise<readonly T[]> {
  const found = new Map<string, T>();
  let after: string | null = null;
  for (;;) {
    const { nodes, pageInfo }: Page<T> = pageOf(await read(after));
    onPage(nodes.length);
    for (const node of nodes) if (!found.has(node.id)) found.set(node.id, node);
    const last = nodes.at(-1);
    if (!pageInfo.hasNextPage || last === undefined || isEnough(last)) return [...found.values()];
    if (!pageInfo.endCursor || pageInfo.endCursor === after) {
      throw new TrackerError("broken", "Linear: a page that does not say where the next one begins");
    }
    after = pageInfo.endCursor;
  }
}
