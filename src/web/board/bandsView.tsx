import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Model } from "../data/model.ts";
import { useValue } from "../page/state.ts";
import type { Band, BandField } from "./bands.ts";
import { useBoardRows } from "./drawnRows.ts";
import { toggleFolded } from "./fold.ts";
import type { Lane } from "./lanes.ts";
import { LaneView } from "./laneView.tsx";
import { dragged } from "./move/drag.ts";

/** The columns beside each other, cut into rows; all of it scrolls as one, below the columns' names. */
export function BandsView({
  lanes,
  bands,
  by,
  model,
  beside,
}: {
  readonly lanes: readonly Lane[];
  readonly bands: readonly Band[];
  readonly by: BandField;
  readonly model: Model;
  readonly beside: string;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const { rowsOf, isSeen, onScroll } = useBoardRows(box, lanes);
  const drag = useValue(dragged);
  const firstLane = lanes.findIndex(({ cards }) => cards.length > 0);
  return (
    <div class="board banded" ref={box} onScroll={onScroll}>
      <div class="lanes">
        <div class="bands">
          {bands.filter(isSeen).map((band) => (
            <div
              key={band.key}
              class={`band ${drag?.row === band.key ? "target" : ""}`}
              data-band={band.key}
              style={{ top: `${band.top}px`, height: `${band.height}px` }}
            >
              <button
                type="button"
                class="quiet"
                aria-expanded={!band.isFolded}
                onClick={() => toggleFolded(model.config.dir, `${by}:${band.key}`)}
              >
                <span aria-hidden="true">{band.isFolded ? "▸" : "▾"}</span> <span dir="auto">{band.name}</span>{" "}
                <span class="count">{band.count}</span>
              </button>
            </div>
          ))}
        </div>
        {lanes.map((lane, at) => (
          <LaneView
            key={lane.column.id}
            lane={lane}
            lanes={lanes}
            model={model}
            isFirstStop={at === firstLane}
            beside={beside}
            drawn={rowsOf(lane)}
          />
        ))}
      </div>
    </div>
  );
}
