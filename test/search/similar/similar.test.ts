import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  addSignatures,
  emptySignatures,
  loadSignatures,
  saveSignatures,
} from "../../../src/search/similar/signatures.ts";
import { findSimilar, loadWordWeights, sameTitles, signatureOf } from "../../../src/search/similar/similar.ts";
import { similarPairs } from "../../../src/search/similar/similarPairs.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const WORDS = loadWordWeights(path.resolve(import.meta.dirname, "../../../src/search/data/words.bin"));
/** One line of the labelled set. */
interface Labelled {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly half: string;
  readonly of: string;
  readonly duplicate: boolean;
}

function readLabelled(name: string): Labelled[] {
  const text = readFileSync(path.resolve(import.meta.dirname, "../../bench/search", name), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const row = (id: string, title: string, text = "", version = "v1") => ({
  id,
  version,
  signature: signatureOf(WORDS, title, text),
});
const TICKETS = [
  row("a", "Reset a forgotten password by mail", "A link that works once and for one hour."),
  row("b", "Export customers to CSV", "All columns, filtered as on the screen."),
  row("c", "Fix typo"),
];

describe("similar tickets", () => {
  test.each([
    ["Forgotten password: reset link by mail", "Should work once.", ["a"]],
    ["Export orders to PDF", "With the logo.", []],
    ["Fix crash", "", []],
    ["", "", []],
  ])("%s", (title, text, expected) => {
    const found = findSimilar(addSignatures(emptySignatures(), TICKETS), signatureOf(WORDS, title, text), 3);
    expect(found.map(({ id }) => id)).toEqual(expected);
  });

  test("saved, changed and loaded again", () => {
    const dir = tempDir();
    saveSignatures(dir, "f", addSignatures(emptySignatures(), TICKETS));
    const changed = addSignatures(loadSignatures(dir, "f"), [row("b", "Reset forgotten passwords by mail", "", "v2")]);
    saveSignatures(dir, "f", changed);
    const loaded = loadSignatures(dir, "f");
    expect(loaded.ids).toEqual(["a", "c", "b"]);
    expect(loaded.versions).toEqual(["v1", "v1", "v2"]);
    const [pair, ...more] = similarPairs(loaded, ["a", "b", "c"]);
    expect([pair?.left, pair?.right, more]).toEqual(["a", "b", []]);
  });

  test.each(["", "\n", "[1,", '[1,"f",5,10,10]\nabc'])("a damaged file counts for nothing: %j", (text) => {
    const dir = tempDir();
    writeFileSync(path.join(dir, "similar.bin"), text);
    expect(loadSignatures(dir, "f").ids).toEqual([]);
  });

  test("short titles are the same when their letters are", () => {
    const titles = [
      { id: "1", title: "Fix: Login!" },
      { id: "2", title: "Fix logins" },
    ];
    expect(sameTitles(titles, "fix login")).toEqual(["1"]);
  });

  test("on the labelled development pairs 9 of 10 that are named are right, and 6 of 10 are named", () => {
    const tickets = new Map(readLabelled("tickets.jsonl").map((ticket) => [ticket.id, ticket]));
    let right = 0;
    let wrong = 0;
    const pairs = readLabelled("pairs.jsonl").filter(({ half }) => half === "dev");
    for (const { of, title, body, duplicate } of pairs) {
      const one = addSignatures(emptySignatures(), [row(of, tickets.get(of)?.title ?? "", tickets.get(of)?.body)]);
      const isNamed = findSimilar(one, signatureOf(WORDS, title, body), 1).length > 0;
      if (isNamed && duplicate) right++;
      if (isNamed && !duplicate) wrong++;
    }
    expect(right / (right + wrong)).toBeGreaterThanOrEqual(0.9);
    expect(right / pairs.filter(({ duplicate }) => duplicate).length).toBeGreaterThanOrEqual(0.6);
  });
});
