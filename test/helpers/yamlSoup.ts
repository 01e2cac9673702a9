import fc from "fast-check";

/** Pieces that YAML treats specially, next to ordinary ones. */
const SOUP = [..."ab1 -:,[]{}'\"#&*!|>%@`?~=.+/\\_()$;<^\t\r", " ", " ", "é", "…", "\u00a0", "\u2028", "\u{1f600}"];
/** Texts of such pieces. */
export const soup = fc.array(fc.constantFrom(...SOUP), { maxLength: 12 }).map((parts) => parts.join(""));
/** What fields usually hold, and what YAML takes for something else. */
export const word = fc.constantFrom(
  "open",
  "ayo-x7k2",
  "2026-11-21T03:38:00Z",
  "@coder",
  "1e3",
  "0123",
  "no",
  "it's",
  "a: b",
);
const scalar = fc.oneof(
  word,
  soup,
  soup.map((text) => `'${text}'`),
  soup.map((text) => `"${text}"`),
);
const value = fc.oneof(
  scalar,
  fc
    .tuple(fc.array(scalar, { maxLength: 4 }), fc.constantFrom(", ", ",", " , "))
    .map(([items, by]) => `[${items.join(by)}]`),
);
const key = fc.constantFrom(
  "id",
  "status",
  "deps",
  "external_ref",
  "x-1",
  "__proto__",
  "constructor",
  "a b",
  "null",
  "K",
);
const line = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(key, fc.constantFrom(":", ": ", ":   "), value).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.constantFrom("", "  ", "# comment", "- item", "  more", "---", "...", "<<<<<<< HEAD") },
  { weight: 1, arbitrary: soup },
);
/** Front matters: mostly `key: value` lines, with every line end of one kind. */
export const yaml = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 4 }), fc.constantFrom("\n", "\r\n"))
  .map(([lines, eol]) => lines.map((one) => one + eol).join(""));
