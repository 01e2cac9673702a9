import { expect, test } from "vitest";
import { termFor, termsOf, toggleTerm, withoutTerm } from "../../../../src/web/data/filter/filterTerms.ts";

test("a filter is taken apart into its terms, quotes and minuses with them", () => {
  expect(termsOf('login  "a phrase" -tag:ui NOT is:ready assignee:"Mara Lind" OR x')).toEqual([
    "login",
    '"a phrase"',
    "-tag:ui",
    "NOT is:ready",
    'assignee:"Mara Lind"',
    "OR",
    "x",
  ]);
  expect(termsOf("  ")).toEqual([]);
});

test("a term is taken out with the OR that stood for it, and put in once", () => {
  expect(withoutTerm("a OR b c", 0)).toBe("b c");
  expect(withoutTerm("a OR b c", 2)).toBe("a c");
  expect(withoutTerm("a b", 1)).toBe("a");
  expect(toggleTerm("", "tag:ui")).toBe("tag:ui");
  expect(toggleTerm("login", "tag:ui")).toBe("login tag:ui");
  expect(toggleTerm("login Tag:UI x", "tag:ui")).toBe("login x");
});

test("a value is quoted where it must be, and none is made of what cannot be said", () => {
  expect(["ui", "Mara Lind", "a,b", "", 'say "x"'].map((value) => termFor("tag", value))).toEqual([
    "tag:ui",
    'tag:"Mara Lind"',
    'tag:"a,b"',
    undefined,
    undefined,
  ]);
});
