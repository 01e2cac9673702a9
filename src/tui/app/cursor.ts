import type { Lane, Row, Ui } from "./ui.ts";

/** Where the cursor stands; the row is undefined in an empty view. */
export interface Place {
  readonly lane: number;
  readonly at: number;
  readonly row: Row | undefined;
}

/** Where the cursor stands now: on the same line wherever it went; where that is gone, on the one that took its place. */
export function placeOf(ui: Ui): Place {
  const { lanes } = ui;
  const known = ui.cursors.get(ui.view);
  if (known !== undefined) {
    for (const [lane, { rows }] of nearFirst(lanes, known.lane)) {
      const at = rows[known.at]?.key === known.key ? known.at : rows.findIndex(({ key }) => key === known.key);
      if (at >= 0) return { lane, at, row: rows[at] };
    }
    const rows = lanes[known.lane]?.rows ?? [];
    if (rows.length > 0) {
      const at = Math.min(known.at, rows.length - 1);
      return { lane: known.lane, at, row: rows[at] };
    }
  }
  const first = lanes.findIndex(({ rows }) => rows.length > 0);
  return first < 0 ? { lane: 0, at: 0, row: undefined } : { lane: first, at: 0, row: lanes[first]?.rows[0] };
}

function nearFirst(lanes: readonly Lane[], lane: number): [number, Lane][] {
  const all = [...lanes.entries()];
  const own = all[lane];
  return own === undefined ? all : [own, ...all.filter(([index]) => index !== lane)];
}

/** Puts the cursor on a line. */
export function putCursor(ui: Ui, lane: number, at: number): void {
  const row = ui.lanes[lane]?.rows[at];
  if (row === undefined) return;
  ui.cursors.set(ui.view, { key: row.key, lane, at });
}

/** Shows other lines. The cursor goes where its line went; where that is gone, it stays on what took its place. */
export function showLanes(ui: Ui, lanes: readonly Lane[]): void {
  // It may not have been moved yet.
  if (ui.cursors.get(ui.view) === undefined) settle(ui);
  ui.lanes = lanes;
  settle(ui);
}

function settle(ui: Ui): void {
  const { lane, at, row } = placeOf(ui);
  if (row !== undefined) putCursor(ui, lane, at);
}

/** Up and down, never past an end. */
export function moveRows(ui: Ui, step: number): void {
  const { lane, at } = placeOf(ui);
  const rows = ui.lanes[lane]?.rows ?? [];
  putCursor(ui, lane, Math.max(0, Math.min(rows.length - 1, at + step)));
}

/** To the next lane that has lines. */
export function moveLanes(ui: Ui, step: 1 | -1): void {
  const { lane, at } = placeOf(ui);
  for (let next = lane + step; next >= 0 && next < ui.lanes.length; next += step) {
    const rows = ui.lanes[next]?.rows ?? [];
    if (rows.length === 0) continue;
    putCursor(ui, next, Math.min(at, rows.length - 1));
    return;
  }
}

/** The tickets that a command means: those that are marked, else the one under the cursor. */
export function targets(ui: Ui): string[] {
  if (ui.marks.size > 0) return [...ui.marks];
  const id = placeOf(ui).row?.id ?? "";
  return id === "" ? [] : [id];
}

/** Puts the cursor on a ticket, wherever it stands; false where it is not shown. */
export function putCursorOn(ui: Ui, id: string): boolean {
  for (const [lane, { rows }] of ui.lanes.entries()) {
    const at = rows.findIndex((row) => row.id === id);
    if (at < 0) continue;
    putCursor(ui, lane, at);
    return true;
  }
  return false;
}
