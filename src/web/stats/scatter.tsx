import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { navigate, ticketHref } from "../page/router.ts";
import { inDays } from "../page/times.ts";
import { inUnits } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Axes, BOX, INNER_HEIGHT, niceTop, useWidth } from "./axes.tsx";

/** A pointer means the nearest point within so many CSS pixels. */
const REACH = 16;
const LONGEST = 50;

interface Point {
  readonly id: string;
  readonly at: number;
  readonly value: number;
}

function nearestTo(
  { clientX, clientY, currentTarget }: MouseEvent,
  points: readonly Point[],
  placeOf: (point: Point) => readonly [number, number],
): Point | undefined {
  const { left, top } = (currentTarget as SVGElement).getBoundingClientRect();
  let best: Point | undefined;
  let least = REACH;
  for (const point of points) {
    const [x, y] = placeOf(point);
    const away = Math.hypot(x - clientX + left, y - clientY + top);
    if (away < least) [best, least] = [point, away];
  }
  return best;
}

/** Points over time, with lines across at the median and the 85th percentile. */
export function Scatter({
  title,
  points,
  from,
  to,
  lines,
}: {
  readonly title: string;
  readonly points: readonly Point[];
  readonly from: number;
  readonly to: number;
  readonly lines: readonly { readonly name: string; readonly value: number | undefined }[];
}): JSX.Element {
  const [hovered, setHovered] = useState<Point>();
  const { picture, width, inner } = useWidth();
  const most = niceTop(points.reduce((top, { value }) => Math.max(top, value), 1));
  const y = (value: number): number => BOX.top + INNER_HEIGHT * (1 - value / most);
  const x = (at: number): number => BOX.left + (inner * (at - from)) / Math.max(1, to - from);
  const drawn = lines.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
  const text = drawn.map(({ name, value }) => `${name} ${inDays(value)}`).join(", ");
  const pointAt = (event: MouseEvent): Point | undefined =>
    nearestTo(event, points, ({ at, value }) => [x(at), y(value)]);
  const open = (event: MouseEvent): void => {
    const point = pointAt(event);
    if (point !== undefined) navigate(ticketHref(point.id));
  };
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="hint">
          {hovered === undefined ? text || say.nothingFinished : say.stats.point(hovered.id, inDays(hovered.value))}
        </span>
      </figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list below has the same links. */}
      <svg
        ref={picture}
        class="drills"
        height={BOX.height}
        role="img"
        aria-label={say.stats.pointsOf(title, points.length, text)}
        onClick={open}
        onMouseMove={(event) => setHovered(pointAt(event))}
        onMouseLeave={() => setHovered(undefined)}
      >
        <Frame most={most} width={width} x={() => BOX.left} y={y} lines={drawn} />
        {/* One path of round dots: a thousand elements take longer than all the rest. */}
        <path
          class="dots"
          d={points.map(({ at, value }) => `M${x(at).toFixed(1)} ${y(value).toFixed(1)}h0`).join("")}
        />
        {hovered === undefined ? null : <circle class="dot" cx={x(hovered.at)} cy={y(hovered.value)} r="6" />}
      </svg>
      <Longest points={points} />
    </figure>
  );
}

/** The axes, and a line across at each level. */
function Frame(p: {
  readonly most: number;
  readonly width: number;
  readonly x: () => number;
  readonly y: (value: number) => number;
  readonly lines: readonly { readonly name: string; readonly value: number }[];
}): JSX.Element {
  return (
    <>
      <Axes
        most={p.most}
        width={p.width}
        y={p.y}
        x={p.x}
        labels={[""]}
        format={(value) => inUnits(value, "day", "narrow")}
      />
      {p.lines.map(({ name, value }) => (
        <line key={name} class="level" x1={BOX.left} x2={p.width - BOX.right} y1={p.y(value)} y2={p.y(value)} />
      ))}
    </>
  );
}

/** What took longest, as links. */
function Longest({
  points,
}: {
  readonly points: readonly { readonly id: string; readonly value: number }[];
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const longest = isOpen ? points.toSorted((left, right) => right.value - left.value).slice(0, LONGEST) : [];
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say.stats.tookLongest}</summary>
      <ul class="named">
        {longest.map(({ id, value }) => (
          <li key={id}>
            <a href={ticketHref(id)}>{id}</a> <span class="hint">{inDays(value)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
