import { closeSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../../../helpers/git.ts";
import { tempStore } from "../../../helpers/tempStore.ts";

/** A program that keeps a ticket open and appends to it, while its line is taken back. */
async function undoneUnderAppender() {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "Build login", "-d", "Text");
  const handle = openSync(path.join(store.tickets, `${id}.md`), "a");
  writeSync(handle, "first\n");
  await store.ayo("undo");
  expect(store.text(id)).not.toContain("first");
  return { store, id, handle };
}

test("what is appended after an undo took a line back is merged at once, though the ticket just became shorter", async () => {
  const { store, id, handle } = await undoneUnderAppender();
  writeSync(handle, "second\n");
  closeSync(handle);
  expect((await store.run(["ticket", "create", "The next change"])).code).toBe(0);
  expect(store.text(id)).toMatch(/Text\nsecond\n$/);
  expect(git(store.repo, "show", `HEAD:${id}.md`)).toContain("second");
  expect(git(store.repo, "log", "-S", "first", "--format=%s", "--", `${id}.md`).split("\n")).toHaveLength(2);
});

test("what others noted since the undo stays, beside what is appended", async () => {
  const { store, id, handle } = await undoneUnderAppender();
  await store.ayo("ticket", "note", id, "a note");
  writeSync(handle, "second\n");
  closeSync(handle);
  expect((await store.run(["ticket", "create", "The next change"])).code).toBe(0);
  expect(store.text(id)).toMatch(/a note\n[\s\S]*second\n$|second\n[\s\S]*a note\n/);
  expect(store.text(id)).not.toContain("first");
});
