import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { dispatchScene } from "../../helpers/work/dispatchScene.ts";

const agents = (command: string): string => `agents:\n  '@coder': {adapter: command, command: ${command}}\n`;

test("a line for a shell and a model's name may have a slash; a script of the project is what was allowed", async () => {
  const scene = await dispatchScene();
  const file = path.join(scene.store.tickets, "agents.yml");
  writeFileSync(file, agents('[sh, -c, "cat >/dev/null; echo ./here/$1 >said.txt", sh, some/model]'));
  await scene.ayo("allow", "@coder");
  const id = await scene.ticket("Line", []);
  expect(await scene.ayo("work", "--once")).toContain(`${id}/1 @coder ended: ok`);
  expect(git(scene.dir, "show", `ayo/work/${id}:said.txt`)).toBe("./here/some/model");

  // The branch has a script that the project's folder does not have: nobody saw what it does.
  mkdirSync(path.join(scene.dir, "run"));
  writeFileSync(path.join(scene.dir, "run/agent.sh"), "cat >/dev/null; echo branch >said.txt\n");
  git(scene.dir, "add", ".");
  git(scene.dir, "commit", "--quiet", "-m", "script");
  git(scene.dir, "rm", "--quiet", "--cached", "run/agent.sh");
  execFileSync("mv", ["run/agent.sh", "agent.sh"], { cwd: scene.dir });
  writeFileSync(file, agents("[sh, run/agent.sh]"));
  await scene.ayo("allow", "@coder");
  const other = await scene.ticket("Script", []);
  const refused = await scene.cli("work", "--once");
  expect([refused.code, refused.stdout]).toEqual([
    1,
    expect.stringMatching(
      `${other}.* could not be started: run/agent.sh is a file of the worktree, but none of the project: nobody allowed what it does`,
    ),
  ]);
  // Once it is there it is another thing to allow.
  execFileSync("mv", ["agent.sh", "run/agent.sh"], { cwd: scene.dir });
  expect(await scene.ayo("allow")).toMatch(/@coder\s+changed/);
});

test("an agents.yml that cannot be read is told by --dry-run, which then exits with 1", async () => {
  const scene = await dispatchScene();
  const file = path.join(scene.store.tickets, "agents.yml");
  for (const [make, message] of [
    [() => writeFileSync(file, "agents: [\n"), /agents\.yml:\d+: /],
    [() => symlinkSync("/etc/hostname", file), /agents\.yml: a symbolic link/],
    [() => execFileSync("mkfifo", [file]), /agents\.yml: \w/],
  ] as const) {
    execFileSync("rm", ["-f", file]);
    make();
    const { code, stdout } = await scene.cli("work", "--dry-run");
    expect([code, stdout]).toEqual([1, expect.stringMatching(message)]);
  }
});
