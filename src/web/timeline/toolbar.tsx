import type { JSX } from "preact";
import { route, setParams } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import type { Plan } from "./plan.ts";
import { ZOOMS, type Zoom } from "./scale.ts";

/** What of the timeline is shown: all of it is in the address. */
export function Toolbar({
  problem,
  zoom,
  plan,
}: {
  readonly problem: string;
  readonly zoom: Zoom;
  readonly plan: Plan;
}): JSX.Element {
  const { q = "", group = "", finished = "" } = useValue(route).params;
  return (
    <div class="toolbar">
      <input
        type="search"
        data-filter
        aria-label={say.filter}
        placeholder={say.graph.filterHint}
        aria-invalid={problem !== ""}
        aria-describedby="filter-problem"
        value={q}
        onInput={(event) => setParams({ q: event.currentTarget.value })}
      />
      <label>
        {say.board.groupBy}{" "}
        <select value={group} onChange={(event) => setParams({ group: event.currentTarget.value })}>
          <option value="">{say.fields.project}</option>
          <option value="assignee">{say.fields.assignee}</option>
        </select>
      </label>
      <label>
        {say.timeline.zoom}{" "}
        <select value={zoom} onChange={(event) => setParams({ zoom: event.currentTarget.value })}>
          {(Object.keys(ZOOMS) as Zoom[]).map((one) => (
            <option key={one} value={one}>
              {say.timeline.zooms[one]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={finished !== ""}
          onChange={(event) => setParams({ finished: event.currentTarget.checked ? "1" : "" })}
        />{" "}
        {say.graph.finishedToo}
      </label>
      <span class="shown" role="status">
        {say.data.tickets(plan.rowOf.size)}
        {plan.late === 0 ? "" : `, ${say.timeline.late(plan.late)}`}
      </span>
      <p class="filter-problem" id="filter-problem" role="status">
        {problem}
      </p>
    </div>
  );
}
