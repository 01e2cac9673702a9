import { expect, test } from "vitest";
import { tempStore } from "../../helpers/tempStore.ts";
import { inboxOf, linesOf } from "./inboxHere.ts";

const CODER = ["--as", "coder"];
const REX = ["--as", "rex"];

test("who asked first hears of his answer, also where another asked after him", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Build login");
  await store.ayo("ticket", "ask", id, "Which bus?", ...CODER);
  await store.ayo("ticket", "answer", id, "The red one");
  await store.ayo("ticket", "ask", id, "Which train?", ...REX);
  await store.ayo("ticket", "answer", id, "The last one");
  expect((await inboxOf(store, ...CODER)).items.map(({ text }) => text)).toEqual(["Answer: The red one"]);
  expect((await inboxOf(store, ...REX)).items.map(({ text }) => text)).toEqual(["Answer: The last one"]);
  await store.ayo("ticket", "note", id, "on it", ...CODER);
  expect(await linesOf(store, ...CODER)).toEqual([]);
});
