import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { git } from "../../helpers/git.ts";
import { dispatchScene } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 120_000 });

test("a worktree goes once its work is on the base, and stays as long as anything would be lost with it", async () => {
  const scene = await dispatchScene();
  const done = (text: string) => [{ write: { "made.txt": text } }, { commit: text }, { text: "ok" }];
  const [merged, open] = [await scene.ticket("Merged", done("one")), await scene.ticket("Open", done("two"))];
  await scene.cli("work", "--once");
  git(scene.dir, "merge", "--quiet", "--no-edit", `ayo/work/${merged}`);
  const { stdout } = await scene.cli("work", "--once");
  expect(stdout).toContain(`${merged} tidied up: the worktree ${merged}`);
  expect(stdout).toMatch(new RegExp(`kept: worktrees of tickets that are over: ${open} \\(`));
  const dirs = [merged, open].map((id) => existsSync(path.join(`${scene.dir}.work`, id)));
  expect(dirs).toEqual([false, true]);
  expect(git(scene.dir, "branch", "--list", "ayo/work/*")).toContain(`ayo/work/${open}`);
  expect(git(scene.dir, "branch", "--list", "ayo/work/*")).not.toContain(merged);
});

test("who delegates, and ends, is started again when the last part is over", async () => {
  const scene = await dispatchScene({ agents: { "@coder": "", "@part": "" } });
  const id = await scene.ticket("Whole", [
    { sh: "ayo ticket create Part --parent $AYO_TICKET -a @part -q > part" },
    { write: { "whole.txt": "whole" } },
    { text: "ok" },
  ]);
  await scene.cli("work", "--once");
  expect([scene.status(id), ...scene.ends(id)]).toEqual(["open", expect.stringContaining("waiting, waits for")]);
  await scene.cli("work", "--once");
  expect(scene.text(id)).toContain("dispatched: '@coder 1 waits'");
  await scene.cli("work", "--once");
  expect(scene.status(id)).toBe("closed");
  expect((await scene.runs(id)).map(({ n, outcome }) => [n, outcome])).toEqual([
    [2, "ok"],
    [1, "waiting"],
  ]);
});

test("what came from elsewhere is started once a person accepts it, or gives it to an agent", async () => {
  const scene = await dispatchScene();
  const [one, two] = [await scene.ticket("One", [{ text: "ok" }]), await scene.ticket("Two", [{ text: "ok" }])];
  for (const id of [one, two]) scene.store.write(id, scene.text(id).replace("---\n", "---\norigin: github\n"));
  await scene.cli("work", "--once");
  expect([scene.status(one), scene.status(two)]).toEqual(["open", "open"]);
  const agent = await scene.cli("ticket", "accept", one, "--as", "@coder");
  expect([agent.code, agent.stderr]).toEqual([1, expect.stringContaining("only a person can accept")]);
  const set = await scene.cli("ticket", "update", one, "--set", "origin=");
  expect([set.code, set.stderr]).toEqual([2, expect.stringContaining("use ayo ticket accept")]);
  await scene.ayo("ticket", "accept", one);
  await scene.ayo("ticket", "assign", two, "@coder");
  await scene.cli("work", "--once");
  expect([scene.status(one), scene.status(two)]).toEqual(["closed", "closed"]);
  scene.store.judge();
});
