import type { Test } from "../data/filter/filter.ts";
import type { Model } from "../data/model.ts";
import type { Projects } from "../data/projects.ts";
import { type Card, type Column, compareCards, isFinished } from "../data/shapes.ts";
import { say } from "../words/say.ts";

/** A card's height with the gap below it, in CSS pixels; all are alike, so that only what is seen need be drawn. */
export const CARD_HEIGHT = 104;
/** A heading's, where cards are grouped. */
export const HEADING_HEIGHT = 34;

/** What cards of a column can be grouped by; `phase` groups the columns themselves. */
export const GROUPS = ["", "assignee", "project", "parent", "type", "priority", "phase"] as const;
/** One of {@link GROUPS}. */
export type Group = (typeof GROUPS)[number];

/** A card or a heading, and where it stands in its column. */
export type Row =
  | {
      readonly kind: "card";
      readonly card: Card;
      /** How many cards come before it in its column. */
      readonly n: number;
      readonly top: number;
    }
  | { readonly kind: "heading"; readonly text: string; readonly count: number; readonly top: number };

/** A column with what is in it. */
export interface Lane {
  readonly column: Column;
  readonly rows: readonly Row[];
  /** The cards in their order. */
  readonly cards: readonly Card[];
  readonly height: number;
  /** How many it holds without the filter. */
  readonly total: number;
  /** How many pass the filter, seen or not. */
  readonly shown: number;
  /** Where in `cards` each row across the columns begins; one row where there are none. */
  readonly starts: readonly number[];
  /** Only its name is shown. */
  readonly isFolded?: boolean;
}

/** Every column with the cards that pass the filter: unfinished ones in the order of `ready`, finished the latest first. */
export function lanesOf(
  { columns, cards }: Model,
  test: Test | undefined,
  group: Group,
  { find }: Pick<Projects, "find">,
): Lane[] {
  const found = new Map<string, Card[]>(columns.map(({ id }) => [id, []]));
  const totals = new Map<string, number>();
  for (const card of cards.values()) {
    totals.set(card.status, (totals.get(card.status) ?? 0) + 1);
    if (test === undefined || test(card)) found.get(card.status)?.push(card);
  }
  const lanes = columns.map((column): Lane => {
    const sorted = (found.get(column.id) ?? []).sort(isFinished(column) ? compareFinished : compareCards);
    return {
      column,
      cards: sorted,
      total: totals.get(column.id) ?? 0,
      shown: sorted.length,
      starts: [0],
      ...rowsOf(sorted, (card) => groupName(card, group, cards, find), group),
    };
  });
  return lanes;
}

/** Columns of which some are collapsed: nobody walks through what is not seen. */
export function foldedLanes(lanes: readonly Lane[], folded: ReadonlySet<string>): readonly Lane[] {
  return lanes.map((lane) =>
    folded.has(`column:${lane.column.id}`) ? { ...lane, rows: [], cards: [], height: 0, isFolded: true } : lane,
  );
}

/** The card so many columns and cards on, as they are seen: across, in the same row; the first of all where there was none. */
export function cardAfter(
  lanes: readonly Lane[],
  place: ReturnType<typeof placeOf>,
  [across, down]: readonly [across: number, down: number],
): Card | undefined {
  if (place === undefined) return lanes.find(({ cards }) => cards.length > 0)?.cards[0];
  const { starts, cards } = lanes[place.lane] as Lane;
  if (across === 0) return cards[Math.max(0, Math.min(place.at + down, cards.length - 1))];
  const row = Math.max(
    0,
    starts.findLastIndex((start) => start <= place.at),
  );
  const offset = place.at - (starts[row] ?? 0);
  for (let lane = lanes[place.lane + across], at = place.lane; lane !== undefined; lane = lanes[at + across]) {
    at += across;
    const start = lane.starts[row] ?? 0;
    const count = (lane.starts[row + 1] ?? lane.cards.length) - start;
    if (count > 0) return lane.cards[start + Math.min(offset, count - 1)];
  }
  return undefined;
}

/** The lane and the place in it of a card. */
export function placeOf(
  lanes: readonly Lane[],
  id: string,
): { readonly lane: number; readonly at: number } | undefined {
  for (const [lane, { cards }] of lanes.entries()) {
    const at = cards.findIndex((card) => card.id === id);
    if (at >= 0) return { lane, at };
  }
  return undefined;
}

function rowsOf(cards: Card[], nameOf: (card: Card) => string, group: Group): Pick<Lane, "rows" | "height"> {
  const rows: Row[] = [];
  let top = 0;
  let n = 0;
  const add = (some: readonly Card[]): void => {
    for (const card of some) {
      rows.push({ kind: "card", card, n: n++, top });
      top += CARD_HEIGHT;
    }
  };
  if (group === "" || group === "phase") add(cards);
  else {
    for (const [text, some] of groupsOf(cards, nameOf)) {
      rows.push({ kind: "heading", text, count: some.length, top });
      top += HEADING_HEIGHT;
      add(some);
    }
  }
  // The order on the screen is the order of the keys.
  cards.splice(0, cards.length, ...rows.flatMap((row) => (row.kind === "card" ? [row.card] : [])));
  return { rows, height: top };
}

/** Cards by the name of their group, those without one last. */
export function groupsOf(cards: readonly Card[], nameOf: (card: Card) => string): [string, Card[]][] {
  const groups = new Map<string, Card[]>();
  for (const card of cards) {
    const name = nameOf(card);
    const some = groups.get(name);
    if (some === undefined) groups.set(name, [card]);
    else some.push(card);
  }
  // Those without come last.
  const none = Object.values<string>(say.noValue);
  const isNone = (name: string): number => (none.includes(name) ? 1 : 0);
  return [...groups].sort(([left], [right]) => isNone(left) - isNone(right) || (left < right ? -1 : 1));
}

/** What a group is called that a card belongs to. */
export function groupName(card: Card, group: Group, all: Model["cards"], find: Projects["find"]): string {
  if (group === "parent")
    return card.parent === null ? say.noValue.parent : (all.get(card.parent)?.title ?? card.parent);
  if (group === "priority") return say.did.priority(String(card.priority));
  if (group === "project")
    return card.project === null ? say.noValue.project : (find(card.project)?.name ?? card.project);
  const value = group === "assignee" ? card.assignee : card.type;
  return value ?? (group === "assignee" ? say.noValue.assignee : say.noValue.type);
}

function compareFinished(left: Card, right: Card): number {
  const when = ({ closed, created }: Card): string => closed ?? created ?? "";
  return byText(when(right), when(left)) || compareCards(left, right);
}

function byText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
