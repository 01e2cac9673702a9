import { AyoError } from "../../error.ts";
import type { Store } from "../../store/open/store.ts";
import { CATEGORIES, type Category } from "../../ticket/rules/board.ts";
import { type Group, groupsOf } from "../../ticket/stats/groups.ts";
import { listOf, valueFigure, whoseFigure } from "../../ticket/stats/lists.ts";
import type { Slowest } from "../../ticket/stats/waits.ts";
import type { Scope } from "./scope.ts";

/** What figures are broken down by. */
const BREAKDOWNS = ["column", "project", "agent"] as const;
/** One of {@link BREAKDOWNS}. */
export type Breakdown = (typeof BREAKDOWNS)[number];

/** A column: how much is in it, and how long what left it had stood there. */
export interface ColumnFlow {
  readonly name: string;
  readonly id: string;
  readonly category: Category | null;
  readonly count: number;
  /** Of stays that ended in the time that is looked at; a ticket that came twice counts twice. */
  readonly stays: Slowest;
  /** The filter that lists what is in it now. */
  readonly list: string | null;
}

/** Figures by what they are broken down by, where it was asked for. */
export interface BrokenDown {
  readonly column?: readonly ColumnFlow[];
  readonly project?: readonly Group[];
  readonly agent?: readonly Group[];
}

interface Asked {
  readonly by: readonly Breakdown[];
  readonly from: number;
  /** The columns, counted. */
  readonly columns: readonly Omit<ColumnFlow, "stays" | "list">[];
}

/** What they are to be broken down by, as it was typed. @throws bad_input for a word that is none */
export function breakdownsIn(words: readonly string[]): Breakdown[] {
  return words
    .flatMap((word) => word.split(","))
    .map((word) => {
      const found = BREAKDOWNS.find((one) => one === word.trim().toLowerCase());
      if (found !== undefined) return found;
      throw new AyoError("bad_input", `by '${word}' is not one of ${BREAKDOWNS.join(", ")}`, {
        data: { field: "by", allowed: BREAKDOWNS },
      });
    });
}

/** Breaks figures down. */
export async function breakDown(store: Store, scope: Scope, asked: Asked): Promise<BrokenDown> {
  const { by, from } = asked;
  return {
    ...(by.includes("column") ? { column: await columnFlows(store, scope, asked) } : {}),
    ...(by.includes("project") ? { project: byProject(scope, from) } : {}),
    ...(by.includes("agent") ? { agent: byAgent(scope, from) } : {}),
  };
}

async function columnFlows(
  store: Store,
  { view, found, filter }: Scope,
  { from, columns }: Asked,
): Promise<ColumnFlow[]> {
  const { columnStays } = await import("./stays.ts");
  const stays = await columnStays(store, view, found, from);
  const others = columns.map((column) => column.id);
  // Filters take a category's name for its columns, and no such status.
  const isUnsaid = (id: string | null): boolean =>
    (CATEGORIES as readonly (string | null)[]).includes(id) && !view.board.columns.some((column) => column.id === id);
  return columns.map(({ id, name, category, count }) => ({
    name,
    id,
    category,
    count,
    stays: stays(id),
    list: listOf(filter, valueFigure("status", id, { scope: filter, others, isUnsaid })),
  }));
}

function byProject({ tickets, filter, projectOf }: Scope, from: number): Group[] {
  return groupsOf(tickets, {
    keysOf: (ticket) => {
      const project = projectOf(ticket);
      return project === undefined ? [] : [project];
    },
    figure: (name, others) => valueFigure("project", name, { scope: filter, others }),
    from,
    scope: filter,
  });
}

/** Names are the same in any case, with an @ or without. */
function byAgent({ tickets, filter }: Scope, from: number): Group[] {
  return groupsOf(tickets, {
    keysOf: ({ assignees }) => assignees.map((name) => [name.replace(/^@/, "").toLowerCase(), name]),
    figure: whoseFigure,
    from,
    scope: filter,
  });
}
