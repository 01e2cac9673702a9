import { beforeEach, expect, test } from "vitest";
import { applyBatch } from "../../../src/index.ts";
import { type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

let store: TempStore;
beforeEach(async () => {
  store = await tempStore();
  writeTickets(store, {
    "t-1": "One\nstatus: closed\nclosed: 2026-01-06T08:00:00Z\ndeps: [t-2]",
    "t-2": "Two",
    "t-3": "Three\nstatus: closed",
  });
  store.write("t-1", `${store.text("t-1")}\n## Acceptance criteria\n\n- [ ] It works\n`);
  await store.ayo("ticket", "archive", "--before", "2026-02-01");
});

/** What is done to an archived ticket, and what is said of it. */
const VERBS: readonly (readonly [words: readonly string[], says: string | RegExp])[] = [
  [["note", "t-1", "seen"], "Note added to t-1"],
  [["update", "t-1", "--priority", "0"], "Updated t-1"],
  [["assign", "t-1", "ada"], /t-1/],
  [["check", "t-1", "1"], /t-1/],
  [["link", "t-1", "t-2"], /t-1/],
  [["dep", "add", "t-1", "t-3"], /t-1/],
  [["dep", "remove", "t-1", "t-2"], /t-1/],
  [["cancel", "t-1", "--force"], "Updated t-1 -> cancelled"],
  [["close", "t-1"], "Unchanged t-1: already closed"],
  [["reopen", "t-1"], "Updated t-1 -> open"],
];

test.each(VERBS)("of an archived ticket 'ticket %j' tells as of any other", async (words, says) => {
  const verb = ["ticket", ...words];
  const dry = await store.json<{ tickets: readonly { id: string }[] }>(...verb, "--dry-run");
  expect(dry.tickets.map(({ id }) => id)).toContain("t-1");
  expect(await store.ayo(...verb)).toMatch(says);
});

test("so does a batch", async () => {
  const operations = [{ op: "note", id: "t-1", text: "seen" }];
  expect(await applyBatch(store.open(), { operations })).toMatchObject({
    tickets: [{ id: "t-1" }],
    results: [{ ids: ["t-1"] }],
  });
});
