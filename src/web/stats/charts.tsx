import type { JSX } from "preact";
import { useState } from "preact/hooks";

/** Inside sizes of a chart, in the units of its own picture. */
const BOX = { width: 640, height: 220, left: 40, right: 8, top: 10, bottom: 24 };
const INNER = { width: BOX.width - BOX.left - BOX.right, height: BOX.height - BOX.top - BOX.bottom };

/** One line of numbers, one for each place along the chart. */
export interface Series {
  readonly name: string;
  /** The class that gives it its colour. */
  readonly look: string;
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
export function Chart({ title, hint, labels, series, kind, format = String }: ChartProps): JSX.Element {
  const [at, setAt] = useState(-1);
  const most = niceTop(highest(series, kind));
  const y = (value: number): number => BOX.top + INNER.height * (1 - value / most);
  const step = INNER.width / Math.max(1, kind === "bars" ? labels.length : labels.length - 1);
  const x = (place: number): number => BOX.left + step * (kind === "bars" ? place + 0.5 : place);
  const look = (event: MouseEvent): void => {
    const { left, width } = (event.currentTarget as SVGElement).getBoundingClientRect();
    const inside = ((event.clientX - left) / width) * BOX.width - BOX.left;
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
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        role="img"
        aria-label={`${title}; values in the table below`}
        onMouseMove={look}
        onMouseLeave={() => setAt(-1)}
      >
        <Axes most={most} y={y} labels={labels} x={x} format={format} />
        {draw(series, x, y, step)}
        {at < 0 ? null : <line class="cursor" x1={x(at)} x2={x(at)} y1={BOX.top} y2={BOX.top + INNER.height} />}
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

/** A round number at or above the highest value. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((one) => one * power).find((one) => one >= value) ?? value;
}

function Axes(p: {
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

type Draw = (
  series: readonly Series[],
  x: (place: number) => number,
  y: (value: number) => number,
  step: number,
) => JSX.Element[];

const drawStacked: Draw = (series, x, y) => {
  const base: number[] = [];
  return series.map(({ name, look, values }) => {
    const below = values.map((_, n) => base[n] ?? 0);
    values.forEach((value, n) => {
      base[n] = (base[n] ?? 0) + value;
    });
    const upper = values.map((_, n) => `${x(n)},${y(base[n] ?? 0)}`);
    const lower = below.map((value, n) => `${x(n)},${y(value)}`).reverse();
    return <polygon key={name} class={`area ${look}`} points={[...upper, ...lower].join(" ")} />;
  });
};

const drawLines: Draw = (series, x, y) =>
  series.map(({ name, look, values }) => (
    <polyline key={name} class={`line ${look}`} points={values.map((value, n) => `${x(n)},${y(value)}`).join(" ")} />
  ));

const drawBars: Draw = (series, x, y, step) => {
  const width = Math.max(1, (step * 0.8) / series.length);
  return series.flatMap(({ name, look, values }, row) =>
    values.map((value, n) => (
      <rect
        key={`${name}${n}`}
        class={`bar-of ${look}`}
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
      {series.map(({ name, look }) => (
        <span key={name}>
          <i class={look} /> {name}
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
      <summary>Values</summary>
      {isOpen ? (
        <table>
          <caption class="sr">{title}</caption>
          <thead>
            <tr>
              <th scope="col">when</th>
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
  const [said, setSaid] = useState("");
  const most = niceTop(Math.max(1, ...points.map(({ value }) => value)));
  const y = (value: number): number => BOX.top + INNER.height * (1 - value / most);
  const x = (at: number): number => BOX.left + (INNER.width * (at - from)) / Math.max(1, to - from);
  const drawn = lines.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
  const text = drawn.map(({ name, value }) => `${name} ${inDays(value)}`).join(", ");
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="hint">{said === "" ? text || "nothing was finished in this time" : said}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        role="img"
        aria-label={`${title}: ${points.length} tickets; ${text}`}
      >
        <Axes most={most} y={y} x={() => BOX.left} labels={[""]} format={(value) => `${value}d`} />
        {drawn.map(({ name, value }) => (
          <line key={name} class="level" x1={BOX.left} x2={BOX.width - BOX.right} y1={y(value)} y2={y(value)} />
        ))}
        {points.slice(-2000).map(({ at, value, text: label }, n) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer alone; the figures are in the caption.
          <circle key={n} class="dot" cx={x(at)} cy={y(value)} r="3.5" onMouseEnter={() => setSaid(label)} />
        ))}
      </svg>
    </figure>
  );
}

/** `3.4 days`, or hours where it is less than two. */
export function inDays(days: number | undefined): string {
  if (days === undefined) return "–";
  const minutes = Math.round(days * 24 * 60);
  if (minutes < 120) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  return days < 2 ? `${Math.round(days * 24)} hours` : `${Math.round(days * 10) / 10} days`;
}
