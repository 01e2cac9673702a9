import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { sharingTeam } from "../helpers/team.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** A ticket that was given to @coder, with the mark that its dispatcher's claim left. */
async function dispatched(mark = "@coder 1", config = ""): Promise<{ store: TempStore; id: string }> {
  const store = await tempStore({ project: true });
  if (config !== "") writeFileSync(path.join(store.tickets, "config.yml"), config);
  const id = await store.ayo("ticket", "create", "One", "-a", "@coder", "-q");
  await setMark(store, id, mark);
  return { store, id };
}

async function setMark(store: TempStore, id: string, mark: string): Promise<void> {
  const file = path.join(store.tickets, `${id}.md`);
  writeFileSync(file, readFileSync(file, "utf8").replace(/^---\n/, `---\ndispatched: '${mark}'\n`));
  await store.ayo("ticket", "list");
}

describe("the mark of a started agent", () => {
  test.each([
    ["assign, also to the same agent", ["assign", "ID", "@coder"]],
    ["update of the assignee", ["update", "ID", "-a", "@coder"]],
    ["assign to another", ["assign", "ID", "@rex"]],
  ])("goes by %s", async (_, words) => {
    const { store, id } = await dispatched();
    expect(store.text(id)).toContain("dispatched: '@coder 1'");
    const commits = store.subjects().length;
    await store.ayo("ticket", ...words.map((word) => (word === "ID" ? id : word)));
    expect(store.text(id)).not.toContain("dispatched");
    expect(store.subjects().length).toBeGreaterThan(commits);
    store.judge();
  });

  test("goes by reject, reopen, unblock and answer, and stays by what goes on", async () => {
    const { store, id } = await dispatched();
    const has = (): boolean => store.text(id).includes("dispatched:");
    const as = (...words: string[]) => store.ayo("ticket", ...words, "--as", "@coder");
    await as("claim", id);
    await as("note", id, "begun");
    await as("submit", id);
    expect(has()).toBe(true);
    await store.ayo("ticket", "reject", id, "-m", "no");
    expect(has()).toBe(false);
    await setMark(store, id, "@coder 1");
    await as("claim", id);
    await as("ask", id, "Which?");
    expect(has()).toBe(true);
    await store.ayo("ticket", "answer", id, "That");
    expect(has()).toBe(false);
    await setMark(store, id, "@coder 1");
    await store.ayo("ticket", "block", id, "-m", "wait");
    await store.ayo("ticket", "unblock", id);
    expect(has()).toBe(false);
    await setMark(store, id, "@coder 1");
    await store.ayo("ticket", "close", id);
    expect(has()).toBe(true);
    await store.ayo("ticket", "reopen", id);
    expect(has()).toBe(false);
    store.judge();
  });

  test("is no agent's to take from its own ticket, so that it does not start itself again and again", async () => {
    const { store, id } = await dispatched();
    const as = (...words: string[]) => store.ayo("ticket", ...words, "--as", "@coder");
    await as("claim", id);
    await as("block", id, "-m", "wait");
    await as("unblock", id);
    await as("update", id, "-a", "@coder");
    await as("release", id);
    expect(store.text(id)).toContain("dispatched: '@coder 1'");
    const undone = await store.here(["undo", "--as", "@coder"]);
    expect([undone.code, store.text(id)]).toEqual([0, expect.stringContaining("dispatched: '@coder 1'")]);
    for (const key of ["dispatched", "Dispatched"]) {
      const { code, stderr } = await store.here(["ticket", "update", id, "--set", `${key}=`]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("cannot be set this way")]);
    }
    store.judge();
  });

  test("says so when the lease of the agent ran out", async () => {
    const { store, id } = await dispatched();
    await store.ayo("ticket", "claim", id, "--as", "@coder", "--lease", "1s");
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await store.ayo("ticket", "create", "Another");
    expect(store.text(id)).toContain("dispatched: '@coder 1 lost'");
    store.judge();
  });

  test("of two clones gives way without a word", async () => {
    const { ann, bob } = await sharingTeam();
    const id = await ann.ayo("ticket", "create", "One", "-a", "@coder", "-q");
    await setMark(ann, id, "@coder 1");
    await ann.ayo("sync");
    await bob.ayo("sync");
    await ann.ayo("ticket", "assign", id, "@rex");
    await bob.ayo("ticket", "note", id, "meanwhile");
    for (const store of [ann, bob, ann]) await store.ayo("sync");
    expect(ann.text(id)).toBe(bob.text(id));
    expect(ann.text(id)).not.toMatch(/dispatched/);
  });
});
