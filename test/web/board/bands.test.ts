import { describe, expect, test } from "vitest";
import { bandFields, type bandKey, bandsOf } from "../../../src/web/board/bands.ts";
import { cardAfter, foldedLanes, lanesOf, placeOf } from "../../../src/web/board/lanes.ts";
import type { Model } from "../../../src/web/data/model.ts";
import { projectsOf } from "../../../src/web/data/projects.ts";
import type { Card } from "../../../src/web/data/shapes.ts";

const COLUMNS = [
  { id: "open", name: "Open", category: "todo" },
  { id: "doing", name: "Doing", category: "active" },
  { id: "done", name: "Done", category: "done" },
] as const;
const KNOWN = projectsOf([]);

/** `a open @x 1`: a card's id, status, assignee and priority. */
function modelOf(...lines: readonly string[]): Model {
  const cards = lines.map((line, at) => {
    const [id = "", status = "", assignee = "-", priority = "2"] = line.split(" ");
    const category = COLUMNS.find((column) => column.id === status)?.category ?? null;
    const created = `2026-11-20T10:00:0${at}Z`;
    const who = assignee === "-" ? null : assignee;
    return {
      id,
      title: id,
      status,
      category,
      assignee: who,
      priority: Number(priority),
      created,
      parent: null,
    } as Card;
  });
  return { columns: COLUMNS, cards: new Map(cards.map((card) => [card.id, card])) } as unknown as Model;
}

const MODEL = modelOf("a open @x", "b open", "c doing @x", "d doing @x 1", "e done", "f open @x 0", "g done @y");
const lanes = lanesOf(MODEL, undefined, "", KNOWN);
const cut = (isFolded = (_: string): boolean => false) => bandsOf(lanes, "assignee", isFolded, MODEL, KNOWN);

describe("rows across the columns", () => {
  test("have the cards of one value each, those without last, one below the other in all columns", () => {
    const { bands, lanes: columns } = cut();
    expect(bands.map(({ key, name, count, top, height }) => [key, name, count, top, height])).toEqual([
      ["@x", "@x", 4, 0, 36 + 208],
      ["@y", "@y", 1, 244, 36 + 104],
      ["", "no assignee", 2, 384, 36 + 104],
    ]);
    expect(columns.map(({ cards }) => cards.map(({ id }) => id).join(""))).toEqual(["fab", "dc", "ge"]);
    expect(columns.map(({ starts }) => starts)).toEqual([
      [0, 2, 2],
      [0, 2, 2],
      [0, 0, 1],
    ]);
    expect(columns[0]?.rows.map(({ top }) => top)).toEqual([36, 140, 420]);
    expect(new Set(columns.map(({ height }) => height))).toEqual(new Set([524]));
  });

  test("keep only their heading where they are collapsed; their cards are walked past", () => {
    const { bands, lanes: columns } = cut((key) => key === "@x");
    expect(bands.map(({ isFolded, height }) => [isFolded, height])).toEqual([
      [true, 36],
      [false, 140],
      [false, 140],
    ]);
    expect(columns.map(({ cards }) => cards.map(({ id }) => id).join(""))).toEqual(["b", "", "ge"]);
  });

  test("are walked through as they are seen: across within the row, past columns that have nothing there", () => {
    const { lanes: columns } = cut();
    const from = (id: string, step: readonly [number, number]) => cardAfter(columns, placeOf(columns, id), step)?.id;
    expect([from("f", [1, 0]), from("a", [1, 0]), from("c", [-1, 0])]).toEqual(["d", "c", "a"]);
    expect([from("b", [1, 0]), from("e", [-1, 0]), from("g", [-1, 0])]).toEqual(["e", "b", undefined]);
    expect([from("a", [0, 1]), from("b", [0, 1]), from("e", [0, -1])]).toEqual(["b", "b", "g"]);
    const folded = foldedLanes(lanes, new Set(["column:doing"]));
    expect(cardAfter(folded, placeOf(folded, "f"), [1, 0])?.id).toBe("g");
    expect(folded[1]).toMatchObject({ isFolded: true, shown: 2, cards: [] });
  });

  test("give what is put into them their value, unless all have it, or there is no such value", () => {
    const [a, b] = ["a", "b"].map((id) => MODEL.cards.get(id) as Card) as [Card, Card];
    const put = (cards: readonly Card[], by: Parameters<typeof bandKey>[1], key: string) =>
      bandFields(cards, { by, key, name: `name of ${key}`, find: KNOWN.find });
    expect(put([a, b], "assignee", "@x")).toMatchObject({
      operation: { op: "assign", assignee: "@x" },
      shown: { assignee: "@x" },
    });
    expect(put([a], "assignee", "@x")).toBeUndefined();
    expect(put([a], "assignee", "")?.shown).toEqual({ assignee: null });
    expect(put([a], "priority", "0")).toMatchObject({
      operation: { op: "update", priority: 0 },
      shown: { priority: 0 },
    });
    expect(put([a], "project", "web")?.said).toBe("project name of web");
    expect(put([{ ...a, type: "bug" }], "type", "")).toBeUndefined();
  });
});
