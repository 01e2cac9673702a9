import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { isRunning } from "../../../src/processes.ts";
import { git } from "../../helpers/git.ts";
import { laterCleanUp } from "../../helpers/laterCleanUp.ts";
import { type Dispatcher, type DispatchScene, dispatchScene } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const cleanUp = laterCleanUp();

/** Waits until something is so. */
async function until(isSo: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const limit = Date.now() + 30_000; !(await isSo()); ) {
    if (Date.now() > limit) throw new Error(`not within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe.concurrent("a dispatcher that goes on, of a ticket whose agent is at work", () => {
  let scene: DispatchScene;
  let dispatcher: Dispatcher;

  beforeAll(async () => {
    scene = await dispatchScene({
      agents: { "@coder": "max: 30" },
      cleanUp,
    });
    dispatcher = scene.work("-n", "30");
  });

  /** A ticket whose agent has said that it began, and then waits. */
  async function begun(title: string, ...flags: string[]): Promise<string> {
    const id = await scene.ticket(title, [{ sh: "ayo ticket note $AYO_TICKET begun" }, { hang: true }], ...flags);
    await until(() => scene.text(id).includes("\nbegun"), `${title} begun`);
    return id;
  }

  async function isOver(id: string): Promise<void> {
    await until(async () => (await scene.runs(id))[0]?.state === "ended", `${id} ended`);
  }

  test("that is cancelled: stops it at once, and says so", async () => {
    const id = await begun("Cancelled");
    await scene.ayo("ticket", "cancel", id);
    await isOver(id);
    expect([scene.status(id), ...scene.ends(id)]).toEqual([
      "cancelled",
      expect.stringContaining(": stopped, its ticket was cancelled."),
    ]);
  });

  test("that is stopped while it runs a command with an empty environment in a session of its own: ends that too", async () => {
    const pidFile = path.join(scene.dir, "../emptied");
    const emptied = `env -i /usr/bin/setsid /bin/sh -c 'echo $$ >"${pidFile}"; exec /bin/sleep 300'`;
    const id = await scene.ticket("Emptied", [{ sh: emptied }]);
    await until(() => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "", "it runs");
    const pid = Number(readFileSync(pidFile, "utf8"));
    expect(isRunning(pid)).toBe(true);
    await scene.ayo("run", "stop", id);
    await isOver(id);
    await until(() => !isRunning(pid), "it is gone");
  });

  test("that is given to a person: stops it, and the ticket is theirs", async () => {
    const id = await begun("Given away");
    await scene.ayo("ticket", "assign", id, "Mara");
    await isOver(id);
    expect([scene.status(id), ...scene.ends(id)]).toEqual([
      "open",
      expect.stringContaining(": stopped, was given to Mara."),
    ]);
    expect(scene.text(id)).not.toMatch(/^claim/m);
  });

  test("that is deleted: stops it and touches nothing", async () => {
    const id = await begun("Deleted");
    await scene.ayo("ticket", "delete", id, "--yes");
    await isOver(id);
    expect((await scene.runs(id))[0]).toMatchObject({ outcome: "stopped", why: "its ticket is gone" });
    expect(scene.store.files()).not.toContain(`${id}.md`);
  });

  test("that a person takes away and claims: stops it, and writes nothing into what is another's now", async () => {
    const id = await begun("Taken");
    await scene.ayo("ticket", "release", id, "--force");
    await scene.ayo("ticket", "claim", id, "--as", "@other");
    await isOver(id);
    expect((await scene.runs(id))[0]).toMatchObject({ outcome: "stopped", why: "@other has the ticket now" });
    expect([scene.ends(id), /^claimed-by: (.*)$/m.exec(scene.text(id))?.[1]]).toEqual([[], "'@other'"]);
  });

  test("that is stopped by 'run stop': ends the program and gives the ticket back; 'run retry' has it started again", async () => {
    const id = await begun("Stopped");
    expect(await scene.ayo("run", "stop", id)).toBe(`Stopped ${id}/1`);
    expect([scene.status(id), ...scene.ends(id)]).toEqual([
      "open",
      expect.stringContaining(": stopped, stopped by Test User."),
    ]);
    const again = await scene.cli("run", "stop", id);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("ended: stopped")]);
    await scene.ayo("run", "retry", id);
    await until(async () => (await scene.runs(id)).length === 2, "a second run");
    // Its agent goes on behind the turn that it hung in: it may be done by now.
    await scene.cli("run", "stop", `${id}/2`);
  });

  test("whose worktree is removed under it: the ticket still comes to an end", async () => {
    const id = await scene.ticket("Removed", [
      { sh: "ayo ticket note $AYO_TICKET begun" },
      { ms: 1_500 },
      { text: "ok" },
    ]);
    await until(() => scene.text(id).includes("\nbegun"), "begun");
    rmSync(path.join(`${scene.dir}.work`, id), { recursive: true });
    await isOver(id);
    expect(["closed", "failed", "open"]).toContain(scene.status(id));
    expect(scene.ends(id)).toHaveLength(1);
  });

  test("that sends it back: goes on in the same worktree with the same session", async () => {
    const id = await scene.ticket(
      "Sent back",
      [{ sh: "ayo ticket submit $AYO_TICKET" }, { sh: "ayo ticket close $AYO_TICKET" }],
      "--review",
      "required",
    );
    await until(() => scene.status(id) === "in_review", "submitted");
    await isOver(id);
    await scene.ayo("ticket", "reject", id, "-m", "more");
    await until(async () => (await scene.runs(id)).length >= 2, "a second run");
    const [second, first] = (await scene.runs(id)).filter(({ review }) => !review).slice(0, 2);
    expect(second).toMatchObject({ session: first?.session, worktree: first?.worktree, branch: first?.branch });
    await until(() => scene.ends(id).length >= 2, "both told");
  });

  test("that a commit was made for in the project: what stands in its worktree is its branch's", async () => {
    const id = await scene.ticket("Commits", [{ write: { "made.txt": "x" } }, { commit: "made" }, { text: "ok" }]);
    await isOver(id);
    expect(git(scene.dir, "log", "--format=%s", `ayo/work/${id}`).split("\n")[0]).toBe("made");
    expect(readFileSync(path.join(scene.dir, "readme.txt"), "utf8")).toBe("shop\n");
  });

  test("of which nobody asked it: an agent starts no other dispatcher, and stops no run", async () => {
    const id = await scene.ticket("Greedy", [
      {
        sh: `ayo work --once > ${path.join(scene.dir, "greedy")} 2>&1; ayo run stop $AYO_TICKET >> ${path.join(scene.dir, "greedy")} 2>&1`,
      },
    ]);
    await isOver(id);
    const said = readFileSync(path.join(scene.dir, "greedy"), "utf8");
    expect(said).toMatch(/inside a run of an agent no other agents are started[\s\S]*only a person can stop a run/);
  });

  test("gives it no value that opens something but what agents.yml names, and writes down none of them", async () => {
    const id = await scene.ticket("Secret", [
      { sh: "env | grep -E 'HIDDEN|GIVEN' > seen.txt; cat seen.txt; ayo ticket note $AYO_TICKET \"$GIVEN_KEY\"" },
      { text: "it is given-key-value" },
    ]);
    await isOver(id);
    expect(readFileSync(path.join(`${scene.dir}.work`, id, "seen.txt"), "utf8")).toBe("GIVEN_KEY=given-key-value\n");
    const log = await scene.ayo("run", "log", id, "--json");
    expect(log).toContain("GIVEN_KEY=***");
    expect(log).not.toMatch(/very-hidden-value|given-key-value/);
    expect(scene.ends(id)).toHaveLength(1);
    expect(scene.text(id)).toContain("it is ***");
  });

  test("says who does what", async () => {
    await dispatcher.until(/ @coder started: /);
    expect(dispatcher.said()).not.toMatch(/trouble/);
  });
});
