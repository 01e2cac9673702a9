import { placeOf, putCursor } from "../app/cursor.ts";
import type { Row, Ui } from "../app/ui.ts";
import type { Area } from "../draw/area.ts";
import { drawRows } from "../draw/rows.ts";
import { THEME } from "../draw/theme.ts";
import type { Mouse } from "./columnsView.ts";

/** Draws a line of a list. */
export type DrawLine = (area: Area, row: Row) => void;

/** Lines below each other in a frame: tickets, what needs you, runs, projects. */
export function drawList(
  area: Area,
  ui: Ui,
  {
    title,
    line,
    empty,
    mouse,
  }: {
    readonly title: string;
    readonly line: DrawLine;
    readonly empty: string;
    readonly mouse: Mouse;
  },
): void {
  const lane = ui.lanes[0];
  const rows = lane?.rows ?? [];
  const { at, row } = placeOf(ui);
  const inner = area.box(title, ui.pane === "main", row === undefined ? "" : `${at + 1} of ${rows.length}`);
  if (rows.length === 0) {
    inner.put(1, 0, ui.standing === "reading" ? "reading…" : empty, THEME.dim);
    return;
  }
  const next = drawRows(inner, {
    count: rows.length,
    cursor: at,
    hasKeys: ui.pane === "main",
    scroll: ui.scrolls.get(ui.view) ?? 0,
    draw: (part, index) => {
      const shown = rows[index];
      if (shown !== undefined) line(part, shown);
    },
    onPress: (index, isTwice) => {
      putCursor(ui, 0, index);
      if (isTwice) mouse.open();
      else mouse.moved();
    },
    onWheel: (step) => {
      putCursor(ui, 0, Math.max(0, Math.min(rows.length - 1, at + step * 3)));
      mouse.moved();
    },
  });
  ui.scrolls.set(ui.view, next);
}
