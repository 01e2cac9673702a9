import { copyFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../../../helpers/git.ts";
import { tempStore } from "../../../helpers/tempStore.ts";

test("an index that a `git commit` read before our changes and wrote after them takes none of them back", async () => {
  const store = await tempStore();
  const index = path.join(store.repo, ".git", "index");
  const [kept, gone, changed] = [
    await store.ayo("ticket", "create", "Stays"),
    await store.ayo("ticket", "create", "Goes to the archive"),
    await store.ayo("ticket", "create", "Is changed"),
  ];
  await store.ayo("ticket", "close", gone);
  copyFileSync(index, path.join(store.dir, "stale"));
  const added = await store.ayo("ticket", "create", "Comes meanwhile");
  await store.ayo("ticket", "note", changed, "A word");
  await store.ayo("ticket", "archive", "--before", "2099-01-01");
  await store.ayo("ticket", "note", changed, "Another word");
  copyFileSync(path.join(store.dir, "stale"), index);
  await store.ayo("ticket", "note", kept, "The next change");
  writeFileSync(path.join(store.repo, "person.txt"), "mine\n");
  git(store.repo, "add", "person.txt");
  git(store.repo, "commit", "--quiet", "-m", "mine");
  expect(git(store.repo, "show", "--format=", "--name-status", "HEAD")).toBe("A\tperson.txt");
  expect(store.text(added)).toContain("Comes meanwhile");
  store.judge();
});

test("what a person has staged himself stays staged", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "Stays");
  writeFileSync(path.join(store.repo, "person.txt"), "mine\n");
  git(store.repo, "add", "person.txt");
  await store.ayo("ticket", "note", id, "A word");
  expect(git(store.repo, "status", "--porcelain")).toBe("A  person.txt");
});
