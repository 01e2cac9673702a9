import type { Card, Column, Config } from "./shapes.ts";

/** Children by their parent: how many, and how many of them are done. */
export type Children = ReadonlyMap<string, { readonly done: number; readonly total: number }>;

/** The columns of the configuration, then statuses that are none of them. */
export function columnsOf(config: Config, columns: readonly Column[], cards: ReadonlyMap<string, Card>): Column[] {
  const known = new Set(columns.map(({ id }) => id));
  const strange = new Set([...cards.values()].map(({ status }) => status).filter((status) => !known.has(status)));
  const settings = new Map(config.board.columns.map((column) => [column.id, column]));
  return [
    ...columns.map(({ id, name, category, limit = null }) => {
      const { phase, role } = settings.get(id) ?? {};
      const more = { ...(phase === undefined ? {} : { phase }), ...(role === undefined ? {} : { role }) };
      return { id, name, category, limit, ...more };
    }),
    ...[...strange].map((id) => ({ id, name: id, category: null, limit: null })),
  ];
}

/** Children by their parent: how many, and how many of them are done. */
export function countChildren(cards: ReadonlyMap<string, Card>): Children {
  const counts = new Map<string, { done: number; total: number }>();
  for (const { parent, category } of cards.values()) {
    if (parent === null) continue;
    const count = counts.get(parent) ?? { done: 0, total: 0 };
    count.total++;
    if (category === "done") count.done++;
    counts.set(parent, count);
  }
  return counts;
}

/** Whose readiness a change can turn: its own, that of those who wait for it, and of its parent. */
export function withNeighbours(cards: ReadonlyMap<string, Card>, ids: ReadonlySet<string>): Set<string> {
  const near = new Set(ids);
  for (const id of ids) {
    const parent = cards.get(id)?.parent;
    if (parent != null) near.add(parent);
  }
  for (const card of cards.values()) if (card.deps.some((dep) => ids.has(dep))) near.add(card.id);
  return near;
}
