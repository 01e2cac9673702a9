import path from "node:path";
import { expect, test } from "vitest";
import { SearchIndex } from "../../../src/search/index/searchIndex.ts";
import { alignments } from "../../../src/search/meaning/alignment.ts";
import { loadWordTable } from "../../../src/search/meaning/wordTable.ts";

const TABLE = loadWordTable(path.resolve(import.meta.dirname, "../../../src/search/data/words.bin"));

interface Text {
  readonly id: string;
  readonly title: string;
  readonly text?: string;
  readonly notes?: string;
}

async function aligned(texts: readonly Text[], text: string, notes = true): Promise<Record<string, number>> {
  const index = new SearchIndex<Text>(undefined);
  const reader = {
    version: () => "1",
    hasVersion: () => true,
    isArchived: () => false,
    load: async (one: Text) => ({ tags: "", text: "", notes: "", commits: "", ...one }),
  };
  // One that is gone again counts nowhere.
  const gone = { id: "gone", title: "password password" };
  await index.update([...texts, gone], reader, { archive: false });
  await index.update(texts, reader, { archive: false });
  const found = alignments({ corpus: index.corpus(), table: TABLE, text, notes });
  return Object.fromEntries([...found].map((value, number) => [index.idOf(number), value]));
}

test("each word of a query meets the nearest one of a ticket: itself most, another word for it more than any other", async () => {
  const texts = [
    { id: "same", title: "Password" },
    { id: "body", title: "Sign in", text: "The password is wrong." },
    { id: "near", title: "Credentials" },
    { id: "else", title: "Banana" },
    { id: "qwx", title: "zzyzx" },
  ];
  const found = await aligned(texts, "password");
  expect(found.same).toBe(1);
  expect(found.body).toBeCloseTo(0.9, 5);
  expect(found.near).toBeGreaterThan(found.else as number);
  expect(found.near).toBeLessThan(0.9);
  expect(found.qwx).toBe(0);
});

test("a long text around them takes nothing from words that are met, and rare words count more", async () => {
  const long = "The page is slow and the list is long. ".repeat(40);
  const texts = [
    { id: "long", title: "Report", text: `${long} The certificate expires.` },
    { id: "short", title: "Report", text: "The certificate expires." },
    { id: "page", title: "Report", text: "The page." },
    { id: "other", title: "Report", text: "The page." },
  ];
  const found = await aligned(texts, "certificate expires");
  expect(found.long).toBe(found.short);
  const mixed = await aligned(texts, "page certificate");
  expect(mixed.short).toBeGreaterThan(mixed.page as number);
});

test("notes count where they are searched, and a word that the table lacks by itself alone", async () => {
  const texts = [{ id: "noted", title: "Report", notes: "qwrtzp" }];
  expect((await aligned(texts, "qwrtzp")).noted).toBeCloseTo(0.9, 5);
  expect((await aligned(texts, "qwrtzp", false)).noted).toBe(0);
  expect((await aligned(texts, "qwrtzq")).noted).toBe(0);
  expect(await aligned(texts, "")).toEqual({ noted: 0, gone: 0 });
});
