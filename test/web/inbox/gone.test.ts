import { expect, test } from "vitest";
import type { Line } from "../../../src/web/data/shapes.ts";
import { type ShownLine, withGone } from "../../../src/web/inbox/typed.ts";

const line = (key: string): Line => {
  const [kind = "", id = ""] = key.split(" ");
  return { key, kind, id, title: "", by: null, at: null, text: "", act: "" };
};
const shown = (...keys: string[]): ShownLine[] => keys.map((key) => ({ line: line(key), isGone: false }));
/** What is shown, in brackets what is gone. */
const names = (all: readonly ShownLine[]): string[] =>
  all.map(({ line: { key }, isGone }) => (isGone ? `[${key}]` : key));

test("a line that is gone stays where it was, also as the last of its kind and beside new ones", () => {
  const before = shown("q a", "review b", "review c", "handed d");
  const after = (...keys: string[]): string[] => names(withGone(before, keys.map(line), () => true));
  expect(after("q a", "handed d")).toEqual(["q a", "[review b]", "[review c]", "handed d"]);
  expect(after("review b", "review c", "handed d")).toEqual(["[q a]", "review b", "review c", "handed d"]);
  expect(after("q a", "q x", "handed d")).toEqual(["q a", "[review b]", "[review c]", "q x", "handed d"]);
  expect(after()).toEqual(["[q a]", "[review b]", "[review c]", "[handed d]"]);
  expect(names(withGone(before, [line("q a")], () => false))).toEqual(["q a"]);
  const once = withGone(before, [line("handed d")], ({ line: { id } }) => id === "b");
  expect(names(withGone(once, [line("handed d")], ({ isGone }) => isGone))).toEqual(["[review b]", "handed d"]);
});
