import type { Target } from "../data/many/target.ts";
import type { Model } from "../data/model.ts";
import type { Projects } from "../data/projects.ts";
import type { Card } from "../data/shapes.ts";
import { state } from "../page/state.ts";
import { say } from "../words/say.ts";
import { CARD_HEIGHT, groupName, type Lane, type Row } from "./lanes.ts";

/** What the rows across all columns can be. */
export const BANDS = ["", "assignee", "project", "parent", "type", "priority"] as const;
/** One of {@link BANDS}. */
export type BandField = (typeof BANDS)[number];

/** A heading's height, in CSS pixels. */
const HEADING = 36;
/** A row without cards has room for one that is dropped there. */
const LEAST = 56;

/** A row across all columns. */
export interface Band {
  /** The value that its tickets have; "" for none. */
  readonly key: string;
  readonly name: string;
  readonly count: number;
  readonly top: number;
  readonly height: number;
  readonly isFolded: boolean;
}

/** The rows that the board shows; undefined where there are none. */
export const shownBands = state<{ readonly by: BandField; readonly bands: readonly Band[] } | undefined>(undefined);

/** The columns cut into rows: each card stands where its row is, so that all columns scroll as one. */
export function bandsOf(
  lanes: readonly Lane[],
  by: BandField,
  isFolded: (key: string) => boolean,
  { cards: all }: Pick<Model, "cards">,
  { find }: Pick<Projects, "find">,
): { readonly bands: readonly Band[]; readonly lanes: readonly Lane[] } {
  const names = new Map<string, { readonly name: string; count: number; most: number }>();
  const cells = lanes.map(({ cards }) => {
    const cell = new Map<string, Card[]>();
    for (const card of cards) {
      const key = bandKey(card, by, find);
      const some = cell.get(key) ?? [];
      cell.set(key, some);
      some.push(card);
      const band = names.get(key) ?? { name: by === "" ? "" : groupName(card, by, all, find), count: 0, most: 0 };
      names.set(key, { ...band, count: band.count + 1, most: Math.max(band.most, some.length) });
    }
    return cell;
  });
  let top = 0;
  const bands = [...names]
    .sort(([one, left], [other, right]) => compareBands(one, left.name, other, right.name))
    .map(([key, { name, count, most }]): Band => {
      const isClosed = isFolded(key);
      const height = HEADING + (isClosed ? 0 : Math.max(LEAST, most * CARD_HEIGHT));
      const band = { key, name, count, top, height, isFolded: isClosed };
      top += height;
      return band;
    });
  return { bands, lanes: lanes.map((lane, at) => laneIn(lane, bands, cells[at] ?? new Map(), top)) };
}

function laneIn(lane: Lane, bands: readonly Band[], cell: ReadonlyMap<string, readonly Card[]>, height: number): Lane {
  const rows: Row[] = [];
  const starts: number[] = [];
  for (const { key, top, isFolded } of bands) {
    starts.push(rows.length);
    if (isFolded) continue;
    for (const [at, card] of (cell.get(key) ?? []).entries())
      rows.push({ kind: "card", card, n: rows.length, top: top + HEADING + at * CARD_HEIGHT });
  }
  const cards = rows.flatMap((row) => (row.kind === "card" ? [row.card] : []));
  return { ...lane, rows, cards, starts, height };
}

function compareBands(one: string, left: string, other: string, right: string): number {
  return Number(one === "") - Number(other === "") || left.localeCompare(right) || (one < other ? -1 : 1);
}

/** The value by which a card belongs to its row. */
export function bandKey(card: Card, by: BandField, find: Projects["find"]): string {
  if (by === "") return "";
  if (by === "priority") return String(card.priority);
  const value = card[by] ?? "";
  return by === "project" && value !== "" ? (find(value)?.slug ?? value) : value;
}

/** What cards get that are put into a row; undefined where they have it, or it cannot be given. */
export function bandFields(
  cards: readonly Card[],
  {
    by,
    key,
    name,
    find,
  }: { readonly by: BandField; readonly key: string; readonly name: string; readonly find: Projects["find"] },
): Target["fields"] {
  if (cards.every((card) => bandKey(card, by, find) === key)) return undefined;
  const value = key === "" ? null : key;
  const update = (said: string): Target["fields"] => ({
    operation: { op: "update", [by]: key },
    shown: { [by]: value },
    said,
  });
  if (by === "assignee") {
    const said = key === "" ? say.did.assignedToNobody : say.did.assigned(key);
    return { operation: { op: "assign", assignee: key }, shown: { assignee: value }, said };
  }
  if (by === "priority") {
    const priority = Number(key);
    return { operation: { op: "update", priority }, shown: { priority }, said: say.did.priority(String(priority)) };
  }
  if (by === "project") return update(key === "" ? say.did.noProject : say.did.project(name));
  if (by === "parent") return update(key === "" ? say.did.noParent : say.did.partOf(key));
  // A ticket always has a type again.
  return by === "type" && key !== "" ? update(say.did.type(key)) : undefined;
}
