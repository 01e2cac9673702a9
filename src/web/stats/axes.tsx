import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Inside sizes of a chart, in CSS pixels. */
export const BOX = { height: 220, left: 48, right: 8, top: 10, bottom: 24 };
/** How high the part between the axes is. */
export const INNER_HEIGHT = BOX.height - BOX.top - BOX.bottom;

/** How wide a chart is: it is drawn as wide as it is shown, so that its words are as large as all others. */
export function useWidth(): {
  readonly picture: RefObject<SVGSVGElement | null>;
  readonly width: number;
  readonly inner: number;
} {
  const picture = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(640);
  useLayoutEffect(() => {
    const look = (): void => setWidth(Math.max(200, Math.round(picture.current?.clientWidth ?? 640)));
    const observer = new ResizeObserver(look);
    if (picture.current !== null) observer.observe(picture.current);
    look();
    return () => observer.disconnect();
  }, []);
  return { picture, width, inner: width - BOX.left - BOX.right };
}

/** A round number at or above the highest value. */
export function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((one) => one * power).find((one) => one >= value) ?? value;
}

/** Lines across with their values, and the names of three places below. */
export function Axes(p: {
  readonly most: number;
  readonly width: number;
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
          <line class="grid" x1={BOX.left} x2={p.width - BOX.right} y1={p.y(value)} y2={p.y(value)} />
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
