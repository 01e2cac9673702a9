import type { JSX } from "preact";
import { route, setParams } from "../../page/router.ts";
import { useValue } from "../../page/state.ts";
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
        <span class="for">Group by </span>
        <select
          aria-label="Group by"
          value={group}
          onChange={(event) => setParams({ group: event.currentTarget.value })}
        >
          {GROUPS.map((name) => (
            <option key={name} value={name}>
              {name === "" ? (isList ? "status" : "nothing") : name}
            </option>
          ))}
        </select>
      </label>
      {isList ? null : (
        <label>
          <span class="for">Rows </span>
          <select aria-label="Rows" value={by} onChange={(event) => setParams({ lanes: event.currentTarget.value })}>
            {BANDS.map((name) => (
              <option key={name} value={name}>
                {name === "" ? "no rows" : name}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="button" aria-pressed={useValue(selecting)} onClick={toggleSelecting}>
        Select
      </button>
      <button type="button" aria-pressed={isList} title="v" onClick={toggleList}>
        List
      </button>
    </>
  );
}
