import type { JSX } from "preact";
import { changeMany } from "../data/changeMany.ts";
import { PICK_KEYS, PICK_NAMES, pick } from "../page/pick.ts";
import { useValue } from "../page/state.ts";
import type { Lane } from "./lanes.ts";
import { chooseAll, chooseNone, selecting, selection } from "./selection.ts";

/** How many cards are chosen, and what can be done with all of them: one change, one undo. */
export function SelectionBar({ lanes }: { readonly lanes: readonly Lane[] }): JSX.Element | null {
  const { ids } = useValue(selection);
  const count = ids.size;
  const isSelecting = useValue(selecting);
  return (
    <>
      <div class="sr" role="status">
        {count === 0 ? "" : `${count} selected`}
      </div>
      {count === 0 && !isSelecting ? null : (
        <div class="selection" role="toolbar" aria-label="Selected tickets">
          <span class="count">{count} selected</span>
          <button type="button" class="quiet" title="Ctrl A" onClick={() => chooseAll(lanes)}>
            All
          </button>
          {Object.entries(PICK_KEYS).map(([key, kind]) => (
            <button
              key={kind}
              type="button"
              class="quiet"
              title={key}
              onClick={(event) => pick(kind, [...ids], event.currentTarget)}
            >
              {PICK_NAMES[kind]}
            </button>
          ))}
          <button type="button" class="quiet" title="x" onClick={() => void closeAll([...ids])}>
            Close
          </button>
          <button type="button" class="quiet" aria-label="Clear selection" title="Esc" onClick={chooseNone}>
            ×
          </button>
        </div>
      )}
    </>
  );
}

/** Closes tickets in one change. */
export function closeAll(ids: readonly string[]): Promise<boolean> {
  return changeMany(ids, { op: "close" }, "closed");
}
