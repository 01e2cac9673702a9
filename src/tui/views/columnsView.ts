import { cut } from "../../textWidth.ts";
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
  const { lanes } = ui;
  if (ui.data === undefined || lanes.length === 0) return;
  const place = placeOf(ui);
  const count = Math.max(1, Math.min(lanes.length, Math.floor(area.width / MIN_WIDTH)));
  const first = firstLane(ui, place.lane, count);
  const width = Math.floor(area.width / count);
  for (let lane = first; lane < Math.min(lanes.length, first + count); lane++) {
    const isLast = lane === first + count - 1;
    const x = (lane - first) * width;
    const before = lane === first && first > 0 ? "< " : "";
    const after = isLast && lane < lanes.length - 1 ? " >" : "";
    drawColumn(area.part(x, 0, isLast ? area.width - x : width, area.height), {
      ui,
      mouse,
      lane,
      cursor: lane === place.lane ? place.at : -1,
      edges: [before, after],
    });
  }
}

interface Drawn {
  readonly ui: Ui;
  readonly mouse: Mouse;
  readonly lane: number;
  readonly cursor: number;
  /** That there are more columns on a side. */
  readonly edges: readonly [string, string];
}

function drawColumn(box: Area, { ui, mouse, lane, cursor, edges: [before, after] }: Drawn): void {
  const { data } = ui;
  const column = data?.columns[lane];
  if (data === undefined || column === undefined) return;
  const { tickets, limit, name, category } = column;
  const hasKeys = ui.pane === "main";
  const inner = box.box("", cursor >= 0 && hasKeys);
  const count = ` ${before}${tickets.length}${limit === null ? "" : `/${limit}`}${after} `;
  box.put(2, 0, ` ${cut(name, Math.max(3, box.width - count.length - 6))} `, categoryStyle(category));
  const isOver = limit !== null && tickets.length > limit;
  box.put(box.width - 2 - count.length, 0, count, isOver ? THEME.error : THEME.dim);
  if (tickets.length === 0) inner.put(0, 0, ui.filter === "" ? "nothing here" : "nothing that fits", THEME.dim);
  const key = `columns ${column.id}`;
  const scroll = drawRows(inner, {
    count: tickets.length,
    cursor,
    hasKeys,
    scroll: ui.scrolls.get(key) ?? 0,
    height: CARD,
    draw: (line, index) => {
      const id = tickets[index]?.id ?? "";
      drawCard(line, data, id, ui.marks.has(id));
    },
    onPress: (index, isTwice) => {
      putCursor(ui, lane, index);
      if (isTwice) mouse.open();
      else mouse.moved();
    },
    onWheel: (step) => {
      const from = cursor >= 0 ? cursor : (ui.scrolls.get(key) ?? 0);
      putCursor(ui, lane, Math.max(0, Math.min(tickets.length - 1, from + step * 3)));
      mouse.moved();
    },
  });
  ui.scrolls.set(key, scroll);
}

function firstLane(ui: Ui, lane: number, count: number): number {
  const before = ui.scrolls.get("lanes") ?? 0;
  const first = Math.max(0, Math.min(ui.lanes.length - count, Math.max(lane - count + 1, Math.min(before, lane))));
  ui.scrolls.set("lanes", first);
  return first;
}
