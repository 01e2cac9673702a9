import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Model } from "../data/model.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { useKeptScroll } from "./keptPlace.ts";
import { type Group, type Lane, placeOf } from "./lanes.ts";
import { LaneView } from "./laneView.tsx";
import { focused } from "./move/drag.ts";

/** The columns beside each other, those of one phase together. */
export function Columns({
  lanes,
  group,
  model,
  beside,
}: {
  readonly lanes: readonly Lane[];
  readonly group: Group;
  readonly model: Model;
  readonly beside: string;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const keepScroll = useKeptScroll(box, "", "Left");
  const stop = useValue(focused);
  const firstLane = placeOf(lanes, stop.id) === undefined ? lanes.findIndex(({ cards }) => cards.length > 0) : -1;
  return (
    <div class="board" ref={box} onScroll={keepScroll}>
      {phasesOf(lanes, group).map(([phase, some]) => (
        <div key={phase} class="phase">
          {phase === "" ? null : <div class="phase-name">{phase}</div>}
          <div class="lanes">
            {some.map((lane) => (
              <LaneView
                key={lane.column.id}
                lane={lane}
                lanes={lanes}
                model={model}
                isFirstStop={lanes[firstLane] === lane}
                beside={beside}
              />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

/** Neighbouring columns of one phase stand together. */
function phasesOf(lanes: readonly Lane[], group: Group): [string, Lane[]][] {
  if (group !== "phase" && lanes.every(({ column }) => column.phase === undefined)) return [["", [...lanes]]];
  const phases: [string, Lane[]][] = [];
  for (const lane of lanes) {
    const phase = lane.column.phase ?? say.board.noPhase;
    const last = phases.at(-1);
    if (last?.[0] === phase) last[1].push(lane);
    else phases.push([phase, [lane]]);
  }
  return phases;
}
