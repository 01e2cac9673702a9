import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { STALE_MS, startActor } from "../helpers/interleaving/process.ts";
import { tempStore } from "../helpers/tempStore.ts";

/** So long git's lock is waited for before a commit is deferred, and a little more. */
const WAITED_MS = 1_200;

test("who stood still while git was locked, and lost the store meanwhile, defers nothing that has become old", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "Changed by two");
  await store.ayo("ticket", "update", id, "--set", "who=nobody");
  const lock = path.join(store.repo, ".git", "index.lock");
  writeFileSync(lock, "");
  const set = (who: string) => ["--as", `@${who}`, "ticket", "update", id, "--set", `who=${who}`];
  // Its second look at git's lock is in the midst of its waiting.
  const first = startActor(store.dir, set("first"), { at: { call: 2, by: "SIGSTOP", of: "index.lock" } });
  await first.still();
  expect(first.standsBefore().join(" ")).toContain("index.lock");
  rmSync(lock);
  const second = await store.run(set("second"), { env: { AYO_LOCK_STALE_MS: String(STALE_MS) } });
  expect(second).toMatchObject({ code: 0 });
  writeFileSync(lock, "");
  await new Promise((resolve) => setTimeout(resolve, WAITED_MS));
  first.signal("SIGCONT");
  expect(await first.ended).toMatchObject({ code: 0, stderr: expect.stringContaining("commit deferred") });
  rmSync(lock);
  await store.ayo("ticket", "create", "Later");
  expect(git(store.repo, "log", "--format=%an", "--", `${id}.md`).split("\n").slice(0, 2)).toEqual(["first", "second"]);
  expect(store.text(id)).toContain("who: first");
  store.judge();
});
