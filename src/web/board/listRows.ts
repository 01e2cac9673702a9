import type { Model } from "../data/model.ts";
import type { Projects } from "../data/projects.ts";
import type { Card } from "../data/shapes.ts";
import { say } from "../words/say.ts";
import { type Group, groupName, groupsOf, HEADING_HEIGHT, type Lane, type Row } from "./lanes.ts";

/** A row's height in the list, in CSS pixels. */
export const ROW_HEIGHT = 36;

/** What the list can show of a ticket, besides its id and title. */
export const LIST_COLUMNS = ["status", "priority", "type", "assignee", "tags", "project", "due", "created"] as const;
/** One of {@link LIST_COLUMNS}. */
export type ListColumn = (typeof LIST_COLUMNS)[number];

/** What the list is sorted by; with `-` the other way round. */
export type Sort = "" | `${"-" | ""}${ListColumn | "id" | "title"}`;

/** All columns of the board as one list, grouped by status or otherwise; sorted within each group. */
export function listOf(
  lanes: readonly Lane[],
  { group, sort }: { readonly group: Group; readonly sort: string },
  { cards }: Model,
  { find }: Pick<Projects, "find">,
): Lane {
  const rows: Row[] = [];
  let top = 0;
  let n = 0;
  for (const [text, some] of groups(lanes, group, cards, find)) {
    rows.push({ kind: "heading", text, count: some.length, top });
    top += HEADING_HEIGHT;
    for (const card of sorted(some, sort)) {
      rows.push({ kind: "card", card, n: n++, top });
      top += ROW_HEIGHT;
    }
  }
  return {
    column: { id: "", name: say.board.list, category: null },
    rows,
    cards: rows.flatMap((row) => (row.kind === "card" ? [row.card] : [])),
    height: top,
    total: cards.size,
    shown: n,
    starts: [0],
  };
}

function groups(
  lanes: readonly Lane[],
  group: Group,
  all: Model["cards"],
  find: Projects["find"],
): [string, readonly Card[]][] {
  if (group === "" || group === "phase") {
    return lanes.filter(({ cards }) => cards.length > 0).map(({ column, cards }) => [column.name, cards]);
  }
  return groupsOf(
    lanes.flatMap(({ cards }) => cards),
    (card) => groupName(card, group, all, find),
  );
}

/** As the board has them, or by a column; what has no value comes last either way. */
function sorted(cards: readonly Card[], sort: string): readonly Card[] {
  const by = sort.replace(/^-/, "");
  if (by === "") return cards;
  const way = sort.startsWith("-") ? -1 : 1;
  return [...cards].sort((left, right) => {
    const [one, other] = [wordOf(left, by), wordOf(right, by)];
    if (one === other) return 0;
    if (one === "" || other === "") return one === "" ? 1 : -1;
    return way * (one < other ? -1 : 1);
  });
}

function wordOf(card: Card, name: string): string {
  const value = (card as unknown as Readonly<Record<string, unknown>>)[name];
  return Array.isArray(value) ? value.join() : String(value ?? "").toLowerCase();
}
