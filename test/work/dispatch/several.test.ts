import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { type DispatchScene, dispatchScene } from "../../helpers/work/dispatchScene.ts";

const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: LONG ? 900_000 : 120_000 });

async function until(isSo: () => Promise<boolean> | boolean, what: string, limitMs = 60_000): Promise<void> {
  for (const limit = Date.now() + limitMs; !(await isSo()); ) {
    if (Date.now() > limit) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const TICKETS = LONG ? 50 : 12;
const AGENTS = LONG ? 8 : 4;

test(`three dispatchers, ${AGENTS} agents, ${TICKETS} tickets: each is started once, and ends`, async () => {
  const names = Array.from({ length: AGENTS }, (_, at) => `@a${at}`);
  const scene = await dispatchScene({ agents: Object.fromEntries(names.map((name) => [name, "max: 3"])) });
  const file = path.join(scene.dir, "started");
  const turns = [{ sh: `echo $AYO_TICKET $AYO_AGENT >> ${file}` }, { text: "ok" }];
  const ids: string[] = [];
  for (let at = 0; at < TICKETS; at++)
    ids.push(await scene.ticket(`Ticket ${at}`, turns, "-a", names[at % AGENTS] as string));
  const ends = await Promise.all([1, 2, 3].map(() => scene.cli("work", "--once", "-n", "8")));
  // Those that found everything started have ended; what was left waiting for a slot gets it in another round.
  while (ids.some((id) => scene.status(id) !== "closed")) ends.push(await scene.cli("work", "--once", "-n", "8"));
  for (const { code, stderr } of ends) expect([code, stderr]).toEqual([0, ""]);
  const started = readFileSync(file, "utf8").trim().split("\n").sort();
  expect(started).toEqual(ids.map((id, at) => `${id} ${names[at % AGENTS]}`).sort());
  const runs = await scene.runs();
  expect(runs.map(({ ticket, outcome }) => `${ticket} ${outcome}`).sort()).toEqual(ids.map((id) => `${id} ok`).sort());
  expect(await scene.living()).toBe(0);
  scene.store.judge();
});

async function hanging(scene: DispatchScene, title: string, file: string): Promise<string> {
  return scene.ticket(title, [{ sh: `while [ ! -e ${file} ]; do sleep 0.05; done` }, { text: "went on" }]);
}

test("a dispatcher that is killed leaves its agents at work, and the next one looks after them", async () => {
  const scene = await dispatchScene();
  const file = path.join(scene.dir, "go");
  const id = await hanging(scene, "Goes on", file);
  const first = scene.work();
  await first.until(/@coder started/);
  await until(async () => (await scene.runs(id))[0]?.state === "running", "its program");
  await first.end("SIGKILL");
  expect(await scene.living()).toBeGreaterThan(0);
  expect((await scene.runs(id))[0]).toMatchObject({ state: "running", attended: false });
  const second = scene.work();
  await second.until(/@coder taken over: its program goes on/);
  writeFileSync(file, "");
  await second.until(/@coder ended: ok/);
  expect([scene.status(id), ...scene.ends(id)]).toEqual(["closed", expect.stringContaining(": ok.")]);
  expect(scene.text(id)).toContain("\nwent on");
  // What the first had logged is not logged twice.
  const { events } = JSON.parse(await scene.ayo("run", "log", id, "--json")) as { events: { type: string }[] };
  expect(events.filter(({ type }) => type === "session")).toHaveLength(1);
  await second.end();
  expect(await scene.living()).toBe(0);
});

test("one that is told to end leaves them too, and says so; with nobody there 'run stop' is done by the next", async () => {
  const scene = await dispatchScene();
  const id = await hanging(scene, "Left", path.join(scene.dir, "never"));
  const first = scene.work();
  await first.until(/@coder started/);
  await until(async () => (await scene.runs(id))[0]?.state === "running", "its program");
  await first.end("SIGTERM");
  expect(first.said()).toContain("1 run goes on alone");
  const { stderr, stdout } = await scene.cli("run", "stop", id);
  expect([stdout.trim(), stderr.trim()]).toEqual([
    `${id}/1 is to be stopped`,
    expect.stringContaining("its program is ended; no 'ayo work' looks after it"),
  ]);
  expect(await scene.living()).toBe(0);
  await scene.cli("work", "--once");
  expect([scene.status(id), ...scene.ends(id)]).toEqual(["open", expect.stringContaining("stopped by Test User")]);
  expect(await scene.living()).toBe(0);
});

test("one that stands still for a while is no reason to end its agents; it goes on where it was", async () => {
  const scene = await dispatchScene({ agents: { "@coder": "limits: {stall: 2s, tries: 1}" } });
  const file = path.join(scene.dir, "go");
  const id = await hanging(scene, "Stopped", file);
  const first = scene.work();
  await first.until(/@coder started/);
  await until(async () => (await scene.runs(id))[0]?.state === "running", "its program");
  first.child.kill("SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 6_500));
  // Nobody takes over what may go on at any moment.
  await scene.cli("work", "--once");
  expect((await scene.runs(id))[0]).toMatchObject({ n: 1, state: "running", attended: true });
  first.child.kill("SIGCONT");
  writeFileSync(file, "");
  await first.until(/@coder ended: ok/);
  expect(scene.status(id)).toBe("closed");
});

test("a program that dies is tried again, with the same claim, as often as agents.yml says", async () => {
  const scene = await dispatchScene({ agents: { "@coder": "limits: {tries: 3}" } });
  const file = path.join(scene.dir, "tries");
  // Its session is gone on with: each try has the next turn.
  const dies = { sh: `echo x >> ${file}; kill -9 $PPID` };
  const id = await scene.ticket("Dies", [dies, dies, dies]);
  const { code } = await scene.cli("work", "--once");
  expect([code, readFileSync(file, "utf8")]).toEqual([1, "x\nx\nx\n"]);
  expect([scene.status(id), scene.ends(id).length]).toEqual(["failed", 1]);
  expect(scene.text(id)).toContain("dispatched: '@coder 3'");
  expect((await scene.runs(id)).map(({ n, tries, outcome }) => [n, tries, outcome])).toEqual([
    [3, 3, "failed"],
    [2, 2, "failed"],
    [1, 1, "failed"],
  ]);
  const inbox = await scene.ayo("inbox", "--kind", "run");
  expect(inbox).toContain(`ayo run retry ${id}`);
  rmSync(file);
  await scene.ayo("ticket", "update", id, "-d", "Nothing to do", "--replace");
  await scene.ayo("run", "retry", id);
  expect(await scene.ayo("inbox", "--kind", "run")).toBe("nothing needs Test User");
  await scene.cli("work", "--once");
  expect(scene.status(id)).toBe("closed");
});

test("who reviews is started for what others handed in, looks at their work, and approves or sends back", async () => {
  const scene = await dispatchScene({ agents: { "@coder": "", "@rex": "roles: [reviewer], access: read" } });
  const script = [
    {
      sh: `if [ $AYO_AGENT = @rex ]; then cat work.txt > ${scene.dir}/seen; ayo ticket approve $AYO_TICKET -m fine; fi`,
    },
    { sh: "if [ $AYO_AGENT = @coder ]; then echo mine > work.txt; fi" },
    { text: "ok" },
  ];
  const id = await scene.ticket("Reviewed", script, "--review", "required");
  await scene.cli("work", "--once");
  expect(scene.status(id)).toBe("in_review");
  await scene.cli("work", "--once");
  expect([scene.status(id), readFileSync(path.join(scene.dir, "seen"), "utf8")]).toEqual(["closed", "mine\n"]);
  expect((await scene.runs(id)).map(({ agent, review, outcome }) => [agent, review, outcome])).toEqual([
    ["@rex", true, "ok"],
    ["@coder", false, "ok"],
  ]);
});

test("what is not to be started is not: another's, by hand, from elsewhere, not allowed, changed since", async () => {
  const scene = await dispatchScene({ agents: { "@coder": "max: 5", "@other": "" } });
  const turns = [{ text: "ok" }];
  const foreign = await scene.ticket("Foreign", turns);
  const file = path.join(scene.store.tickets, `${foreign}.md`);
  writeFileSync(file, readFileSync(file, "utf8").replace("---\n", "---\norigin: github\n"));
  const human = await scene.ticket("Mine", turns, "-a", "Mara");
  const changed = await scene.ticket("Changed", turns, "-a", "@other");
  const agents = path.join(scene.store.tickets, "agents.yml");
  writeFileSync(agents, readFileSync(agents, "utf8").replace("[SCRIPTED_STATE, GIVEN_KEY]}\n", "[GIVEN_KEY]}\n"));
  const planned = (await scene.cli("work", "--dry-run")).stdout;
  expect(planned).toContain("@other was changed since it was allowed");
  expect(planned).toContain(`${foreign}: Foreign: not started: came from github; 'ayo ticket accept ${foreign}'`);
  const { stdout } = await scene.cli("work", "--once");
  expect(stdout).not.toContain("@other started");
  expect([foreign, human, changed].map(scene.status)).toEqual(["open", "open", "open"]);
  expect((await scene.runs()).length).toBe(0);
  // The words of an agent are no person's.
  const agent = await scene.cli("work", "--once", "--as", "@coder");
  expect(agent.code).not.toBe(0);
});

test("a machine may say how many runs it takes in a day, in a file that does not travel", async () => {
  const scene = await dispatchScene();
  const ids = await Promise.all([1, 2, 3].map((n) => scene.ticket(`Ticket ${n}`, [{ text: "ok" }])));
  const file = path.join(String(scene.env.HOME), ".local/share/ayo/config.yml");
  writeFileSync(file, "work: {runs-a-day: 2}\n");
  const { stdout } = await scene.cli("work", "--once");
  expect(stdout).toContain("not started: 2 runs in a day are all that this machine's config.yml allows");
  expect(ids.filter((id) => scene.status(id) === "closed")).toHaveLength(2);
  writeFileSync(file, "work: {runs-a-day: many}\n");
  expect(await scene.ayo("work", "--dry-run")).toContain("work.runs-a-day must be a number");
  writeFileSync(file, "work: {runs-a-day: 3}\n");
  await scene.cli("work", "--once");
  expect(ids.filter((id) => scene.status(id) === "closed")).toHaveLength(3);
});
