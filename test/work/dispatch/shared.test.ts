import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import type { Env } from "../../helpers/hermeticEnv.ts";
import { type CliResult, runCli } from "../../helpers/runCli.ts";
import { sharingTeam } from "../../helpers/team.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import type { TempStore } from "../../helpers/tempStore.ts";
import { SCRIPTED, scriptText } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 120_000 });

interface Machine {
  readonly store: TempStore;
  cli(...args: string[]): Promise<CliResult>;
}

/** Two machines that share their tickets, each with a home of its own where the agent is allowed. */
async function machines() {
  const { ann, bob, hub } = await sharingTeam();
  const around = tempDir();
  const made: Machine[] = [];
  for (const [name, store] of [
    ["ann", ann],
    ["bob", bob],
  ] as const) {
    const env: Env = {
      AYO_HOME: undefined,
      AYO_RETRY_MS: "50",
      AYO_CLAIM_MS: "60000",
      SCRIPTED_STATE: path.join(around, name),
    };
    mkdirSync(path.join(around, name));
    if (name === "ann") {
      const entry = `{adapter: command, command: [${process.execPath}, ${SCRIPTED}], max: 5}`;
      writeFileSync(path.join(store.tickets, "agents.yml"), `agents:\n  '@coder': ${entry}\n`);
    }
    await store.ayo("sync");
    const cli = (...args: string[]) => runCli(store.dir, args, { env, timeoutMs: 100_000 });
    const allowed = await cli("allow", "@coder");
    expect([allowed.code, allowed.stderr]).toEqual([0, ""]);
    made.push({ store, cli });
  }
  const file = path.join(around, "started");
  return { ann: made[0] as Machine, bob: made[1] as Machine, hub, file };
}

test("two machines that share their tickets start each of them once", async () => {
  const { ann, bob, file } = await machines();
  const ids: string[] = [];
  for (let at = 0; at < 4; at++) {
    const turns = [{ sh: `echo $AYO_TICKET >> ${file}` }, { text: "ok" }];
    ids.push(await ann.store.ayo("ticket", "create", `Ticket ${at}`, "-a", "@coder", "-q", "-d", scriptText(turns)));
  }
  for (const { store } of [ann, bob]) await store.ayo("sync");
  const ends = await Promise.all([ann, bob].map(({ cli }) => cli("work", "--once", "-n", "5")));
  for (const { code, stderr } of ends) expect([code, stderr]).toEqual([0, ""]);
  for (const { store } of [ann, bob, ann]) await store.ayo("sync");
  const { cli } = bob;
  await cli("work", "--once");
  expect(readFileSync(file, "utf8").trim().split("\n").sort()).toEqual([...ids].sort());
  for (const id of ids) expect(bob.store.text(id)).toMatch(/^status: closed$/m);
});

test("what an agent hands on is done on another machine, and it goes on where it began", async () => {
  const { ann, bob } = await machines();
  const entry = `{adapter: command, command: [${process.execPath}, ${SCRIPTED}]}`;
  writeFileSync(path.join(ann.store.tickets, "agents.yml"), `agents:\n  '@coder': ${entry}\n  '@far': ${entry}\n`);
  await ann.store.ayo("sync");
  await bob.store.ayo("sync");
  expect((await ann.cli("allow", "@coder")).code).toBe(0);
  expect((await bob.cli("allow", "@far")).code).toBe(0);
  const part = scriptText([{ text: "from far" }]).replaceAll("'", "'\\''");
  const turns = [
    { sh: `ayo ticket delegate $AYO_TICKET Part --to @far -q -d '${part}'` },
    { result: { ok: true, text: "handed on" } },
    { text: "went on" },
  ];
  const id = await ann.store.ayo("ticket", "create", "Whole", "-a", "@coder", "-q", "-d", scriptText(turns));
  const around = async ({ store, cli }: Machine) => {
    await store.ayo("sync");
    const { stdout } = await cli("work", "--once");
    await store.ayo("sync");
    return stdout;
  };
  expect(await around(ann)).toContain("@coder ended: waiting");
  expect(await around(bob)).toContain("@far ended: ok");
  expect(await around(ann)).toContain("@coder ended: ok");
  await bob.store.ayo("sync");
  expect(bob.store.text(id)).toMatch(/^status: closed$/m);
  expect(bob.store.text(id)).toContain("went on");
});

test("without contact nothing is started, which is said once; --offline is for one machine alone", async () => {
  const { ann, hub } = await machines();
  const id = await ann.store.ayo("ticket", "create", "Alone", "-a", "@coder", "-q", "-d", scriptText([{ text: "ok" }]));
  renameSync(hub, `${hub}.gone`);
  const { stdout } = await ann.cli("work", "--once");
  expect(stdout.match(/not started/g)).toHaveLength(1);
  expect(ann.store.text(id)).not.toMatch(/claimed-by|dispatched/);
  await ann.cli("work", "--once", "--offline");
  expect(ann.store.text(id)).toMatch(/^status: closed$/m);
});
