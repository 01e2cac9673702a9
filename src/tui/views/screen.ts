import { cut, widthOf } from "../../textWidth.ts";
import type { App } from "../app/app.ts";
import { placeOf } from "../app/cursor.ts";
import { scrollPreview, VIEWS } from "../app/ui.ts";
import type { Area } from "../draw/area.ts";
import { THEME } from "../draw/theme.ts";
import { drawColumns, type Mouse } from "./columnsView.ts";
import { depthOf, isAgain } from "./lanes.ts";
import { drawList } from "./listView.ts";
import { drawTicketLine } from "./ticketLine.ts";

/** Room for marks, filter and numbers beside the tabs. In cells. */
const MIN_RIGHT = 12;
/** From this width on what the cursor stands on shows beside the view. */
const SPLIT = 100;

/** The whole screen: tabs, the view with what the cursor stands on beside it, and the line of what is told. */
export function drawScreen(area: Area, app: App): void {
  const { ui } = app;
  if (area.width < 20 || area.height < 5) {
    area.put(0, 0, cut("too small for ayo", area.width), THEME.dim);
    return;
  }
  drawTabs(area.part(0, 0, area.width, 1), app);
  drawStatus(area.part(0, area.height - 1, area.width, 1), app);
  const body = area.part(0, 1, area.width, area.height - 2);
  const isSplit = area.width >= SPLIT;
  if (ui.isWhole || (!isSplit && ui.pane === "preview")) drawPreview(body, app);
  else if (isSplit) {
    const left = Math.floor(area.width * (ui.view === "columns" ? 0.64 : 0.55));
    drawView(body.part(0, 0, left, body.height), app);
    drawPreview(body.part(left, 0, area.width - left, body.height), app);
  } else drawView(body, app);
}

function drawTabs(area: Area, app: App): void {
  const { ui } = app;
  let x = area.put(0, 0, " ayo ", THEME.bold);
  const all = VIEWS.reduce((sum, view) => sum + view.length + 2, x);
  // Where there is no room for all, the one that shows.
  for (const view of all + MIN_RIGHT > area.width ? [ui.view] : VIEWS) {
    const text = ` ${view} `;
    area.part(x, 0, text.length, 1).zone({ onPress: () => void app.show(view) });
    x = area.put(x, 0, text, view === ui.view ? THEME.cursor : THEME.dim);
  }
  const marks = ui.marks.size === 0 ? "" : `${ui.marks.size} marked  `;
  const filter = ui.filter === "" ? "" : `/${ui.filter}  `;
  const count =
    ui.data === undefined ? "" : ui.filter === "" ? `${ui.data.total}` : `${ui.data.shown} of ${ui.data.total}`;
  const right = cut(`${marks}${filter}${count} `, Math.max(0, area.width - x - 1));
  area.put(area.width - widthOf(right), 0, right, ui.filterProblem === "" ? THEME.dim : THEME.error);
}

const STANDING = { reading: "reading…", live: "live", lost: "not live" } as const;

function drawStatus(area: Area, app: App): void {
  const { ui } = app;
  const standing = ui.trouble === "" ? ui.standing : "lost";
  const right = ` ${STANDING[standing]} `;
  const told = ui.trouble !== "" ? ui.trouble : ui.filterProblem !== "" ? ui.filterProblem : ui.message?.text;
  const isBad = ui.trouble !== "" || ui.filterProblem !== "" || ui.message?.tone === "error";
  const text = told ?? hintsIn(app.keyHints(), area.width - right.length - 1);
  area.put(
    0,
    0,
    cut(` ${text}`, area.width - right.length),
    told === undefined ? THEME.dim : isBad ? THEME.error : ui.message?.tone === "good" ? THEME.good : THEME.bold,
  );
  area.put(area.width - right.length, 0, right, standing === "live" ? THEME.good : THEME.warning);
}

/** As many as there is room for, each whole. */
function hintsIn(hints: readonly string[], width: number): string {
  let text = "";
  for (const hint of hints) {
    const longer = text === "" ? hint : `${text}  ${hint}`;
    if (widthOf(longer) > width) break;
    text = longer;
  }
  return text;
}

function drawView(area: Area, app: App): void {
  const { ui } = app;
  const mouse: Mouse = { open: () => app.openRow(), moved: () => app.moved() };
  const { data } = ui;
  if (ui.view === "columns") {
    drawColumns(area, ui, mouse);
    return;
  }
  drawList(area, ui, {
    title: ui.view,
    mouse,
    empty: ui.filter === "" ? app.emptyText() : "nothing fits the filter",
    line: (part, row) => {
      const custom = app.lineOf(row.key);
      if (custom !== undefined) part.spans(1, 0, custom);
      else if (data !== undefined) {
        const depth = Math.min(depthOf(row), 10) * 2;
        const line = part.part(depth, 0, part.width - depth, 1);
        drawTicketLine(line, data, row.id, ui.marks.has(row.id));
        if (depth > 0 && ui.view === "graph") part.put(depth - 2, 0, part.glyphs.branch, THEME.dim);
        if (isAgain(row)) line.mark(0, THEME.dim);
      }
    },
  });
}

function drawPreview(area: Area, app: App): void {
  const { ui } = app;
  const { preview } = ui;
  const { row } = placeOf(ui);
  const isActive = ui.pane === "preview" || ui.isWhole;
  const isCurrent = preview !== undefined && preview.key === row?.key;
  const inner = area.box(isCurrent ? preview.title : (row?.id ?? ""), isActive);
  if (!isCurrent) {
    inner.put(1, 0, row === undefined ? "" : "…", THEME.dim);
    return;
  }
  const lines = preview.lines(Math.max(4, inner.width - 2));
  const last = Math.max(0, lines.length - inner.height);
  if (preview.isLog === true && ui.isAtEnd) ui.previewScroll = last;
  ui.previewScroll = Math.max(0, Math.min(ui.previewScroll, last));
  ui.isAtEnd ||= ui.previewScroll === last;
  for (const [y, spans] of lines.slice(ui.previewScroll, ui.previewScroll + inner.height).entries())
    inner.spans(1, y, spans);
  if (ui.previewScroll + inner.height < lines.length)
    area.put(area.width - 4, area.height - 1, ` ${area.glyphs.more} `, THEME.dim);
  area.zone({
    onPress: () => {
      ui.pane = "preview";
    },
    onWheel: (step) => {
      scrollPreview(ui, step * 3);
    },
  });
}
