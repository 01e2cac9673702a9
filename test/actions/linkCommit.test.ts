import { expect, it } from "vitest";
import { invoke } from "../../src/actions/input/action.ts";
import { linkCommit } from "../../src/actions/linkCommit.ts";
import { tempStore } from "../helpers/tempStore.ts";

it("records a commit once, beside those that are there, and refuses what is no commit's id", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "Build login");
  const open = store.open();
  await invoke(linkCommit, open, { id, commit: "ABCDEF1", as: "@coder" });
  await invoke(linkCommit, open, { id, commit: "abcdef1" });
  await invoke(linkCommit, open, { id, commit: "1234567a" });
  expect(store.text(id)).toContain("commits: [abcdef1, 1234567a]");
  await expect(invoke(linkCommit, open, { id, commit: "../x" })).rejects.toThrow("commit: not the id of a commit");
  await expect(invoke(linkCommit, open, { id: "nosuch", commit: "1234567" })).rejects.toThrow("not found");
  expect(store.subjects().length).toBe(5);
  store.judge();
});
