import { describe, expect, test } from "vitest";
import { moveLanes, moveRows, placeOf, putCursor, showLanes, targets } from "../../../src/tui/app/cursor.ts";
import { newUi, type Ui } from "../../../src/tui/app/ui.ts";

/** A screen with these columns. */
function screen(...lanes: readonly string[]): Ui {
  const ui = newUi();
  show(ui, ...lanes);
  return ui;
}

function show(ui: Ui, ...lanes: readonly string[]): void {
  const shown = lanes.map((keys, at) => ({
    name: `lane ${at}`,
    rows: keys === "" ? [] : keys.split(" ").map((key) => ({ key, id: key.startsWith("-") ? "" : key })),
  }));
  showLanes(ui, shown);
}

const here = (ui: Ui): string => placeOf(ui).row?.key ?? "nowhere";

describe("the cursor", () => {
  test("begins on the first line that there is", () => {
    expect(here(screen())).toBe("nowhere");
    expect(here(screen("", "a b"))).toBe("a");
  });

  test("never leaves the lines", () => {
    const ui = screen("a b c", "", "d");
    moveRows(ui, -1);
    expect(here(ui)).toBe("a");
    moveRows(ui, 1_000_000);
    expect(here(ui)).toBe("c");
    moveLanes(ui, 1);
    expect(here(ui)).toBe("d");
    moveLanes(ui, 1);
    expect(here(ui)).toBe("d");
    moveLanes(ui, -1);
    expect(here(ui)).toBe("a");
  });

  test("stays on its line wherever that goes, and where it is gone on what took its place", () => {
    const ui = screen("a b c", "d");
    putCursor(ui, 0, 1);
    show(ui, "x a b c", "d");
    expect(here(ui)).toBe("b");
    show(ui, "a c", "d b");
    expect(placeOf(ui)).toMatchObject({ lane: 1, at: 1 });
    show(ui, "a c", "d");
    expect(here(ui)).toBe("d");
    show(ui, "", "");
    expect(here(ui)).toBe("nowhere");
    show(ui, "a", "d");
    expect(here(ui)).toBe("d");
  });

  test("where its line is gone, it stands on what took the place, and goes on from there", () => {
    const ui = screen("a b c d");
    putCursor(ui, 0, 1);
    show(ui, "a c d");
    expect(here(ui)).toBe("c");
    moveRows(ui, 1);
    expect(here(ui)).toBe("d");
    show(ui, "a c");
    expect(here(ui)).toBe("c");
  });

  test("a line moved within its lane and another that took its place are told apart, at the place where it was seen last", () => {
    const ui = screen("a b c d e");
    putCursor(ui, 0, 0);
    show(ui, "b c d a e");
    expect(here(ui)).toBe("a");
    show(ui, "b c d e");
    expect(here(ui)).toBe("e");
  });

  test("that was never moved stays on its line too", () => {
    const ui = screen("a b");
    show(ui, "b", "a");
    expect(here(ui)).toBe("a");
  });

  test("commands mean what is marked, else what it stands on", () => {
    const ui = screen("a b -c");
    expect(targets(ui)).toEqual(["a"]);
    ui.marks.add("b");
    expect(targets(ui)).toEqual(["b"]);
    ui.marks.clear();
    putCursor(ui, 0, 2);
    expect(targets(ui)).toEqual([]);
  });
});
