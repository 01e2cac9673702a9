import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { markLive } from "../../../src/store/runs/liveRuns.ts";
import { hermeticEnv } from "../../helpers/hermeticEnv.ts";
import { type DispatchScene, dispatchScene, scriptText, type Turn } from "../../helpers/work/dispatchScene.ts";

const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: LONG ? 900_000 : 180_000 });

/** A turn that hands a part on, whose agent plays these turns. */
function handsOn(title: string, to: string, turns: readonly Turn[], flags = ""): Turn {
  const text = scriptText(turns).replaceAll("'", "'\\''");
  return { sh: `ayo ticket delegate $AYO_TICKET '${title}' --to ${to} -q ${flags} -d '${text}'` };
}

/** A turn that ends a run. */
const ends = (text: string): Turn => ({ result: { ok: true, text } });

function promptOf(scene: DispatchScene, id: string, n: number): string {
  const folder = path.join(String(scene.env.HOME), ".local/share/ayo/runs");
  const [store = ""] = readdirSync(folder);
  return readFileSync(path.join(folder, store, id, String(n), "prompt.md"), "utf8");
}

test("who handed parts on goes on when the last is over, however it ended, with what they made", async () => {
  const scene = await dispatchScene({
    agents: { "@lead": "", "@coder": "max: 3", "@qa": "roles: [worker]" },
    files: { "schemas/plan.json": '{"type":"object"}' },
  });
  const cases = handsOn("Cases", "@coder", [{ json: { cases: ["one"] } }], "--output-schema plan");
  const fails = handsOn("Fails", "@coder", [{ result: { ok: false, why: "no idea" } }]);
  const id = await scene.ticket("Whole", [cases, fails, ends("handed on"), ends("done")], "-a", "@lead");
  const dispatcher = scene.work();
  await dispatcher.until(/@lead ended: ok\n/, 60_000);
  await dispatcher.end();
  expect([scene.status(id), ...(await scene.runs(id)).map(({ outcome }) => outcome)]).toEqual([
    "closed",
    "ok",
    "waiting",
  ]);
  const prompt = promptOf(scene, id, 2);
  const [, parts = ""] = /## Its parts\n\n((?:- .*\n)+)/.exec(prompt) ?? [];
  expect(
    parts
      .replace(/- \S+ /g, "")
      .trim()
      .split("\n")
      .sort(),
  ).toEqual(["(closed, @coder): Cases", "(failed, @coder): Fails"]);
  expect(prompt).toMatch(/The output of \S+:\n\n```json\n\{\s*"cases"/);
  const tree = JSON.parse(await scene.ayo("ticket", "tree", id, "--json")) as {
    tickets: { run: string; title: string }[];
  };
  expect(tree.tickets.map(({ title, run }) => [title, run]).sort()).toEqual([
    ["Cases", "ok"],
    ["Fails", "failed"],
    ["Whole", "ok"],
  ]);
  scene.store.judge();
});

test("a part that is over before who handed it on ends is seen by it all the same, once", async () => {
  const scene = await dispatchScene({ agents: { "@lead": "", "@coder": "" } });
  const part = handsOn("Part", "@coder", [{ text: "quick" }]);
  const waits = { sh: 'until ayo ticket tree $AYO_TICKET | grep -q "closed] @coder"; do sleep 0.2; done' };
  const id = await scene.ticket("Whole", [part, waits, ends("handed on"), ends("seen")], "-a", "@lead");
  const dispatcher = scene.work();
  await dispatcher.until(/@lead ended: ok\n/, 60_000);
  await dispatcher.end();
  expect((await scene.runs(id)).map(({ outcome, why }) => [outcome, why])).toEqual([
    ["ok", null],
    ["waiting", expect.stringMatching(/^\S+ ended meanwhile$/)],
  ]);
  expect(promptOf(scene, id, 2)).toMatch(/## Its parts\n\n- \S+ \(closed, @coder\): Part/);
  expect([scene.status(id), scene.ends(id).length]).toEqual(["closed", 2]);
});

test("what a run makes beside its own ticket counts under it; a part that moved away, or is gone, is waited for no longer", async () => {
  const scene = await dispatchScene({ agents: { "@lead": "", "@coder": "" }, top: "" });
  await scene.ayo("config", "delegation.tickets", "3");
  const id = await scene.ticket(
    "Whole",
    [
      { sh: "ayo ticket create Found -q > found; ayo ticket create Also -q > also" },
      { sh: "ayo ticket delegate $AYO_TICKET Part --to @nobody -q > part; ayo ticket create More 2> more" },
      ends("handed on"),
      ends("done"),
    ],
    "-a",
    "@lead",
  );
  await scene.cli("work", "--once");
  const made = (name: string): string => readFileSync(path.join(`${scene.dir}.work`, id, name), "utf8").trim();
  expect(scene.text(made("found"))).toContain(`discovered-from: ${id}\n`);
  expect(made("more")).toContain("agents may make 3 tickets below");
  expect([scene.status(id), scene.text(id)]).toEqual(["open", expect.stringContaining("dispatched: '@lead 1 waits'")]);
  // Nobody does it, and a person takes it out by hand.
  scene.store.write(made("part"), scene.text(made("part")).replace(/^parent: .*\n/m, ""));
  await scene.cli("work", "--once");
  expect(scene.status(id)).toBe("closed");
  scene.store.judge();
});

test("a killed dispatcher costs nobody his session, and what it wrote into the ticket stays how the run ended", async () => {
  const scene = await dispatchScene({ agents: { "@lead": "", "@coder": "" } });
  const part = handsOn("Part", "@nobody", []);
  const id = await scene.ticket("Whole", [part, ends("handed on"), ends("done")], "-a", "@lead");
  await scene.cli("work", "--once");
  const folder = path.join(String(scene.env.HOME), ".local/share/ayo/runs");
  const [store = ""] = readdirSync(folder);
  const fileOf = (n: number): string => path.join(folder, store, id, String(n), "run.json");
  const first = JSON.parse(readFileSync(fileOf(1), "utf8")) as Record<string, unknown>;
  expect(first.outcome).toBe("waiting");
  // It was killed after it had written the end into the ticket.
  const { outcome, why, ended, ...before } = first;
  writeFileSync(fileOf(1), JSON.stringify({ ...before, state: "ending" }));
  const { dir, host } = scene.store.open({
    env: { ...hermeticEnv(String(scene.env.HOME)) },
    home: String(scene.env.HOME),
  });
  markLive({ dir, host }, { ticket: id, n: 1 });
  await scene.cli("work", "--once");
  expect((await scene.runs(id)).map((run) => [run.outcome, run.why])).toEqual([[outcome, why]]);
  // The next one was killed before there was a worktree for the run that goes on with the session.
  mkdirSync(path.dirname(fileOf(2)));
  const { worktree, branch, child, started, ...lost } = first;
  writeFileSync(fileOf(2), JSON.stringify({ ...lost, n: 2, run: "lost", ended, outcome: "lost", isTriedAgain: true }));
  const { tickets } = JSON.parse(await scene.ayo("ticket", "tree", id, "--json")) as { tickets: { id: string }[] };
  expect(tickets).toHaveLength(2);
  await scene.ayo("ticket", "close", tickets[1]?.id ?? "");
  await scene.cli("work", "--once");
  const [last] = await scene.runs(id);
  expect([scene.status(id), last?.session, last?.n]).toEqual(["closed", first.session, 3]);
  expect(scene.store.subjects().filter((line) => line.startsWith("delegate"))).toHaveLength(1);
});

test("a root that has cost what it may starts nothing more", async () => {
  const scene = await dispatchScene({ agents: { "@lead": "", "@coder": "" } });
  await scene.ayo("config", "delegation.cost", "1");
  const part = handsOn("Part", "@coder", [{ text: "ok" }]);
  const id = await scene.ticket("Whole", [{ usage: { cost: 1.5 } }, part, { text: "ok" }], "-a", "@lead");
  await scene.cli("work", "--once");
  const { stdout } = await scene.cli("work", "--once");
  expect(stdout).toContain(`not started: $1.50 were spent on ${id} and its parts`);
  expect((await scene.runs()).length).toBe(1);
});

test.runIf(LONG)(
  "what people do to wholes and parts while agents work: given up, given to another, sent back, moved to another whole",
  async () => {
    const agents = Object.fromEntries(["@lead", "@coder", "@other"].map((name) => [name, "max: 9"]));
    const scene = await dispatchScene({ agents });
    const go = path.join(scene.dir, "go");
    const waits: Turn = { sh: `until [ -e ${go} ]; do sleep 0.1; done` };
    const whole = (title: string, turns: readonly Turn[], flags = "") =>
      scene.ticket(
        title,
        [handsOn(`Part of ${title}`, "@coder", turns, flags), ends("handed on"), ends("whole")],
        "-a",
        "@lead",
      );
    const [left, dropped, given, back, moved, target] = [
      await whole("Left", [waits, ends("part")]),
      await whole("Dropped", [waits, ends("part")]),
      await whole("Given", [waits, ends("part")]),
      await whole("Back", [ends("first"), ends("second")], "-t feature"),
      await whole("Moved", [waits, ends("part")]),
      await scene.ticket("Target", [ends("target")], "-a", "@nobody"),
    ];
    await scene.ayo("config", "review.feature", "required");
    const dispatcher = scene.work("-n", "12");
    const partOf = async (id: string): Promise<string> => {
      const { tickets } = JSON.parse(await scene.ayo("ticket", "tree", id, "--json")) as { tickets: { id: string }[] };
      return tickets[1]?.id ?? "";
    };
    const comes = (look: () => Promise<boolean> | boolean, what: string) =>
      vi.waitUntil(look, { timeout: 60_000, interval: 100 }).catch(() => {
        throw new Error(`never: ${what}\n${dispatcher.said()}`);
      });
    for (const id of [left, dropped, given, back, moved])
      await comes(() => scene.ends(id).some((line) => line.includes("waiting")), `${id} waits`);
    const parts = await Promise.all([left, dropped, given, back, moved].map(partOf));
    const [ofLeft = "", ofDropped = "", ofGiven = "", ofBack = "", ofMoved = ""] = parts;
    for (const id of [ofLeft, ofDropped, ofGiven, ofMoved])
      await comes(async () => (await scene.runs(id))[0]?.state === "running", `${id} runs`);
    await scene.ayo("ticket", "cancel", left);
    await scene.ayo("ticket", "cancel", dropped, "--children");
    await scene.ayo("ticket", "release", ofGiven, "--force");
    await scene.ayo("ticket", "assign", ofGiven, "@other");
    await scene.ayo("ticket", "update", ofMoved, "--parent", target);
    await comes(() => scene.status(ofBack) === "in_review", "handed in");
    await scene.ayo("ticket", "reject", ofBack, "-m", "once more");
    await comes(() => scene.ends(ofBack).length === 2 && scene.status(ofBack) === "in_review", "handed in again");
    expect((await scene.runs(back)).length).toBe(1);
    await scene.ayo("ticket", "approve", ofBack);
    writeFileSync(go, "");
    await comes(() => [ofLeft, given, back, moved].every((id) => scene.status(id) === "closed"), "all is over");
    await dispatcher.end();
    expect([left, ofLeft, dropped, ofDropped, ofGiven, ofBack, ofMoved].map((id) => scene.status(id))).toEqual([
      ...["cancelled", "closed", "cancelled", "cancelled", "closed", "closed", "closed"],
    ]);
    const outcomes = async (id: string) => (await scene.runs(id)).map(({ agent, outcome }) => `${agent} ${outcome}`);
    // Who was given up hears nothing more; the others once.
    expect(await Promise.all([left, dropped, given, back, moved].map(outcomes))).toEqual([
      ["@lead waiting"],
      ["@lead waiting"],
      ...[given, back, moved].map(() => ["@lead ok", "@lead waiting"]),
    ]);
    expect((await outcomes(ofDropped)).join()).not.toContain("ok");
    expect((await outcomes(ofGiven))[0]).toBe("@other ok");
    expect(await scene.living()).toBe(0);
    scene.store.judge();
  },
);

/** How many levels of parts, how many parts each, and how many agents. */
const [DEPTH, WIDE, ROOTS, AGENTS] = LONG ? [3, 2, 4, 20] : [2, 2, 1, 6];

test(`${AGENTS} agents hand on ${DEPTH} levels deep while dispatchers are killed: each part ends once, each whole hears once`, async () => {
  const names = Array.from({ length: AGENTS }, (_, at) => `@a${at}`);
  const scene = await dispatchScene({
    agents: Object.fromEntries(names.map((name) => [name, "max: 4, limits: {tries: 9}"])),
  });
  await scene.ayo("config", "delegation.depth", String(DEPTH));
  const each = Math.floor(AGENTS / (DEPTH + 1));
  let next = 0;
  /** Each level has agents of its own: nobody hands back. */
  const name = (depth: number): string => names[depth * each + (next++ % each)] as string;
  const level = (depth: number): Turn[] => {
    if (depth === 0) return [{ ms: 50 }, { text: "leaf" }];
    const parts = Array.from({ length: WIDE }, (_, at) =>
      handsOn(`Part ${depth}.${at}`, name(depth - 1), level(depth - 1)),
    );
    return [...parts, ends("handed on"), ends("whole")];
  };
  const roots: string[] = [];
  for (let at = 0; at < ROOTS; at++) roots.push(await scene.ticket(`Root ${at}`, level(DEPTH), "-a", name(DEPTH)));
  const isOver = () => roots.every((id) => scene.status(id) === "closed");
  for (let kills = 0; !isOver(); kills++) {
    const dispatcher = scene.work("-n", "6");
    const until = Date.now() + (kills < (LONG ? 30 : 2) ? 800 + Math.random() * 1_500 : 120_000);
    while (Date.now() < until && !isOver()) await setTimeout(100);
    await dispatcher.end(isOver() ? "SIGTERM" : "SIGKILL");
  }
  const { tickets } = JSON.parse(await scene.ayo("ticket", "tree", "--all", "--json")) as {
    tickets: { id: string; depth: number; status: string }[];
  };
  const outcomes = (await scene.runs()).map(({ ticket, outcome }) => `${ticket} ${outcome}`);
  for (const { id, depth, status } of tickets) {
    expect([id, status, scene.ends(id).filter((line) => / ok\b/.test(line)).length]).toEqual([id, "closed", 1]);
    const waits = outcomes.filter((one) => one === `${id} waiting`).length;
    expect([id, depth, waits]).toEqual([id, depth, depth === DEPTH ? 0 : 1]);
  }
  const perRoot = Array.from({ length: DEPTH + 1 }, (_, depth) => WIDE ** depth).reduce((sum, count) => sum + count);
  expect(tickets).toHaveLength(ROOTS * perRoot);
  expect(await scene.living()).toBe(0);
  expect(await scene.ayo("doctor")).toContain("Nothing is wrong");
  scene.store.judge();
});
