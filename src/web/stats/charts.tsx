import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { navigate } from "../page/router.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Axes, BOX, INNER_HEIGHT, niceTop, useWidth } from "./axes.tsx";

/** One line of numbers, one for each place along the chart. */
export interface Series {
  readonly name: string;
  /** The class that gives it its colour. */
  readonly color: string;
  readonly values: readonly number[];
}

interface ChartProps {
  readonly title: string;
  readonly hint: string;
  /** What each place is called: a day, a week. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly kind: "stacked" | "line" | "bars";
  readonly format?: (value: number) => string;
  /** Where the tickets of a value are listed. */
  readonly hrefAt: (place: number, series: number) => string;
}

/** A chart over time, with the values of the place under the pointer, and all of them as a table. */
export function Chart({ title, hint, labels, series, kind, format = number, hrefAt }: ChartProps): JSX.Element {
  const [at, setAt] = useState(-1);
  const { picture, width, inner } = useWidth();
  const most = niceTop(highest(series, kind));
  const y = (value: number): number => BOX.top + INNER_HEIGHT * (1 - value / most);
  const step = inner / Math.max(1, kind === "bars" ? labels.length : labels.length - 1);
  const x = (place: number): number => BOX.left + step * (kind === "bars" ? place + 0.5 : place);
  const placeOf = ({ clientX, currentTarget }: MouseEvent): number => {
    const inside = clientX - (currentTarget as SVGElement).getBoundingClientRect().left - BOX.left;
    const place = kind === "bars" ? Math.floor(inside / step) : Math.round(inside / step);
    return place >= 0 && place < labels.length ? place : -1;
  };
  /** The series whose bar, area or line is at a pointer, or the nearest. */
  const seriesOf = ({ clientX, clientY, currentTarget }: MouseEvent, place: number): number => {
    const { left, top } = (currentTarget as SVGElement).getBoundingClientRect();
    if (kind === "bars") {
      const inside = ((clientX - left - BOX.left) / step - place - 0.1) / 0.8;
      return Math.max(0, Math.min(series.length - 1, Math.floor(inside * series.length)));
    }
    const value = (1 - (clientY - top - BOX.top) / INNER_HEIGHT) * most;
    const heights = series.map(({ values }) => values[place] ?? 0);
    return kind === "stacked" ? stackedAt(heights, value) : nearestTo(heights, value);
  };
  const open = (event: MouseEvent): void => {
    const place = placeOf(event);
    if (place >= 0) navigate(hrefAt(place, seriesOf(event, place)));
  };
  const draw = { stacked: drawStacked, line: drawLines, bars: drawBars }[kind];
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="hint">{at < 0 ? hint : valuesAt(at, labels, series, format)}</span>
      </figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the table below has the same links. */}
      <svg
        ref={picture}
        class="drills"
        height={BOX.height}
        role="img"
        aria-label={say.stats.valuesBelow(title)}
        onClick={open}
        onMouseMove={(event) => setAt(placeOf(event))}
        onMouseLeave={() => setAt(-1)}
      >
        <Axes most={most} width={width} y={y} labels={labels} x={x} format={format} />
        {draw(series, x, y, step)}
        {at < 0 ? null : <line class="cursor" x1={x(at)} x2={x(at)} y1={BOX.top} y2={BOX.top + INNER_HEIGHT} />}
      </svg>
      <Legend series={series} />
      <Table title={title} labels={labels} series={series} format={format} hrefAt={hrefAt} />
    </figure>
  );
}

/** The series of a pile whose part of it a value lies in. */
function stackedAt(heights: readonly number[], value: number): number {
  let top = 0;
  const found = heights.findIndex((height) => {
    top += height;
    return value <= top;
  });
  return found < 0 ? heights.length - 1 : found;
}

function nearestTo(heights: readonly number[], value: number): number {
  const away = heights.map((height) => Math.abs(height - value));
  return away.indexOf(Math.min(...away));
}

function valuesAt(
  at: number,
  labels: readonly string[],
  series: readonly Series[],
  format: (value: number) => string,
): string {
  return `${labels[at]}: ${series.map(({ name, values }) => `${name} ${format(values[at] ?? 0)}`).join(", ")}`;
}

function highest(series: readonly Series[], kind: ChartProps["kind"]): number {
  const [first] = series;
  if (kind !== "stacked") return Math.max(1, ...series.flatMap(({ values }) => values));
  return Math.max(
    1,
    ...(first?.values ?? []).map((_, n) => series.reduce((sum, { values }) => sum + (values[n] ?? 0), 0)),
  );
}

type Draw = (
  series: readonly Series[],
  x: (place: number) => number,
  y: (value: number) => number,
  step: number,
) => JSX.Element[];

const drawStacked: Draw = (series, x, y) => {
  const base: number[] = [];
  return series.map(({ name, color, values }) => {
    const below = values.map((_, n) => base[n] ?? 0);
    values.forEach((value, n) => {
      base[n] = (base[n] ?? 0) + value;
    });
    const upper = values.map((_, n) => `${x(n)},${y(base[n] ?? 0)}`);
    const lower = below.map((value, n) => `${x(n)},${y(value)}`).reverse();
    return <polygon key={name} class={`area ${color}`} points={[...upper, ...lower].join(" ")} />;
  });
};

const drawLines: Draw = (series, x, y) =>
  series.map(({ name, color, values }) => (
    <polyline key={name} class={`line ${color}`} points={values.map((value, n) => `${x(n)},${y(value)}`).join(" ")} />
  ));

const drawBars: Draw = (series, x, y, step) => {
  const width = Math.max(1, (step * 0.8) / series.length);
  return series.flatMap(({ name, color, values }, row) =>
    values.map((value, n) => (
      <rect
        key={`${name}${n}`}
        class={`bar-of ${color}`}
        x={x(n) - step * 0.4 + row * width}
        width={width}
        y={y(value)}
        height={Math.max(0, y(0) - y(value))}
      />
    )),
  );
};

function Legend({ series }: { readonly series: readonly Series[] }): JSX.Element {
  return (
    <div class="legend">
      {series.map(({ name, color }) => (
        <span key={name}>
          <i class={color} /> {name}
        </span>
      ))}
    </div>
  );
}

function Table({
  title,
  labels,
  series,
  format,
  hrefAt,
}: Pick<ChartProps, "title" | "labels" | "series" | "hrefAt"> & {
  readonly format: (value: number) => string;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say.stats.values}</summary>
      {isOpen ? (
        <table>
          <caption class="sr">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{say.stats.when}</th>
              {series.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label, n) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {series.map(({ name, values }, row) => (
                  <td key={name}>
                    <a href={hrefAt(n, row)}>{format(values[n] ?? 0)}</a>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </details>
  );
}
