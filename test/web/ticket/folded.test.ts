import { expect, test } from "vitest";
import { type Branch, seenLines } from "../../../src/web/ticket/parts/folded.ts";

/** Lines of a tree: dots say how deep, `x` that it is over. */
const tree = (...lines: readonly string[]): Branch[] =>
  lines.map((line) => {
    const id = line.replaceAll(/[.x]/g, "");
    return { id, depth: line.lastIndexOf(".") + 2, isOver: line.endsWith("x") };
  });
const seen = (parts: readonly Branch[], turned: Readonly<Record<string, boolean>> = {}): string =>
  seenLines(parts, new Map(Object.entries(turned)))
    .map(({ part, done, total, isOpen }) => part.id + (total === 0 ? "" : ` ${done}/${total}${isOpen ? "" : "+"}`))
    .join(", ");

test("parts of what is over are folded, others are open, until somebody turns them", () => {
  const parts = tree("a", ".bx", "..cx", ".d", "..e", "..fx", "gx", ".hx", "ix");
  expect(seen(parts)).toBe("a 1/2, b 1/1+, d 1/2, e, f, g 1/1+, i");
  expect(seen(parts, { a: false, g: true })).toBe("a 1/2+, g 1/1, h, i");
  expect(seen(parts, { b: true, d: false })).toBe("a 1/2, b 1/1, c, d 1/2+, g 1/1+, i");
  expect(seen([])).toBe("");
});
