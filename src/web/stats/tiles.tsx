import type { JSX } from "preact";
import { inDays } from "../page/times.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { quantile } from "./flow.ts";

/** Why the stock of finished tickets is more than what was finished in all weeks. */
export function Undated({ count }: { readonly count: number }): JSX.Element | null {
  if (count === 0) return null;
  return <p class="notice">{say.stats.undated(count)}</p>;
}

/** The figures of the time, in large. */
export function Tiles(p: {
  readonly leads: readonly number[];
  readonly cycles: readonly number[];
  readonly waits: readonly number[];
  readonly done: number;
}): JSX.Element {
  const tiles = [
    [say.stats.done, number(p.done), ""],
    [say.stats.leadTime, inDays(quantile(p.leads, 0.5)), within(p.leads)],
    [say.stats.cycle, inDays(quantile(p.cycles, 0.5)), within(p.cycles)],
    [say.stats.blockedTime, inDays(quantile(p.waits, 0.5)), say.stats.waited(p.waits.length)],
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
  return most === undefined ? say.nothingFinished : say.stats.within(inDays(most));
}
