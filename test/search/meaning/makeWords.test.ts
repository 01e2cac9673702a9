import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { hashWord, loadWordTable, meaningOf } from "../../../src/search/meaning/wordTable.ts";
import { stem } from "../../../src/search/words/tokens.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const DATA = path.join(ROOT, "src/search/data");

/** A module of the scripts that make the table. */
// biome-ignore lint/suspicious/noExplicitAny: the scripts have no types.
const script = (name: string): Promise<any> => import(path.join(ROOT, ".ci/words", name));

/** Whoever licenses so asks for no more than to be named. */
const PERMISSIVE = [
  "MIT",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "PSF-2.0",
  "PostgreSQL",
  "MIT OR Apache-2.0",
  "public domain",
];

describe("the table of words", () => {
  test("is small, and names each source with version and licence, permissive ones only", async () => {
    const { DEBIAN, NPM, sourceList } = await script("sources.mjs");
    expect(statSync(path.join(DATA, "words.bin")).size).toBeLessThanOrEqual(4.5 * 1024 * 1024);
    expect(readFileSync(path.join(DATA, "sources.txt"), "utf8")).toBe(sourceList());
    for (const [name, version, licence] of [...DEBIAN, ...NPM]) {
      expect([name, /^\d/.test(version), PERMISSIVE.includes(licence)]).toEqual([name, true, true]);
    }
  });

  test.each([
    ["login", "authentication", "garden"],
    ["refund", "payment", "browser"],
    ["crash", "segfault", "invoice"],
    ["deploy", "rollout", "thumbnail"],
    ["slow", "latency", "certificate"],
    ["encrypting", "encryption", "button"],
  ])("has %s nearer to %s than to %s", (word, near, far) => {
    const table = loadWordTable(path.join(DATA, "words.bin"));
    const cosine = (other: string): number => {
      const [left, right] = [word, other].map((one) => meaningOf(table, [[one, 1]]).vector) as [
        Float32Array,
        Float32Array,
      ];
      return left.reduce((sum, value, at) => sum + value * (right[at] as number), 0);
    };
    expect(cosine(near)).toBeGreaterThan(cosine(far) + 0.15);
  });
});

describe("what a table is made of", () => {
  test("are the paragraphs of pages and comments, once each, without code", async () => {
    const { segments } = await script("texts.mjs");
    const [debian, npm] = [tempDir(), tempDir()];
    const page =
      "<p>A session &amp; its cookie <code>expireNow</code> early.</p><pre>let code = 1 is not text</pre><ul><li>Too few words</li></ul>";
    writeFileSync(
      path.join(debian, "a.html"),
      `<script>no script is read here</script>${page}<p>Read by nobody else than me</p>`,
    );
    writeFileSync(path.join(debian, "b.html"), page);
    writeFileSync(
      path.join(npm, "c.d.ts"),
      "/** Sends a mail to {@link Person} again.\n * @example\n * send(a, b, c, d)\n */\nexport {};\n// no comment of code\n",
    );
    writeFileSync(
      path.join(npm, "d.md"),
      "# Title\n\nThe [guide](http://x.y/z) of\nthis thing.\n\n```\nsome code is in here\n```\n",
    );
    mkdirSync(path.join(npm, "node_modules"));
    writeFileSync(path.join(npm, "node_modules/e.md"), "Another licence may hold for this text.\n");
    const found = [...segments({ debian: [{ place: debian, parts: /\.html$/ }], npm: [{ place: npm }] })];
    expect(found.map((words: string[]) => words.join(" "))).toEqual([
      "a session its cookie expire now early",
      "read by nobody else than me",
      "sends a mail to person again",
      "the guide of this thing",
    ]);
  });

  test("are words near those in the same company, and it is the same bytes each time", async () => {
    const [{ wordVectors }, { tableOf }] = [await script("vectors.mjs"), await script("table.mjs")];
    let state = 7;
    const next = (count: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % count;
    };
    // Forty subjects with eight words each, of which every paragraph has six.
    const letters = (n: number): string => `${"bcdfghjk".charAt(n % 8)}${"aeiou".charAt((n >> 3) % 5)}`;
    const said = Array.from({ length: 12_000 }, () => {
      const subject = next(40);
      return Array.from({ length: 6 }, () => `${letters(subject)}z${letters(next(8))}`);
    });
    const words = wordVectors(said, 100) as { word: string; vector: Float64Array }[];
    const vectors = new Map(words.map(({ word, vector }) => [word, vector]));
    const cosine = (left: string, right: string): number => {
      const [one, two] = [vectors.get(left), vectors.get(right)] as [Float64Array, Float64Array];
      const dot = (a: Float64Array, b: Float64Array): number =>
        a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
      return dot(one, two) / Math.sqrt(dot(one, one) * dot(two, two));
    };
    expect(cosine("bazba", "bazca")).toBeGreaterThan(cosine("bazba", "cazca") + 0.5);
    const make = (): Buffer => tableOf(wordVectors(said, 100), [[["reimbursement"], ["bazba"]]], { hashWord, stem });
    const file = path.join(tempDir(), "words.bin");
    writeFileSync(file, make());
    const table = loadWordTable(file);
    expect(meaningOf(table, [["reimbursement", 1]]).coverage).toBe(1);
    expect(readFileSync(file).equals(make())).toBe(true);
  });
});
