import type { JSX } from "preact";

/** Inside sizes of a chart, in the units of its own picture. */
export const BOX = { width: 640, height: 220, left: 40, right: 8, top: 10, bottom: 24 };
/** The part of it between the axes. */
export const INNER = { width: BOX.width - BOX.left - BOX.right, height: BOX.height - BOX.top - BOX.bottom };

/** A round number at or above the highest value. */
export function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((one) => one * power).find((one) => one >= value) ?? value;
}

/** Lines across with their values, and the names of three places below. */
export function Axes(p: {
  readonly most: number;
  readonly y: (value: number) => number;
  readonly x: (place: number) => number;
  readonly labels: readonly string[];
  readonly format: (value: number) => string;
}): JSX.Element {
  const { labels } = p;
  const places = labels.length < 2 ? [0] : [0, Math.floor((labels.length - 1) / 2), labels.length - 1];
  const anchors = ["start", "middle", "end"] as const;
  return (
    <>
      {[0, p.most / 2, p.most].map((value) => (
        <g key={value}>
          <line class="grid" x1={BOX.left} x2={BOX.width - BOX.right} y1={p.y(value)} y2={p.y(value)} />
          <text x={BOX.left - 6} y={p.y(value) + 4} text-anchor="end">
            {p.format(Math.round(value * 10) / 10)}
          </text>
        </g>
      ))}
      {places.map((place, n) => (
        <text key={place} x={p.x(place)} y={BOX.height - 6} text-anchor={anchors[n] ?? "start"}>
          {labels[place]}
        </text>
      ))}
    </>
  );
}
