import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { revertsIn } from "../../../src/store/codeCommits/landed/baseHistory.ts";
import { seeLanded } from "../../../src/store/codeCommits/landed/seeLanded.ts";
import { git } from "../../helpers/git.ts";
import { change, head, type LandedScene, scene, state } from "../../helpers/landedScene.ts";

/** A commit without a change. */
function empty(dir: string, message: string): string {
  git(dir, "commit", "--quiet", "--allow-empty", "--message", message);
  return head(dir);
}

const landing = async ({ store, first }: LandedScene) =>
  (await store.json<{ landing: object }>("ticket", "landed", first)).landing;

describe("a commit that names the ticket", () => {
  test("is no squash of its work where it changes nothing, or something else", async () => {
    const there = await scene(3);
    const { dir, first, store, work } = there;
    empty(dir, `Nearly there, TICKET: ${first}`);
    expect(await state(there)).toMatchObject({ landed: undefined, ready: false });
    const other = change(dir, "notes", `Notes on it, TICKET: ${first}`);
    expect(await state(there)).toMatchObject({ landed: undefined, ready: false });
    expect(await landing(there)).toMatchObject({
      state: "waiting",
      missing: work,
      trouble: `${other.slice(0, 10)} on main names the ticket and changes few of its files: if it is the work, say so: ayo ticket landed ${first} ${other.slice(0, 10)}`,
    });
    change(dir, "part0", `A third of it, TICKET: ${first}`, "edited\n");
    expect(await store.ayo("ticket", "landed", first)).toMatch(new RegExp(`^${first}: not on main yet: `));
    expect(await state(there)).toMatchObject({ landed: undefined, ready: false });
    const rest = change(dir, "part1", `Another, TICKET: ${first}`, "edited\n");
    expect(await state(there)).toMatchObject({ landed: rest, ready: true });
    expect(await store.ayo("ticket", "landed", first, other)).toContain("Landed");
  });

  test("is an empty copy of nothing that is not empty", async () => {
    const there = await scene(1);
    const { dir, work } = there;
    git(dir, "commit", "--quiet", "--allow-empty", `--reuse-message=${work[0]}`);
    expect(await state(there)).toMatchObject({ landed: undefined, ready: false });
  });

  test("is its squash by a merge, too", async () => {
    const there = await scene(2);
    const { dir, first } = there;
    git(dir, "checkout", "--quiet", "-b", "edited");
    change(dir, "part0", "by others", "edited\n");
    change(dir, "part1", "by others", "edited\n");
    git(dir, "checkout", "--quiet", "main");
    git(dir, "merge", "--quiet", "--no-ff", `--message=Login (#3) TICKET: ${first}`, "edited");
    expect(await state(there)).toMatchObject({ landed: head(dir), ready: true });
  });

  test("is not believed where changes cannot be read, or the work is on another machine", async () => {
    const there = await scene(2);
    const { dir, first, store, work } = there;
    git(dir, "merge", "--quiet", "--squash", "side");
    writeFileSync(path.join(dir, "part0"), "edited while merging\n");
    git(dir, "commit", "--quiet", "--all", "--message", `Login (#3) TICKET: ${first}`);
    const blind = store.open({ env: { ...store.open().host.env, PATH: "" } });
    expect((await seeLanded(blind)).trouble).toContain("there is no git on the PATH");
    expect(store.text(first)).not.toContain("landed:");
    store.write(first, store.text(first).replace(String(work[0]), "b".repeat(40)));
    expect(await state(there)).toMatchObject({ landed: undefined, ready: false });
    expect(await landing(there)).toMatchObject({
      state: "waiting",
      missing: expect.arrayContaining(["b".repeat(40)]),
      trouble: expect.stringContaining(`is not on this machine, nobody can compare it: fetch it, or if you know`),
    });
    store.write(first, store.text(first).replace("b".repeat(40), String(work[0])));
    expect(await state(there)).toMatchObject({ landed: head(dir), ready: true });
  });

  test("brings nothing again that was taken back, unless it changes what that was about", async () => {
    const there = await scene(1);
    const { dir, first } = there;
    git(dir, "merge", "--quiet", "--squash", "side");
    git(dir, "commit", "--quiet", "--message=squashed");
    expect(await state(there)).toMatchObject({ ready: true });
    git(dir, "revert", "--no-edit", "HEAD");
    const gone = head(dir);
    empty(dir, `It was bad, TICKET: ${first}`);
    expect(await state(there)).toMatchObject({ unlanded: gone, ready: false });
    change(dir, "notes", `What was bad, TICKET: ${first}`);
    expect(await state(there)).toMatchObject({ unlanded: gone, ready: false });
    change(dir, "part0", `Better, TICKET: ${first}`, "edited\n");
    expect(await state(there)).toMatchObject({ landed: head(dir), unlanded: undefined, ready: true });
  });
});

describe("a revert", () => {
  test("is what git writes, not what somebody tells of one", async () => {
    const there = await scene(1);
    const { dir } = there;
    git(dir, "merge", "--quiet", "--ff-only", "side");
    const came = head(dir);
    change(dir, "other", `Answer: git would say "This reverts commit ${came}."`);
    change(dir, "other2", `Log\n\n    This reverts commit ${came}.\n\n> This reverts commit ${came}.`);
    empty(dir, `Revert "login"\n\nThis reverts commit ${came}.`);
    expect(await state(there)).toMatchObject({ landed: came, unlanded: undefined, ready: true });
    git(dir, "revert", "--no-edit", came);
    expect(await state(there)).toMatchObject({ landed: undefined, unlanded: head(dir), ready: false });
    const gone = head(dir);
    empty(dir, `Revert "Revert"\n\nThis reverts commit ${gone}.`);
    expect(await state(there)).toMatchObject({ unlanded: gone, ready: false });
    // As git 2.43 words it.
    git(dir, "revert", "--no-commit", gone);
    git(dir, "commit", "--quiet", "--message", `Reapply "login"\n\nThis reverts commit ${gone}.`);
    expect(await state(there)).toMatchObject({ landed: head(dir), unlanded: undefined, ready: true });
  });

  test("has its own line", () => {
    const [one, two] = ["a".repeat(40), "b".repeat(40)];
    expect(revertsIn(`Revert\n\nThis reverts commit ${one}, reversing\nchanges made to ${two}.`)).toEqual([one]);
    expect(revertsIn(`Two\n\nThis reverts commit ${one}.\nThis reverts commit\r\n${two}.`)).toEqual([one, two]);
    expect(revertsIn("# *** SAY WHY ***\n\nThis reverts commit abcdef1 (login, 2026-11-21).")).toEqual(["abcdef1"]);
    expect(revertsIn(`See This reverts commit ${one}.`)).toEqual([]);
    expect(revertsIn(`* This reverts commit ${one}.`)).toEqual([]);
  });
});

test("what only 'ticket landed' has seen is taken back by the next look, where it is gone", async () => {
  const [rewritten, reverted] = await Promise.all([scene(1), scene(1)]);
  for (const there of [rewritten, reverted]) {
    const { dir, store, first } = there;
    await seeLanded(store.open());
    git(dir, "merge", "--quiet", "--squash", "side");
    git(dir, "commit", "--quiet", "--message=squashed");
    expect(await landing(there)).toMatchObject({ state: "landed" });
    // Only that verb looks meanwhile.
    if (there === rewritten) git(dir, "reset", "--quiet", "--hard", "HEAD~1");
    else {
      git(dir, "revert", "--no-edit", "HEAD");
      const other = await store.ayo("ticket", "create", "Other");
      await store.ayo("ticket", "landed", other);
    }
    expect(await state(there)).toMatchObject({ landed: undefined, unlanded: head(dir), ready: false });
    expect(store.text(first)).toContain("unlanded:");
  }
  // By a person's word, and without a look before.
  const said = await scene(1);
  rmSync(path.join(said.store.tickets, ".git/ayo/landed.table"), { force: true });
  const commit = change(said.dir, "elsewhere", "the work, rewritten");
  await said.store.ayo("ticket", "landed", said.first, commit);
  git(said.dir, "reset", "--quiet", "--hard", "HEAD~1");
  expect(await state(said)).toMatchObject({ landed: undefined, unlanded: head(said.dir), ready: false });
});
