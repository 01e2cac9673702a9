import { dueEnd } from "../../ticket/moments.ts";
import { parseTime } from "../../ticket/time.ts";
import { type Card, compareCards, isFinished } from "../data/shapes.ts";

/** Milliseconds of a day. */
export const DAY = 86_400_000;
/** How long work without a day is drawn, where nothing tells how long such work takes. */
const SPAN = 3 * DAY;
/** Nothing is drawn farther from now than that: ten years. */
const FARTHEST = 3653 * DAY;

/** A ticket's place in time. */
export interface Bar {
  readonly card: Card;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** `loose`: it has no day; it stands after what it waits for. */
  readonly kind: "due" | "closed" | "loose";
  /** It is open and its day is over. */
  readonly isLate: boolean;
}

/** A row of the timeline: the name of a group, or a ticket. */
export type Row =
  | { readonly kind: "heading"; readonly name: string; readonly count: number; readonly late: number }
  | { readonly kind: "ticket"; readonly bar: Bar };

/** What is drawn. */
export interface Plan {
  readonly rows: readonly Row[];
  /** Which row a ticket has. */
  readonly rowOf: ReadonlyMap<string, number>;
  readonly from: number;
  readonly to: number;
  readonly late: number;
}

/** Puts tickets into time, in groups; `all` has those that they wait for, too. */
export function planOf(
  cards: readonly Card[],
  all: ReadonlyMap<string, Card>,
  { now, groupOf }: { readonly now: number; readonly groupOf: (card: Card) => string },
): Plan {
  const bars = placed(cards, all, now);
  const groups = new Map<string, Bar[]>();
  for (const bar of bars) {
    const name = groupOf(bar.card);
    const some = groups.get(name);
    if (some === undefined) groups.set(name, [bar]);
    else some.push(bar);
  }
  const rows: Row[] = [];
  const rowOf = new Map<string, number>();
  for (const [name, some] of [...groups].sort(([one], [other]) => byName(one, other))) {
    rows.push({ kind: "heading", name, count: some.length, late: some.filter(({ isLate }) => isLate).length });
    some.sort((left, right) => left.from - right.from || left.to - right.to || compareCards(left.card, right.card));
    for (const bar of some) {
      rowOf.set(bar.card.id, rows.length);
      rows.push({ kind: "ticket", bar });
    }
  }
  const begin = bars.reduce((first, { from }) => Math.min(first, from), now - 14 * DAY);
  const end = bars.reduce((last, { to }) => Math.max(last, to), now + 60 * DAY);
  return {
    rows,
    rowOf,
    from: dayAt(Math.max(begin, now - FARTHEST) - 3 * DAY),
    to: dayAt(Math.min(end, now + FARTHEST) + 15 * DAY),
    late: bars.filter(({ isLate }) => isLate).length,
  };
}

/** The group of a row whose heading is above it; undefined for a heading, which says it itself. */
export function groupAbove(rows: readonly Row[], row: number): string | undefined {
  if (rows[row]?.kind !== "ticket") return undefined;
  const heading = rows.slice(0, row).findLast(({ kind }) => kind === "heading");
  return heading?.kind === "heading" ? heading.name : undefined;
}

/** The first moment of a day, UTC. */
export function dayAt(moment: number): number {
  return Math.floor(moment / DAY) * DAY;
}

/** What has no name comes last. */
function byName(one: string, other: string): number {
  if (one === "" || other === "") return one === "" ? 1 : -1;
  return one.toLowerCase() < other.toLowerCase() ? -1 : 1;
}

/** Each ticket's bar. What waits for another that is open, and has no day, begins when that ends. */
function placed(cards: readonly Card[], all: ReadonlyMap<string, Card>, now: number): Bar[] {
  const span = usualSpan(all);
  const known = new Map<string, Bar>();
  const place = (card: Card, path: ReadonlySet<string>): Bar => {
    const before = known.get(card.id);
    if (before !== undefined) return before;
    const bar = fixedBar(card, now) ?? looseBar(card, path);
    // What goes round in a circle is placed as far as it was seen from here.
    if (path.size === 0 || bar.kind !== "loose" || !card.deps.some((dep) => path.has(dep))) known.set(card.id, bar);
    return bar;
  };
  const looseBar = (card: Card, path: ReadonlySet<string>): Bar => {
    const started = time(card.started);
    const inPath = new Set([...path, card.id]);
    const ends = card.deps.flatMap((dep) => {
      const other = path.size > MOST_DEEP || inPath.has(dep) ? undefined : all.get(dep);
      return other === undefined || isFinished(other) ? [] : [Math.max(now, place(other, inPath).to)];
    });
    const from = started ?? Math.max(now, ...ends);
    return { card, from, to: Math.max(from + span, now + DAY / 2, ...ends), kind: "loose", isLate: false };
  };
  // From the roots up, so that long chains do not go deep.
  return cards.map((card) => place(card, NOBODY));
}

/** A chain that goes deeper is cut: it could not be drawn either. */
const MOST_DEEP = 500;
const NOBODY: ReadonlySet<string> = new Set();

/** What is closed, or has a day. */
function fixedBar(card: Card, now: number): Bar | undefined {
  const begun = time(card.started) ?? time(card.created);
  if (isFinished(card)) {
    const end = time(card.closed) ?? begun ?? now;
    return { card, from: Math.min(begun ?? end, end), to: end, kind: "closed", isLate: false };
  }
  const due = typeof card.due === "string" ? dueEnd(card.due) : undefined;
  if (due === undefined) return undefined;
  return { card, from: Math.min(begun ?? due - DAY, due - DAY / 2), to: due, kind: "due", isLate: due <= now };
}

function time(text: string | null | undefined): number | undefined {
  return text ? parseTime(text) : undefined;
}

/** What half of the finished work took at most, from a day to two weeks. */
function usualSpan(all: ReadonlyMap<string, Card>): number {
  const took: number[] = [];
  for (const card of all.values()) {
    const [started, closed] = [time(card.started), time(card.closed)];
    if (card.category === "done" && started !== undefined && closed !== undefined) took.push(closed - started);
  }
  took.sort((left, right) => left - right);
  const median = took[Math.floor(took.length / 2)] ?? SPAN;
  return Math.min(14 * DAY, Math.max(DAY, median));
}
