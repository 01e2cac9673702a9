import type { JSX } from "preact";
import { changeMany } from "../data/many/changeMany.ts";
import { dialog } from "../page/keys.ts";
import { PICK_KEYS, pick, pickName } from "../page/pick.ts";
import { keyText } from "../page/shortcuts.ts";
import { useValue } from "../page/state.ts";
import { capital } from "../words/forms.ts";
import { say } from "../words/say.ts";
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
        {count === 0 ? "" : say.board.selectedCount(count)}
      </div>
      {count === 0 && !isSelecting ? null : (
        <div class="selection" role="toolbar" aria-label={say.board.selectedTickets}>
          <span class="count">{say.board.selectedCount(count)}</span>
          <button type="button" class="quiet end" title={keyText("Ctrl A")} onClick={() => chooseAll(lanes)}>
            {say.all}
          </button>
          {Object.entries(PICK_KEYS).map(([key, kind], n) => (
            <button
              key={kind}
              type="button"
              class={n < 4 ? "quiet" : "quiet rare"}
              title={key}
              onClick={(event) => pick(kind, [...ids], event.currentTarget)}
            >
              {pickName(kind)}
            </button>
          ))}
          <button type="button" class="quiet more" aria-label={say.board.more} onClick={() => dialog.set("palette")}>
            ⋯
          </button>
          <button type="button" class="quiet end" title="x" onClick={() => void closeAll([...ids])}>
            {capital(say.verbs.close)}
          </button>
          <button
            type="button"
            class="quiet end"
            aria-label={say.board.clear}
            title={keyText("Esc")}
            onClick={chooseNone}
          >
            ×
          </button>
        </div>
      )}
    </>
  );
}

/** Closes tickets in one change. */
export function closeAll(ids: readonly string[]): Promise<boolean> {
  return changeMany(ids, { op: "close" }, say.did.closed);
}
