import { type Card, type Column, isFinished } from "../shapes.ts";

/** A phase: its columns with how many tickets each of them has, and how many tickets are beyond it. */
export interface Phase {
  readonly name: string;
  readonly columns: readonly (Column & { readonly count: number })[];
  /** Tickets in later phases, and those that are done. */
  readonly beyond: number;
}

/** The phases of a board. */
export interface Phases {
  /** In the order of their columns; none where no column names one. */
  readonly phases: readonly Phase[];
  /** Tickets in phases, and those that are done; what was given up counts nowhere. */
  readonly total: number;
}

/** Where tickets stand in the phases of the board. */
export function phasesOf(columns: readonly Column[], cards: Iterable<Pick<Card, "status" | "category">>): Phases {
  const counts = new Map<string, number>();
  let beyond = 0;
  const inPhases = new Set(columns.flatMap(({ id, phase }) => (phase === undefined ? [] : [id])));
  for (const card of cards) {
    counts.set(card.status, (counts.get(card.status) ?? 0) + 1);
    if (isFinished(card) && card.category === "done" && !inPhases.has(card.status)) beyond++;
  }
  const own = new Map<string, Phase["columns"][number][]>();
  for (const column of columns) {
    if (column.phase === undefined) continue;
    const some = own.get(column.phase) ?? [];
    some.push({ ...column, count: counts.get(column.id) ?? 0 });
    own.set(column.phase, some);
  }
  const phases: Phase[] = [];
  for (const [name, some] of [...own].reverse()) {
    phases.unshift({ name, columns: some, beyond });
    beyond += some.reduce((sum, { count }) => sum + count, 0);
  }
  return { phases, total: beyond };
}
