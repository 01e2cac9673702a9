import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { type DispatchScene, dispatchScene } from "../../helpers/work/dispatchScene.ts";

/** Says of itself what Claude Code says, and does its work at once; whether somebody is logged in a file knows. */
const CLAUDE = `#!/bin/sh
case "$*" in
--version) echo "2.1.332 (Claude Code)" ;;
"auth status") echo "{\\"loggedIn\\": $(cat "$LOGIN")}" ;;
-p*) read -r prompt; echo '{"type":"result","subtype":"success","is_error":false,"result":"done"}' ;;
*) exit 9 ;;
esac
`;

/** What `ayo work --dry-run`, doctor and the inbox say of agents, and whether a round leaves a ticket as it is. */
async function told(scene: DispatchScene, id: string) {
  const before = scene.text(id);
  const dry = await scene.cli("work", "--dry-run", "--json");
  const round = await scene.cli("work", "--once");
  const doctor = JSON.parse((await scene.cli("doctor", "--json")).stdout) as {
    findings: { code: string; path: string; message: string }[];
  };
  const inbox = JSON.parse(await scene.ayo("inbox", "--json")) as { items: { key: string; text: string }[] };
  expect(scene.text(id)).toBe(before);
  expect(await scene.runs()).toEqual([]);
  return {
    dry: [
      ...JSON.parse(dry.stdout).problems,
      ...JSON.parse(dry.stdout).agents.map((one: { reason: string }) => one.reason),
    ],
    round: round.stdout.trim(),
    doctor: doctor.findings.filter(({ code }) => code === "agent_unready").map((one) => `${one.path} ${one.message}`),
    inbox: inbox.items.filter(({ key }) => key.endsWith(":unready")).map((one) => `${one.key} ${one.text}`),
  };
}

test("whoever is not logged in, has no branch to start from or is kept out of the store is told everywhere, and no ticket is touched", async () => {
  const scene = await dispatchScene();
  const bin = path.join(scene.dir, "../bin");
  mkdirSync(bin);
  const login = path.join(bin, "login");
  Object.assign(scene.env, { LOGIN: login, PATH: `${bin}:${process.env.PATH}` });
  writeFileSync(path.join(bin, "claude"), CLAUDE);
  chmodSync(path.join(bin, "claude"), 0o755);
  writeFileSync(login, "false");
  const agents = async (entry: string, top = ""): Promise<void> => {
    writeFileSync(path.join(scene.store.tickets, "agents.yml"), `${top}agents:\n  '@coder': {${entry}}\n`);
    await scene.ayo("allow", "@coder");
  };
  const id = await scene.ticket("Login", []);

  await agents("adapter: claude, env: [LOGIN]");
  const why =
    "@coder is not logged in here: log in with 'claude auth login', or name the variable of a key in its env:";
  expect(await told(scene, id)).toEqual({
    dry: [why],
    round: expect.stringContaining(why),
    doctor: [`@coder cannot be started here: ${why}`],
    inbox: [`@coder:unready ${why}`],
  });

  await agents("adapter: claude, env: [LOGIN]", "base: gone\n");
  writeFileSync(login, "true");
  const base = "there is no branch 'gone' to start from, which agents.yml names as base";
  expect(await told(scene, id)).toEqual({
    dry: [base],
    round: expect.stringContaining(base),
    doctor: [`agents.yml cannot be started here: ${base}`],
    inbox: [`agents.yml:unready ${base}`],
  });
  git(scene.dir, "branch", "gone");
  expect((await scene.cli("work", "--dry-run")).stdout).toContain(`@coder would start ${id}`);

  // A wrapper that says of every place that it cannot be written.
  writeFileSync(path.join(bin, "closed"), "#!/bin/sh\necho ayo-closed\n");
  chmodSync(path.join(bin, "closed"), 0o755);
  await agents("adapter: claude, env: [LOGIN], wrap: [closed]");
  const closed = `${scene.store.tickets} cannot be written in what @coder is wrapped in (closed)`;
  expect(await told(scene, id)).toMatchObject({ dry: [closed], doctor: [`@coder cannot be started here: ${closed}`] });

  // A script that is gone since it was allowed, a file that makes no sense, a schema that nobody has: cron is told too.
  writeFileSync(path.join(scene.dir, "agent.sh"), "#!/bin/sh\n");
  await agents("adapter: command, command: [sh, ./agent.sh]");
  await agents("adapter: command, command: [./agent.sh]");
  rmSync(path.join(scene.dir, "agent.sh"));
  expect((await scene.cli("doctor")).stdout).toContain("agent.sh of @coder is not there");
  expect(await scene.ayo("inbox")).toContain("agent.sh of @coder is not there");
  for (const how of ["--once", "--dry-run"]) expect((await scene.cli("work", how)).code).toBe(1);
  writeFileSync(path.join(scene.store.tickets, "agents.yml"), "agents: [\n");
  const broken = await scene.cli("work", "--once");
  expect([broken.code, broken.stdout]).toEqual([1, expect.stringMatching(/agents\.yml:\d+: .*nobody is started/)]);
  await agents("adapter: claude, env: [LOGIN], wrap: [env]");
  const file = path.join(scene.store.tickets, `${id}.md`);
  writeFileSync(file, scene.text(id).replace(/^status:/m, "output-schema: gone\nstatus:"));
  const unheld = await scene.cli("work", "--once");
  expect([unheld.code, unheld.stdout]).toEqual([
    1,
    expect.stringContaining("schema gone of its output cannot be used"),
  ]);
  writeFileSync(file, scene.text(id).replace(/^output-schema: gone\n/m, ""));

  await agents("adapter: claude, env: [LOGIN], wrap: [env]");
  expect(await scene.ayo("work", "--once")).toContain(`${id}/1 @coder ended: ok`);
  expect(await scene.ayo("inbox", "--json")).not.toContain("unready");
});
