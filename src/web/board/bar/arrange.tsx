import type { JSX } from "preact";
import { route, setParams } from "../../page/router.ts";
import { useValue } from "../../page/state.ts";
import { say } from "../../words/say.ts";
import { BANDS, type BandField } from "../bands.ts";
import { GROUPS, type Group } from "../lanes.ts";
import { toggleList } from "../panel.ts";
import { selecting, toggleSelecting } from "../selection.ts";

/** How the tickets are arranged. */
export interface Arranged {
  readonly group: Group;
  /** What the rows across the columns are. */
  readonly by: BandField;
}

/** What the tickets are grouped by, the rows across the columns, and whether they stand in columns or below each other. */
export function Arrange({ group, by }: Arranged): JSX.Element {
  const isList = useValue(route).params.view === "list";
  return (
    <>
      <label>
        <span class="for">{say.board.groupBy} </span>
        <select
          aria-label={say.board.groupBy}
          value={group}
          onChange={(event) => setParams({ group: event.currentTarget.value })}
        >
          {GROUPS.map((name) => (
            <option key={name} value={name}>
              {name === "" ? (isList ? say.fields.status : say.board.nothing) : say.fields[name]}
            </option>
          ))}
        </select>
      </label>
      {isList ? null : (
        <label>
          <span class="for">{say.board.rows} </span>
          <select
            aria-label={say.board.rows}
            value={by}
            onChange={(event) => setParams({ lanes: event.currentTarget.value })}
          >
            {BANDS.map((name) => (
              <option key={name} value={name}>
                {name === "" ? say.board.noRows : say.fields[name]}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="button" aria-pressed={useValue(selecting)} onClick={toggleSelecting}>
        {say.board.selectSeveral}
      </button>
      <button type="button" aria-pressed={isList} title="v" onClick={toggleList}>
        {say.board.list}
      </button>
    </>
  );
}
