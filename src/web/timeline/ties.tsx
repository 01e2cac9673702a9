import type { JSX } from "preact";
import { tiesOf } from "./lines.ts";
import type { Plan } from "./plan.ts";
import { HEAD, NAMES, ROW_HEIGHT } from "./rowView.tsx";

/** What waits for what, and the line of today; over the rows that are drawn. */
export function Ties(p: {
  readonly plan: Plan;
  readonly seen: readonly [number, number];
  readonly x: (moment: number) => number;
  readonly now: number;
  /** The ticket whose lines stand out. */
  readonly pointed: string;
  readonly width: number;
}): JSX.Element {
  const [first, after] = p.seen;
  return (
    <svg
      class="ties"
      aria-hidden="true"
      width={p.width}
      height={(after - first) * ROW_HEIGHT}
      viewBox={`0 ${first * ROW_HEIGHT} ${p.width} ${(after - first) * ROW_HEIGHT}`}
      style={{ left: `${NAMES}px`, top: `${first * ROW_HEIGHT + HEAD}px` }}
    >
      {tiesOf(p.plan, p.seen, { x: p.x, rowHeight: ROW_HEIGHT }).map(({ from, to, d, isTight }) => (
        <path
          key={`${from} ${to}`}
          class={`${from === p.pointed || to === p.pointed ? "pointed" : ""} ${isTight ? "tight" : ""}`}
          d={d}
        />
      ))}
      <line class="today" x1={p.now} x2={p.now} y1={first * ROW_HEIGHT} y2={after * ROW_HEIGHT} />
    </svg>
  );
}
