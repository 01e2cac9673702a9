import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { loadSignatures, saveAdded, saveSignatures } from "../../../src/search/similar/savedSignatures.ts";
import { addSignatures, emptySignatures } from "../../../src/search/similar/signatures.ts";
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
    const changed = addSignatures(loadSignatures(dir, "f").base, [
      row("b", "Reset forgotten passwords by mail", "", "v2"),
    ]);
    saveSignatures(dir, "f", changed);
    const loaded = loadSignatures(dir, "f").base;
    expect(loaded.ids).toEqual(["a", "c", "b"]);
    expect(loaded.versions).toEqual(["v1", "v1", "v2"]);
    const [pair, ...more] = similarPairs(loaded, ["a", "b", "c"]);
    expect([pair?.left, pair?.right, more]).toEqual(["a", "b", []]);
  });

  test.each(["", "\n", "[2,", '[2,"f",5,10,10,"g"]\nabc'])("a damaged file counts for nothing: %j", (text) => {
    const dir = tempDir();
    writeFileSync(path.join(dir, "similar.bin"), text);
    expect(loadSignatures(dir, "f").base.ids).toEqual([]);
  });

  test("what is added costs a line, also after one that a crash tore, and many lines become part of the rest", () => {
    const dir = tempDir();
    const logs = () => readdirSync(dir).filter((name) => name.endsWith(".log"));
    const add = (id: string) =>
      saveAdded(dir, "f", loadSignatures(dir, "f"), [row(id, `Reset password ${id} by mail`)]);
    saveSignatures(dir, "f", addSignatures(emptySignatures(), TICKETS));
    const before = readFileSync(path.join(dir, "similar.bin"));
    add("d");
    appendFileSync(path.join(dir, logs()[0] as string), '\n["e","v1",1,[1');
    add("f");
    expect(readFileSync(path.join(dir, "similar.bin")).equals(before)).toBe(true);
    expect(loadSignatures(dir, "f").added.map(({ id }) => id)).toEqual(["d", "f"]);
    for (let n = 0; n < 400; n++) add(`n${n}`);
    const { base, added } = loadSignatures(dir, "f");
    expect(logs().length).toBeLessThanOrEqual(1);
    expect(base.ids.length).toBeGreaterThan(TICKETS.length + 2);
    expect([...base.ids, ...added.map(({ id }) => id)].slice(0, 5)).toEqual(["a", "b", "c", "d", "f"]);
    expect(base.ids.length + added.length).toBe(TICKETS.length + 402);
    const all = addSignatures(base, added);
    expect(findSimilar(all, row("x", "Reset password n399 by mail").signature, 500).map(({ id }) => id)).toContain(
      "n399",
    );
  });

  test("saved ones are found by their stems, and it is those that a look at each finds", () => {
    const dir = tempDir();
    const tickets = readLabelled("tickets.jsonl").map(({ id, title, body }) => row(id, title, body));
    const all = addSignatures(emptySignatures(), [...tickets, row("t1", "Fix crash"), row("t2", "Fix typo")]);
    saveSignatures(dir, "f", all);
    const { base } = loadSignatures(dir, "f");
    expect(base.postings?.rows.length).toBe(all.stems.length);
    const asked = [...readLabelled("pairs.jsonl"), { title: "Fix typo", body: "" }, { title: "", body: "" }];
    let named = 0;
    for (const { title, body } of asked) {
      const { signature } = row("x", title, body);
      const found = findSimilar(base, signature, 100);
      expect(found, title).toEqual(findSimilar(all, signature, 100));
      named += found.length;
    }
    expect(named).toBeGreaterThan(asked.length / 4);
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
