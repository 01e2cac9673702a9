import type { JSX } from "preact";
import { ticketHref } from "../page/router.ts";
import { shortDay } from "../page/times.ts";
import { say } from "../words/say.ts";
import type { Bar, Row } from "./plan.ts";

/** A row's height, in CSS pixels: on a phone, which has words instead of bars, two lines that a thumb can hit. */
export const ROW_HEIGHT = matchMedia("(max-width: 48rem)").matches ? 56 : 30;
/** How wide the names of rows are. */
export const NAMES = 260;
/** How high the axis above the rows is. */
export const HEAD = 34;

/** How a group is called; what has none, too. */
export function groupName(name: string, group: string): string {
  if (name !== "") return name;
  return group === "assignee" ? say.nobody : say.stats.noProject;
}

/** The name of a group. */
export function HeadingRow({
  row: { name, count, late },
  at,
  group,
}: {
  readonly row: Extract<Row, { kind: "heading" }>;
  readonly at: number;
  readonly group: string;
}): JSX.Element {
  return (
    <li class="heading" style={{ top: `${at * ROW_HEIGHT}px` }}>
      <span class="name">
        <span dir="auto">{groupName(name, group)}</span> <span class="count">{count}</span>{" "}
        {late === 0 ? null : <span class="late">{say.timeline.late(late)}</span>}
      </span>
    </li>
  );
}

/** A ticket: its name, and its bar. */
export function BarRow(p: {
  readonly bar: Bar;
  readonly at: number;
  readonly of: number;
  readonly x: (moment: number) => number;
  /** Where today is. */
  readonly now: number;
  readonly isTabStop: boolean;
  readonly onFocus: () => void;
  readonly onPoint: () => void;
}): JSX.Element {
  const { card, kind, from, to, isLate } = p.bar;
  const left = Math.max(0, p.x(from));
  const width = Math.max(6, p.x(to) - left);
  return (
    <li style={{ top: `${p.at * ROW_HEIGHT}px` }} aria-posinset={p.at + 1} aria-setsize={p.of} onMouseEnter={p.onPoint}>
      <a href={ticketHref(card.id)} data-row={p.at} tabIndex={p.isTabStop ? 0 : -1} onFocus={p.onFocus}>
        <span class="name" title={card.title}>
          <span class="id">{card.id}</span> <span dir="auto">{card.title}</span>
          <span class="sr">: </span>
          <span class="when">{barText(p.bar)}</span>
        </span>
        <i
          class={`bar ${kind} ${card.category ?? "todo"}`}
          style={{ left: `${NAMES + left}px`, width: `${width}px` }}
        />
        {isLate ? (
          <i class="bar over" style={{ left: `${NAMES + p.x(to)}px`, width: `${Math.max(4, p.now - p.x(to))}px` }} />
        ) : null}
        <span
          aria-hidden="true"
          class={isLate ? "tag late" : "tag"}
          style={{ left: `${NAMES + Math.max(left + width, isLate ? p.now : 0) + 6}px` }}
        >
          {isLate ? say.timeline.lateSince(shortDay(isoDay(to - 1))) : kind === "due" ? shortDay(isoDay(to - 1)) : ""}
        </span>
      </a>
    </li>
  );
}

/** From when to when, in words. */
function barText({ card, from, to, kind, isLate }: Bar): string {
  const [first, last] = [shortDay(isoDay(from)), shortDay(isoDay(to - 1))];
  const waits = card.blockedBy.length === 0 ? "" : `; ${say.timeline.waitsFor(card.blockedBy.join(", "))}`;
  if (kind === "loose") return `${say.timeline.noDay}${waits}`;
  return `${say.timeline.span(first, last)}${isLate ? `, ${say.timeline.isLate}` : ""}${waits}`;
}

function isoDay(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
