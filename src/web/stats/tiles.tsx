import type { JSX } from "preact";
import type { Durations } from "../../ticket/stats/durations.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import type { Answer } from "./answer.ts";
import { Listed, SlowestLink, timeText } from "./links.tsx";

/** Why the stock of finished tickets is more than what was finished in all weeks. */
export function Undated({ flow: { undated, lists } }: Pick<Answer, "flow">): JSX.Element | null {
  if (undated === 0) return null;
  return (
    <p class="notice">
      <Listed list={lists.undated}>{say.stats.undated(undated)}</Listed>
    </p>
  );
}

/** The figures of the time, in large. */
export function Tiles({ flow: { done, leadTime, cycleTime, waits, lists } }: Pick<Answer, "flow">): JSX.Element {
  const listed = (text: string): JSX.Element => (
    <Listed list={lists.done} isNone={done === 0}>
      {text}
    </Listed>
  );
  const tiles = [
    [say.stats.done, listed(number(done)), ""],
    [say.stats.leadTime, listed(timeText(leadTime.medianSeconds)), within(leadTime)],
    [say.stats.cycle, listed(timeText(cycleTime.medianSeconds)), within(cycleTime)],
    [say.stats.blockedTime, timeText(waits.medianSeconds), say.stats.waited(<SlowestLink of={waits} />, waits.count)],
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

function within({ p85Seconds }: Durations): string {
  return p85Seconds === null ? say.nothingFinished : say.stats.within(timeText(p85Seconds));
}
