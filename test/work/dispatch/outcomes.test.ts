import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { git } from "../../helpers/git.ts";
import { laterCleanUp } from "../../helpers/laterCleanUp.ts";
import { type DispatchScene, dispatchScene, type Turn } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const say = (text: string): Turn => ({ sh: `ayo ticket ${text.replace("ID", "$AYO_TICKET")}` });

/** What an agent does, where its ticket is then, and what its run's note begins with. */
const SCENES: readonly (readonly [name: string, turns: readonly Turn[], status: string, end: RegExp])[] = [
  ["says that it is done", [{ text: "All done" }], "closed", /: ok\./],
  ["ends without a word", [{ noend: true }], "closed", /: ok\./],
  ["ends with an exit code", [{ exit: 3 }], "failed", /: failed, its program ended with exit code 3\./],
  ["says that it failed", [{ result: { ok: false, why: "no idea" } }], "failed", /: failed, no idea\./],
  [
    "prints garbage and long lines",
    [{ garbage: "\u0001{]" }, { binary: 5000 }, { big: 10_000_000 }],
    "closed",
    /: ok\./,
  ],
  ["leaves files", [{ write: { "new.txt": "new", "a/b.txt": "b" } }], "closed", /: ok\./],
  ["closes itself", [say("close ID -m done")], "closed", /: ok, the agent left it in closed\./],
  ["submits itself", [say("submit ID")], "in_review", /: ok, the agent left it in in_review\./],
  ["asks", [say("ask ID 'Which?'")], "blocked", /: waiting, the agent asked\./],
  ["blocks itself", [say("block ID -m later")], "blocked", /: waiting, the agent left it in blocked\./],
  ["gives its ticket back", [say("release ID")], "open", /: ok, the agent left it in open\./],
  ["fails its ticket", [say("fail ID -m 'cannot'")], "failed", /: failed, the agent left it in failed\./],
  ["leaves a process in a session of its own", [{ orphan: "sleep 300" }, { text: "ok" }], "closed", /: ok\./],
  ["delegates", [say("create Part --parent ID -a @nobody -q")], "open", /: waiting, waits for /],
  ["stands still", [{ hang: true }], "failed", /: failed, stood still for 3s\./],
  ["stands still and does not hear", [{ deaf: true }, { hang: true }], "failed", /: failed, stood still for 3s\./],
  ["is not logged in", [{ retry: "401 invalid x-api-key" }], "open", /: failed, its program is not logged in/],
  [
    "uses much",
    [{ usage: { tokens: 1e30 } }, { usage: { cost: 1e12 } }, { usage: { tokens: 1200, cost: 0.25 } }, { text: "ok" }],
    "closed",
    /1,200 tokens, \$0\.25: ok\./,
  ],
];

const cleanUp = laterCleanUp();

describe("an agent that", () => {
  let scene: DispatchScene;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    scene = await dispatchScene({ agents: { "@coder": "max: 30, limits: {stall: 3s, tries: 1}" }, cleanUp });
    for (const [name, turns] of SCENES) ids.set(name, await scene.ticket(name, turns));
    await scene.cli("work", "--once", "-n", "30");
  });

  test.each(SCENES)("%s", async (name, _, status, end) => {
    const id = ids.get(name) as string;
    expect([scene.status(id), ...scene.ends(id)], scene.text(id)).toEqual([status, expect.stringMatching(end)]);
    const [run] = await scene.runs(id);
    expect(run).toMatchObject({ ticket: id, n: 1, state: "ended", attended: false, branch: `ayo/work/${id}` });
  });

  test("leaves nothing behind: no process, no file that is not committed, a store that git finds whole", async () => {
    expect(await scene.living()).toBe(0);
    const id = ids.get("leaves files") as string;
    const dir = path.join(`${scene.dir}.work`, id);
    expect(git(dir, "status", "--porcelain")).toBe("");
    expect(git(dir, "log", "-1", "--format=%an %cn %s %(trailers:key=TICKET,valueonly)").trim()).toContain(
      `coder Test User Leftovers of ${id} ${id}`,
    );
    expect(readFileSync(path.join(dir, "a/b.txt"), "utf8")).toBe("b");
    expect(existsSync(path.join(scene.dir, "new.txt"))).toBe(false);
    scene.store.judge();
  });

  test("is not believed what cannot be true, and that is in its log", async () => {
    const log = await scene.ayo("run", "log", ids.get("uses much") as string);
    expect(log.match(/ayo: what it says that it used up cannot be true, and is not counted/g)).toHaveLength(2);
  });

  test("was started once: another round starts nothing", async () => {
    const before = (await scene.runs()).length;
    const { stdout } = await scene.cli("work", "--once");
    expect(stdout).not.toContain("@coder started:");
    expect((await scene.runs()).length).toBe(before);
    expect(before).toBe(SCENES.length);
  });
});
