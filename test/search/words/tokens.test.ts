import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { synonymsOf } from "../../../src/search/words/expand.ts";
import { stem, stemStart, tokenize } from "../../../src/search/words/tokens.ts";

describe("tokenize", () => {
  test.each([
    ["Build the login", ["build", "the", "login"]],
    ["getUserById", ["getuserbyid", "get", "user", "by", "id"]],
    ["auth/login.ts", ["auth/login.ts", "auth", "login", "ts"]],
    ["ERR_42", ["err_42", "err", "42"]],
    ["XMLHttpRequest", ["xmlhttprequest", "xml", "http", "request"]],
    ["Müller's café, naïve", ["muller", "cafe", "naive"]],
    ["straße", ["strasse"]],
    ["C++ and C#", ["c++", "and", "c#"]],
    ["東京都", ["東京", "京都"]],
    ["登录login失败", ["登录", "失败", "login"]],
    ["😀 party", ["😀", "party"]],
    ["(a+)+$ [x", ["a", "x"]],
    ["v2.3.1", ["v2.3.1", "2.3", "2.3.1"]],
    ["2.3", ["2.3"]],
    ["node@20.11.0", ["node@20.11.0", "node", "20", "11", "20.11", "20.11.0"]],
    ["rate-limit", ["rate-limit", "rate", "limit"]],
    ["user_name", ["user_name", "user", "name"]],
    ["", []],
  ])("%s", (text, expected) => {
    expect(tokenize(text)).toEqual(expected);
  });

  test("long runs are data and left out", () => {
    expect(tokenize(`${"x1".repeat(5000)} word`)).toEqual(["word"]);
    expect(tokenize(`${"aGVsbG8gd29ybGQ/aGVsbG8gd29ybGQ/".repeat(3)} word`)).toEqual(["word"]);
  });

  test("of a long path the names are words", () => {
    const path = "packages/frontend/src/components/dashboard_v2/widgets/LineChartWidget.test.tsx";
    const names = ["packages", "frontend", "src", "components", "dashboard", "widgets"];
    expect(tokenize(path)).toEqual([...names, "linechartwidget", "line", "chart", "widget", "test", "tsx"]);
  });
});

test("stems are of English words; the rest stays", () => {
  expect(["running", "expires", "err_42", "größe", "ab"].map(stem)).toEqual(["run", "expir", "err_42", "größe", "ab"]);
});

describe("synonymsOf", () => {
  test("an acronym gives its words, and the words the acronym", () => {
    expect(synonymsOf(tokenize("2FA").map(stem))).toContainEqual(["two", "factor"].map(stem));
    expect(synonymsOf(["dead", "letter", "queue"].map(stem))).toContainEqual(["dlq"]);
  });

  test("a word of no group has none", () => {
    expect(synonymsOf(["zebra"])).toEqual([]);
  });
});

test("a stem begins as its word does", () => {
  const letters = fc.string({ unit: fc.constantFrom(..."aeiounstgdlzy"), minLength: 2, maxLength: 5 });
  const ending = fc.constantFrom("", "s", "ies", "ing", "ed", "eed", "y", "ly", "ational", "ement", "ion", "es");
  fc.assert(
    fc.property(letters, ending, (start, end) => {
      const word = start + end;
      const stemmed = stem(word);
      const isShort = stemmed.length === 1;
      expect(isShort ? stemmed : stemStart(stemmed)).toBe(isShort ? word[0] : stemStart(word));
    }),
    { numRuns: 2000 },
  );
});
