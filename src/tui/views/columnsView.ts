import { placeOf, putCursor } from "../app/cursor.ts";
import type { Ui } from "../app/ui.ts";
import type { Area } from "../draw/area.ts";
import { drawRows } from "../draw/rows.ts";
import { categoryStyle, THEME } from "../draw/theme.ts";
import { drawCard } from "./ticketLine.ts";

/** A column that is narrower than this says nothing. In cells. */
const MIN_WIDTH = 24;
const CARD = 2;

/** What the mouse does on a line. */
export interface Mouse {
  readonly open: () => void;
  readonly moved: () => void;
}

/** The columns of the board beside each other: as many as there is room for, that of the cursor always. */
export function drawColumns(area: Area, ui: Ui, mouse: Mouse): void {
  const { data, lanes } = ui;
  if (data === undefined || lanes.length === 0) return;
  const place = placeOf(ui);
  const count = Math.max(1, Math.min(lanes.length, Math.floor(area.width / MIN_WIDTH)));
  const first = firstLane(ui, place.lane, count);
  const width = Math.floor(area.width / count);
  for (let lane = first; lane < Math.min(lanes.length, first + count); lane++) {
    const column = data.columns[lane];
    if (column === undefined) continue;
    const isHere = lane === place.lane;
    const isLast = lane === first + count - 1;
    const x = (lane - first) * width;
    const limit = column.limit === null ? "" : `/${column.limit}`;
    const isOver = column.limit !== null && column.tickets.length > column.limit;
    const box = area.part(x, 0, isLast ? area.width - x : width, area.height);
    const edge = `${lane === first && first > 0 ? "< " : ""}${isLast && lane < lanes.length - 1 ? " >" : ""}`;
    const inner = box.box("", isHere && ui.pane === "main");
    box.put(2, 0, ` ${column.name} `, categoryStyle(column.category));
    box.put(
      box.width - 4 - `${column.tickets.length}${limit}${edge}`.length,
      0,
      ` ${column.tickets.length}${limit}${edge} `,
      isOver ? THEME.error : THEME.dim,
    );
    const key = `columns ${column.id}`;
    const next = drawRows(inner, {
      count: column.tickets.length,
      cursor: isHere ? place.at : -1,
      hasKeys: ui.pane === "main",
      scroll: ui.scrolls.get(key) ?? 0,
      height: CARD,
      draw: (line, index) => {
        const id = column.tickets[index]?.id ?? "";
        drawCard(line, data, id, ui.marks.has(id));
      },
      onPress: (index, isTwice) => {
        putCursor(ui, lane, index);
        if (isTwice) mouse.open();
        else mouse.moved();
      },
      onWheel: (step) => {
        if (!isHere) putCursor(ui, lane, ui.scrolls.get(key) ?? 0);
        const at = placeOf(ui).at + step * 3;
        putCursor(ui, lane, Math.max(0, Math.min(column.tickets.length - 1, at)));
        mouse.moved();
      },
    });
    ui.scrolls.set(key, next);
    if (column.tickets.length === 0)
      inner.put(0, 0, ui.filter === "" ? "nothing here" : "nothing that fits", THEME.dim);
  }
}

function firstLane(ui: Ui, lane: number, count: number): number {
  const before = ui.scrolls.get("lanes") ?? 0;
  const first = Math.max(0, Math.min(ui.lanes.length - count, Math.max(lane - count + 1, Math.min(before, lane))));
  ui.scrolls.set("lanes", first);
  return first;
}
