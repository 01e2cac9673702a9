import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../../../helpers/git.ts";
import { startPaused } from "../../../helpers/pausedProcess.ts";
import { tempStore } from "../../../helpers/tempStore.ts";

test("a ticket that somebody makes unreadable while it is changed gets the change too", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "Build login");
  const file = path.join(store.tickets, `${id}.md`);
  const note = startPaused(store, 1, ["ticket", "note", id, "seen by us"], { from: "refs/heads" });
  expect(await note.paused).toBe(true);
  writeFileSync(file, readFileSync(file, "utf8").replace("---\n", "---\nbroken: [\n"));
  note.resume();
  expect((await note.ended).code).toBe(0);
  expect(store.text(id)).toMatch(/^---\nbroken: \[\n[\s\S]*seen by us\n$/);
  writeFileSync(file, readFileSync(file, "utf8").replace("broken: [\n", ""));
  await store.ayo("ticket", "create", "The next change");
  expect(git(store.repo, "show", `HEAD:${id}.md`)).toContain("seen by us");
  expect(git(store.repo, "status", "--porcelain")).toBe("");
});
