import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { loadWordTable, meaningOf } from "../../../src/search/meaning/wordTable.ts";
import { THESAURUS } from "../../../src/search/words/thesaurus.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const FILE = path.resolve(import.meta.dirname, "../../../src/search/data/words.bin");

test("a word means the same whether its vector was read alone or with all others", () => {
  const lazy = loadWordTable(FILE);
  const alone = meaningOf(lazy, [["login fails", 1]]);
  expect(alone.coverage).toBe(1);
  const whole = loadWordTable(FILE);
  const long = meaningOf(whole, [[THESAURUS, 1]]);
  expect(meaningOf(whole, [["login fails", 1]])).toEqual(alone);
  expect(meaningOf(lazy, [[THESAURUS, 1]])).toEqual(long);
});

test.each(["", "ayoW", "ayoW".padEnd(40, "\0\x01")])("%j is no table", (content) => {
  const file = path.join(tempDir(), "words.bin");
  writeFileSync(file, content, "latin1");
  expect(() => loadWordTable(file)).toThrow("is not a table of words");
});
