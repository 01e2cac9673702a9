import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { inDays } from "../page/times.ts";
import { inUnits } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Axes, BOX, INNER_HEIGHT, niceTop, useWidth } from "./axes.tsx";

/** Points over time, with lines across at the median and the 85th percentile. */
export function Scatter({
  title,
  points,
  from,
  to,
  lines,
}: {
  readonly title: string;
  readonly points: readonly {
    readonly at: number;
    readonly value: number;
    readonly text: string;
    readonly href: string;
  }[];
  readonly from: number;
  readonly to: number;
  readonly lines: readonly { readonly name: string; readonly value: number | undefined }[];
}): JSX.Element {
  const [hovered, setHovered] = useState("");
  const { picture, width, inner } = useWidth();
  const most = niceTop(Math.max(1, ...points.map(({ value }) => value)));
  const y = (value: number): number => BOX.top + INNER_HEIGHT * (1 - value / most);
  const x = (at: number): number => BOX.left + (inner * (at - from)) / Math.max(1, to - from);
  const drawn = lines.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
  const text = drawn.map(({ name, value }) => `${name} ${inDays(value)}`).join(", ");
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="hint">{hovered === "" ? text || say.nothingFinished : hovered}</span>
      </figcaption>
      <svg ref={picture} height={BOX.height} role="img" aria-label={say.stats.pointsOf(title, points.length, text)}>
        <Axes
          most={most}
          width={width}
          y={y}
          x={() => BOX.left}
          labels={[""]}
          format={(value) => inUnits(value, "day", "narrow")}
        />
        {drawn.map(({ name, value }) => (
          <line key={name} class="level" x1={BOX.left} x2={width - BOX.right} y1={y(value)} y2={y(value)} />
        ))}
        {points.slice(-2000).map(({ at, value, text: label }, n) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer alone; the figures are in the caption.
          <circle key={n} class="dot" cx={x(at)} cy={y(value)} r="3.5" onMouseEnter={() => setHovered(label)} />
        ))}
      </svg>
    </figure>
  );
}
