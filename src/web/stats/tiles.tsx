import type { JSX } from "preact";
import { inDays } from "../page/times.ts";
import { quantile } from "./flow.ts";

/** Why the stock of finished tickets is more than what was finished in all weeks. */
export function Undated({ count }: { readonly count: number }): JSX.Element | null {
  if (count === 0) return null;
  const one = count === 1;
  return (
    <p class="notice">
      {count.toLocaleString("en")} finished {one ? "ticket does" : "tickets do"} not say when:{" "}
      {one ? "it counts" : "they count"} as finished, and in no week or time.
    </p>
  );
}

/** The figures of the time, in large. */
export function Tiles(p: {
  readonly leads: readonly number[];
  readonly cycles: readonly number[];
  readonly waits: readonly number[];
  readonly done: number;
}): JSX.Element {
  const tiles = [
    ["done", String(p.done), ""],
    ["lead time", inDays(quantile(p.leads, 0.5)), within(p.leads)],
    ["cycle time", inDays(quantile(p.cycles, 0.5)), within(p.cycles)],
    ["blocked by others", inDays(quantile(p.waits, 0.5)), `${p.waits.length} tickets waited for another`],
  ] as const;
  return (
    <dl class="tiles">
      {tiles.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b> <span class="hint">{more}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function within(values: readonly number[]): string {
  const most = quantile(values, 0.85);
  return most === undefined ? "nothing finished in this time" : `85 of 100 within ${inDays(most)}`;
}
