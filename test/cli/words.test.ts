import { expect, test } from "vitest";
import { tempStore } from "../helpers/tempStore.ts";

test("OR and NOT work in lists and in the search", async () => {
  const { ayo } = await tempStore();
  const [one, two, three] = [
    await ayo("ticket", "create", "Cache the pages", "--tags", "a"),
    await ayo("ticket", "create", "Cache the pictures", "--tags", "b"),
    await ayo("ticket", "create", "Draw the pictures", "--tags", "c"),
  ];
  const ids = async (...args: string[]) => (await ayo("ticket", ...args, "-q")).split("\n").sort();
  expect(await ids("list", "tag:a OR tag:c")).toEqual([one, three].sort());
  expect(await ids("list", "NOT", "tag:a")).toEqual([two, three].sort());
  expect(await ids("search", "cache tag:a OR cache tag:b")).toEqual([one, two].sort());
  expect(await ids("search", "pictures NOT draw")).toEqual([two]);
  expect(await ids("search", '"the pages" OR "the pictures" -cache')).toEqual([one, three].sort());
});

test("days are named as people name them, in fields, filters and times of the past", async () => {
  const { ayo, json, run } = await tempStore();
  const id = await ayo("ticket", "create", "Soon", "--due", "tomorrow");
  const { ticket } = await json<{ ticket: { due: string } }>("ticket", "show", id);
  expect(ticket.due).toBe(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
  expect(await ayo("ticket", "list", "due:tomorrow", "-q")).toBe(id);
  expect(await ayo("ticket", "list", 'due:<"3 days"', "-q")).toBe(id);
  expect(await ayo("ticket", "list", "due:yesterday", "-q")).toBe("");
  expect(await ayo("ticket", "history", "--since", "yesterday")).toContain(id);
  expect(await ayo("ticket", "history", "--since", "1 hour ago")).toContain(id);
  const { code, stderr } = await run(["ticket", "update", id, "--due", "soon"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("neither a date (2026-12-31, tomorrow, friday) nor")]);
});
