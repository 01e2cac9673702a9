import type { JSX } from "preact";
import { useState } from "preact/hooks";
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
}

/** A chart over time, with the values of the place under the pointer, and all of them as a table. */
export function Chart({ title, hint, labels, series, kind, format = number }: ChartProps): JSX.Element {
  const [at, setAt] = useState(-1);
  const { picture, width, inner } = useWidth();
  const most = niceTop(highest(series, kind));
  const y = (value: number): number => BOX.top + INNER_HEIGHT * (1 - value / most);
  const step = inner / Math.max(1, kind === "bars" ? labels.length : labels.length - 1);
  const x = (place: number): number => BOX.left + step * (kind === "bars" ? place + 0.5 : place);
  const followPointer = (event: MouseEvent): void => {
    const { left } = (event.currentTarget as SVGElement).getBoundingClientRect();
    const inside = event.clientX - left - BOX.left;
    const place = kind === "bars" ? Math.floor(inside / step) : Math.round(inside / step);
    setAt(place >= 0 && place < labels.length ? place : -1);
  };
  const draw = { stacked: drawStacked, line: drawLines, bars: drawBars }[kind];
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="hint">{at < 0 ? hint : valuesAt(at, labels, series, format)}</span>
      </figcaption>
      <svg
        ref={picture}
        height={BOX.height}
        role="img"
        aria-label={say.stats.valuesBelow(title)}
        onMouseMove={followPointer}
        onMouseLeave={() => setAt(-1)}
      >
        <Axes most={most} width={width} y={y} labels={labels} x={x} format={format} />
        {draw(series, x, y, step)}
        {at < 0 ? null : <line class="cursor" x1={x(at)} x2={x(at)} y1={BOX.top} y2={BOX.top + INNER_HEIGHT} />}
      </svg>
      <Legend series={series} />
      <Table title={title} labels={labels} series={series} format={format} />
    </figure>
  );
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
}: Pick<ChartProps, "title" | "labels" | "series"> & { readonly format: (value: number) => string }): JSX.Element {
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
                {series.map(({ name, values }) => (
                  <td key={name}>{format(values[n] ?? 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </details>
  );
}
