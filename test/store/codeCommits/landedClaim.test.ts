import { expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { change } from "../../helpers/landedScene.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const CODER = ["--as", "coder"];

test("work on the branch that a claim names counts without a tag, unless it may be another's", async () => {
  const store = await tempStore({ project: true });
  const { dir } = store;
  await store.ayo("config", "ready.deps", "landed");
  const create = (title: string, ...more: string[]) => store.ayo("ticket", "create", title, ...more);
  const [first, one, two, onBase] = [
    await create("Build login"),
    await create("One of two"),
    await create("Two of two"),
    await create("On the base branch"),
  ];
  const next = await create("Use login", "--dep", first);
  const commitsOf = async (id: string) =>
    (await store.json<{ ticket: { commits: string[] } }>("ticket", "show", id)).ticket.commits;
  // What lies on the branch before the claim, and what others bring there, is not its work.
  git(dir, "checkout", "--quiet", "-b", "login");
  change(dir, "before", "somebody's");
  await store.ayo("ticket", "claim", first, ...CODER);
  const work = change(dir, "login", "no tag");
  change(dir, "other", `of another TICKET: ${one}`);
  git(dir, "checkout", "--quiet", "-b", "foreign", "main");
  change(dir, "foreign", "somebody's, too");
  git(dir, "checkout", "--quiet", "login");
  git(dir, "merge", "--quiet", "--no-ff", "--message=merge", "foreign");
  const more = change(dir, "login2", "no tag either");
  await store.ayo("ticket", "close", first, ...CODER);
  expect(await commitsOf(first)).toEqual([more, work]);
  expect(await store.ayo("ticket", "ready", "--quiet")).not.toContain(next);
  git(dir, "checkout", "--quiet", "main");
  git(dir, "cherry-pick", work, more);
  expect(await store.ayo("ticket", "landed", first)).toContain(`Landed ${first}: on main with`);
  expect(await store.ayo("ticket", "ready", "--quiet")).toContain(next);
  // One branch for two tickets: whose it is nobody knows.
  git(dir, "checkout", "--quiet", "-b", "both");
  await store.ayo("ticket", "claim", one, ...CODER);
  await store.ayo("ticket", "claim", two, ...CODER);
  change(dir, "both", "of one, or of two");
  await store.ayo("ticket", "close", one, ...CODER);
  expect(await commitsOf(one)).toHaveLength(1);
  git(dir, "checkout", "--quiet", "main");
  await store.ayo("ticket", "claim", onBase, ...CODER);
  change(dir, "base", "on the base branch itself");
  await store.ayo("ticket", "close", onBase, ...CODER);
  expect(await commitsOf(onBase)).toEqual([]);
});
