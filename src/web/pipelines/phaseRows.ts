import type { Card, Column } from "../data/shapes.ts";

/** A phase: its columns, and how many tickets each of them has. */
export interface Phase {
  readonly name: string;
  readonly columns: readonly (Column & { readonly count: number })[];
}

/** The phases of the board in the order of its columns; none where no column names one. */
export function phasesOf(columns: readonly Column[], cards: Iterable<Pick<Card, "status">>): readonly Phase[] {
  const counts = new Map<string, number>();
  for (const { status } of cards) counts.set(status, (counts.get(status) ?? 0) + 1);
  const phases = new Map<string, Phase["columns"][number][]>();
  for (const column of columns) {
    if (column.phase === undefined) continue;
    const own = phases.get(column.phase) ?? [];
    own.push({ ...column, count: counts.get(column.id) ?? 0 });
    phases.set(column.phase, own);
  }
  return [...phases].map(([name, own]) => ({ name, columns: own }));
}
