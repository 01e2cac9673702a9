import { describe, expect, test } from "vitest";
import { type Board, type Category, DEFAULT_BOARD } from "../../../src/ticket/rules/board.ts";
import { columnOf } from "../../../src/ticket/rules/columns.ts";
import { passGate } from "../../../src/ticket/rules/gate.ts";
import type { Ticket } from "../../../src/ticket/ticket.ts";

const STRICT: Board = { ...DEFAULT_BOARD, transitions: { open: ["in_progress"] } };
const first = { status: "open", title: "First" };
const lookup = { get: (id: string) => (id === "a" ? first : undefined), partsOf: () => [] };

function move(
  category: Category,
  options: { deps?: string[]; children?: string[]; force?: boolean; board?: Board },
): void {
  const { deps = [], children = [], force = false, board = DEFAULT_BOARD } = options;
  const ticket: Ticket = {
    id: "x",
    path: "x.md",
    version: "",
    title: "X",
    status: "open",
    fields: { deps },
    extra: {},
    criteria: { done: 0, total: 0 },
  };
  passGate(ticket, columnOf(board, category), { board, lookup, openChildren: children }, force);
}

describe("passGate", () => {
  test.each<[Category, string]>([
    ["active", "blocked"],
    ["review", "blocked"],
    ["done", "blocked"],
  ])("%s refuses an open dependency, and names it", (category, code) => {
    expect(() => move(category, { deps: ["a"] })).toThrow(expect.objectContaining({ code }));
    expect(() => move(category, { deps: ["a"] })).toThrow("x waits for a (open): First");
    expect(() => move(category, { deps: ["lost"] })).toThrow("x waits for lost (missing)");
    expect(() => move(category, { deps: ["a"], force: true })).not.toThrow();
  });

  test.each<Category>(["todo", "blocked", "cancelled", "failed"])("%s asks for no dependency", (category) => {
    expect(() => move(category, { deps: ["a"], children: ["c"] })).not.toThrow();
  });

  test("only done asks for the children", () => {
    expect(() => move("done", { children: ["b", "c"] })).toThrow("x has open children: b, c");
    expect(() => move("done", { children: ["b"], force: true })).not.toThrow();
    expect(() => move("active", { children: ["b"] })).not.toThrow();
  });

  test("the board's transitions hold even with force", () => {
    expect(() => move("done", { board: STRICT, force: true })).toThrow(
      "x cannot move from open to closed; allowed: in_progress",
    );
    expect(() => move("active", { board: STRICT })).not.toThrow();
    expect(() => move("todo", { board: STRICT })).not.toThrow();
  });
});
