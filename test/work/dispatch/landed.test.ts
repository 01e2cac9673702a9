import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { git } from "../../helpers/git.ts";
import { dispatchScene } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 120_000 });

test("who waits is started when the work before has landed, and has it in its worktree", async () => {
  const scene = await dispatchScene();
  await scene.ayo("config", "ready.deps", "landed");
  // It says that it is done before it has committed anything, and goes on for a while.
  const turns = [{ write: { "login.txt": "x" } }, { sh: "ayo ticket close $AYO_TICKET" }, { ms: 1500 }, { text: "ok" }];
  const first = await scene.ticket("Build login", turns);
  const next = await scene.ticket("Use login", [{ sh: "cat login.txt" }, { text: "ok" }], "--dep", first);
  const work = scene.work();
  await work.until(new RegExp(`${first}/1 @coder ended`));
  await vi.waitFor(() => expect(scene.text(first)).toContain("commits:"), { timeout: 60_000, interval: 100 });
  expect(await scene.runs(next)).toEqual([]);
  expect(await scene.ayo("ticket", "show", next)).toContain(`waits for ${first} (closed, to land on main)`);
  git(scene.dir, "merge", "--quiet", "--squash", `ayo/work/${first}`);
  git(scene.dir, "commit", "--quiet", "--message", "Login (#1)");
  await work.until(new RegExp(`${next}/1 @coder ended: ok`));
  expect(scene.text(first)).toContain(`landed: ${git(scene.dir, "rev-parse", "main")}`);
  expect(git(scene.dir, "show", `ayo/work/${next}:login.txt`)).toBe("x");
  await work.end();
  expect(existsSync(path.join(scene.dir, "login.txt"))).toBe(true);
});

test("work that its agent puts on the base before anybody accepts it is told, what it merged into its branch is not", async () => {
  const scene = await dispatchScene();
  const commit = { sh: "echo $AYO_TICKET >x.txt; git add x.txt; git commit -qm 'Its work'" };
  const early = await scene.ticket("Early", [commit, { sh: "git update-ref refs/heads/main HEAD" }, { text: "ok" }]);
  const { stdout } = await scene.cli("work", "--once");
  const oid = git(scene.dir, "rev-parse", "main").slice(0, 10);
  const sentence = `main has work of this ticket already (${oid}), and nobody has accepted it`;
  expect(stdout).toContain(sentence);
  expect(scene.text(early)).toContain(sentence);
  const main = "git commit-tree -p main -m Other main^{tree}";
  const good = await scene.ticket("Good", [
    { sh: `git update-ref refs/heads/main $(${main})` },
    { sh: "git merge -q main" },
    commit,
  ]);
  expect((await scene.cli("work", "--once")).stdout).not.toContain("already");
  expect(scene.text(good)).not.toContain("nobody has accepted it");
  expect(git(scene.dir, "log", "-1", "--format=%s", `ayo/work/${good}`)).toBe("Its work");
});
