import type { JSX } from "preact";
import { dayOfYear, monthOf } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { DAY, type Plan } from "./plan.ts";
import { NAMES } from "./rowView.tsx";
import { isCovered, ticksOf, ZOOMS, type Zoom } from "./scale.ts";

/** The days above, as far as they are seen. */
export function Axis(p: {
  readonly plan: Plan;
  readonly zoom: Zoom;
  readonly x: (moment: number) => number;
  readonly left: number;
  readonly width: number;
  /** The group of the rows below, once its heading is scrolled away. */
  readonly group: string;
}): JSX.Element {
  const { from, to } = p.plan;
  const now = Date.now();
  const perDay = ZOOMS[p.zoom];
  const first = Math.max(from, from + ((p.left - 200) / perDay) * DAY);
  const last = Math.min(to, from + ((p.left + p.width + 200) / perDay) * DAY);
  return (
    <div class="axis" aria-hidden="true">
      <span class="corner" style={{ width: `${NAMES}px` }} dir="auto">
        {p.group}
      </span>
      {ticksOf(first, last, p.zoom).map(({ at, isLarge }) => (
        <span key={at} class={isLarge ? "tick large" : "tick"} style={{ left: `${NAMES + p.x(at)}px` }}>
          {isCovered(at, now, p.zoom) ? "" : nameOf(at, isLarge, p.zoom)}
        </span>
      ))}
      <span class="tick today" style={{ left: `${NAMES + p.x(now)}px` }}>
        {say.timeline.today}
      </span>
    </div>
  );
}

function nameOf(at: number, isLarge: boolean, zoom: Zoom): string | number {
  if (zoom === "quarter") return monthOf(at);
  return isLarge || zoom === "month" ? dayOfYear(at) : new Date(at).getUTCDate();
}
