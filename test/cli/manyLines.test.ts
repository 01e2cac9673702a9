import { stripVTControlCharacters } from "node:util";
import picocolors from "picocolors";
import { expect, test } from "vitest";
import { manyLines } from "../../src/cli/print/manyLines.ts";
import { paintOf } from "../../src/cli/print/paint.ts";
import { readStore } from "../../src/store/disk/view.ts";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";

test("a list's lines are the same with colours and without, whatever stands in the tickets", async () => {
  const store = await tempStore();
  const titles = ["Plain", "Grüße 🎈", "a\ttab", "\u001b[31mred", "right \u202e left", "\u0007bell", "half \ud83c", ""];
  const keys = [
    "priority: 0\nassignee: '@coder'",
    "due: 2020-01-01\nassignee: [Mara, '@a\u001bb']",
    'due: 2099-01-01\ndeps: [a-0, a-1, "two\\nlines"]',
    'status: "odd\\u001b"\ndue: 2099-01-01',
    "status: closed\ndue: 2020-01-01\ndeps: [a-0]",
    'status: "two\\nlines"',
    "deps: [gone]",
  ];
  // More than one block, and blocks in which nothing is odd.
  const tickets = Array.from({ length: 900 }, (_, at) => {
    const isOdd = at < 300;
    const title = isOdd ? titles[at % titles.length] : "Plain";
    return [`a-${at}`, `${title}\n${isOdd ? keys[at % keys.length] : keys[0]}`] as const;
  });
  writeTickets(store, Object.fromEntries(tickets));
  const coloured = picocolors.createColors(true);
  const plain = await paintOf(false, {});
  // Twice: as they were read, and from the cache.
  for (let turn = 0; turn < 2; turn++) {
    const view = await readStore(store.open());
    expect(view.tickets.length).toBeGreaterThan(800);
    for (const isPast of [false, true]) {
      const lines = manyLines(view, view.tickets, isPast, plain);
      expect(lines).toBe(stripVTControlCharacters(manyLines(view, view.tickets, isPast, coloured)));
      for (const odd of ["\u001b", "\u0007", "\u202e"]) expect(lines).not.toContain(odd);
      expect(lines.split("\n").length).toBeGreaterThan(800);
    }
  }
});
