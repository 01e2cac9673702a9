import { expect, test } from "vitest";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

test("the configuration says what a page offers for a ticket, likeliest first, and what it asks before", async () => {
  const { dir } = await tempStore();
  const { ask } = await startServe(dir);
  const { json } = await ask("/api/config");
  const block = { verb: "block", asks: "What does it wait for?" };
  const cancel = { verb: "cancel", asks: "Why is it given up?" };
  const [close, reopen] = [{ verb: "close" }, { verb: "reopen" }];
  expect(json.offers).toEqual({
    todo: [{ verb: "start" }, { verb: "claim" }, block, close, cancel],
    active: [
      { verb: "submit" },
      close,
      { verb: "release" },
      block,
      { verb: "fail", asks: "Why could it not be done?" },
      cancel,
    ],
    blocked: [{ verb: "unblock" }, close, cancel],
    review: [{ verb: "approve" }, { verb: "reject", asks: "What is missing?" }, close],
    done: [reopen],
    cancelled: [reopen],
    failed: [reopen],
    unconfirmed: [{ verb: "confirm" }],
  });
  expect(json.verbs).toEqual(expect.arrayContaining(["answer", "check", "close", "comments"]));
});
