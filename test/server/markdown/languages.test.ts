import fc from "fast-check";
import { expect, test } from "vitest";
import { tokensOf } from "../../../src/server/markdown/languages.ts";

const LANGUAGES = ["bash", "css", "diff", "go", "html", "js", "json", "md", "py", "rs", "sql", "ts", "yaml", "nope"];

const types = (code: string, language: string): readonly string[] =>
  tokensOf(code, language).map(([text, type]) => `${text.trim()}:${type}`);

test("code is coloured by what it is", () => {
  expect(types('const a = "b"; // c', "ts")).toEqual(expect.arrayContaining(["const:kwd", '"b":str']));
  expect(types("def f(): # c", "py")).toEqual(expect.arrayContaining(["def:kwd", "f:func"]));
  expect(types("-a\n+b", "diff")).toEqual(expect.arrayContaining(["-a:deleted", "+b:insert"]));
  expect(types("SELECT 1 -- c", "sql")).toEqual(expect.arrayContaining(["SELECT:kwd", "1:num"]));
  expect(types("key: 1 # c", "yaml")).toEqual(expect.arrayContaining(["key:var", "1:num"]));
  expect(types("<b>", "nope")).toEqual(["<b>:"]);
});

test("no letter of any code is lost", () => {
  const words = fc.constantFrom(
    '"',
    "'",
    "`",
    "${",
    "}",
    "/*",
    "*/",
    "//",
    "#",
    "<a b",
    "</script>",
    "\n",
    " ",
    "if",
    "1e5",
    "é",
  );
  const code = fc.array(words, { maxLength: 30 }).map((all) => all.join(""));
  fc.assert(
    fc.property(code, fc.constantFrom(...LANGUAGES), (text, language) => {
      expect(
        tokensOf(text, language)
          .map(([piece]) => piece)
          .join(""),
      ).toBe(text);
    }),
    { numRuns: 300 },
  );
});
