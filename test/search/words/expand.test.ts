import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { synonymsOf } from "../../../src/search/words/expand.ts";
import { STEMMED } from "../../../src/search/words/stemmed.ts";
import { THESAURUS } from "../../../src/search/words/thesaurus.ts";
import { stem, tokenize } from "../../../src/search/words/tokens.ts";

const stemsOf = (text: string): string[] => tokenize(text.replaceAll(/[-_/]/g, " ")).map(stem);
const GROUPS = THESAURUS.trim()
  .split("\n")
  .map((line) => line.split(", ").map((phrase) => stemsOf(phrase).join(" ")));

describe("synonyms", () => {
  test("of each phrase of the thesaurus are all others of its groups, and no part of what was said", () => {
    for (const phrase of new Set(GROUPS.flat())) {
      const found = synonymsOf(phrase.split(" ")).map((other) => other.join(" "));
      const own = GROUPS.filter((group) => group.includes(phrase)).flat();
      expect(found).toEqual(expect.arrayContaining(own.filter((other) => !` ${phrase} `.includes(` ${other} `))));
      expect(found.filter((other) => ` ${phrase} `.includes(` ${other} `))).toEqual([]);
    }
  });

  test("are found in the midst of a query, and none where nothing is known", () => {
    expect(synonymsOf(stemsOf("the json web token is gone"))).toContainEqual(["jwt"]);
    expect(synonymsOf(stemsOf("qzx jso"))).toEqual([]);
    expect(synonymsOf([])).toEqual([]);
  });

  test("are stemmed by the build, not by a command", () => {
    const dist = path.resolve(import.meta.dirname, "../../../dist");
    const packs = readdirSync(path.join(dist, "cli")).filter((name) =>
      /^(?:reads|search|writes|rest).*\.js$/.test(name),
    );
    const code = [...packs.map((name) => path.join("cli", name)), "index.js"].map((name) =>
      // The build breaks long lines, also within a text.
      readFileSync(path.join(dist, name), "utf8").replaceAll("\\\n", ""),
    );
    const line = JSON.stringify(STEMMED.slice(0, STEMMED.indexOf("\n"))).slice(1, -1);
    expect(code.filter((text) => text.includes(line)).length).toBe(1);
    expect(code.filter((text) => text.includes(THESAURUS.trim().split("\n")[1] as string))).toEqual([]);
  });
});
