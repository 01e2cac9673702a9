import { cut, widthOf } from "../../textWidth.ts";
import { isAgent } from "../../ticket/rules/claim.ts";
import { type Data, lineOf } from "../data/source.ts";
import type { Area } from "../draw/area.ts";
import { categoryStyle, THEME } from "../draw/theme.ts";

/** In fewer cells a line has no place for all. */
const NARROW = 60;

/** A ticket in a line: id, priority, marks, title, and who has it. */
export function drawTicketLine(area: Area, data: Data, id: string, isMarked: boolean): void {
  const ticket = data.view.byId.get(id);
  if (ticket === undefined) return;
  const line = lineOf(data.view, ticket);
  const { glyphs } = area;
  const category = data.view.board.columns.find((column) => column.id === ticket.status)?.category ?? null;
  let x = area.put(0, 0, isMarked ? glyphs.marked : " ", THEME.marked);
  x = area.put(
    x,
    0,
    line.isBlocked ? glyphs.blocked : line.isReady ? glyphs.ready : " ",
    line.isBlocked ? THEME.error : THEME.good,
  );
  x = area.put(x + 1, 0, cut(id, 16), THEME.id);
  x = area.put(
    x + 1,
    0,
    `P${ticket.fields.priority ?? 2}`,
    (ticket.fields.priority ?? 2) < 2 ? THEME.error : THEME.dim,
  );
  // On a narrow screen the title says more than all else; the column shows by its colour.
  const isNarrow = area.width < NARROW;
  if (!isNarrow) x = drawStatus(area, x + 1, ticket.status, category);
  const who = isNarrow ? "" : cut(line.holder, Math.min(18, Math.floor(area.width / 4)));
  const right = [line.parts, who].filter((text) => text !== "").join(" ");
  const room = area.width - x - 2 - (right === "" ? 0 : widthOf(right) + 1);
  area.put(x + 1, 0, cut(ticket.title, room), isNarrow ? categoryStyle(category) : THEME.bold);
  if (right !== "") area.put(area.width - widthOf(right) - 1, 0, right, whoStyle(line.holder, line.isHeld));
}

function drawStatus(area: Area, x: number, text: string, category: string | null): number {
  const status = cut(text, 12);
  return area.put(x, 0, status, categoryStyle(category)) + Math.max(0, 12 - widthOf(status));
}

/** A ticket as a card of two lines. */
export function drawCard(area: Area, data: Data, id: string, isMarked: boolean): void {
  const ticket = data.view.byId.get(id);
  if (ticket === undefined) return;
  const line = lineOf(data.view, ticket);
  const { glyphs } = area;
  let x = area.put(
    0,
    0,
    isMarked ? glyphs.marked : line.isBlocked ? glyphs.blocked : line.isReady ? glyphs.ready : " ",
    isMarked ? THEME.marked : line.isBlocked ? THEME.error : THEME.good,
  );
  x = area.put(x + 1, 0, cut(id, Math.max(4, area.width - 7)), THEME.id);
  x = area.put(
    x + 1,
    0,
    `P${ticket.fields.priority ?? 2}`,
    (ticket.fields.priority ?? 2) < 2 ? THEME.error : THEME.dim,
  );
  if (line.parts !== "") x = area.put(x + 1, 0, line.parts, THEME.dim);
  const who = cut(line.holder, Math.max(0, area.width - x - 2));
  if (who !== "") area.put(Math.max(x + 1, area.width - widthOf(who) - 1), 0, who, whoStyle(line.holder, line.isHeld));
  area.put(2, 1, cut(ticket.title, area.width - 3));
}

function whoStyle(name: string, isHeld: boolean) {
  if (!isHeld) return THEME.dim;
  return isAgent(name) ? THEME.agent : THEME.who;
}
