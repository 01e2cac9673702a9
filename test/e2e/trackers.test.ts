import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { git } from "../helpers/git.ts";
import { LINEAR_KEY, type LinearServer, linearServer } from "../helpers/linear/server.ts";
import { trackedBy, trackedStore } from "../helpers/linear/trackedStore.ts";
import { sharingTeam } from "../helpers/team.ts";
import type { TempStore } from "../helpers/tempStore.ts";

const PRELOAD = path.resolve(import.meta.dirname, "../helpers/crashAt.cjs");
const LONG = process.env.AYO_LONG === "1";
const KEY = { LINEAR_API_KEY: LINEAR_KEY };

vi.setConfig({ testTimeout: LONG ? 3_600_000 : 300_000 });

async function loopback(): Promise<LinearServer> {
  const linear = await linearServer();
  onTestFinished(linear.close);
  return linear;
}

const titlesThere = ({ world }: LinearServer): string[] => [...world.issues.values()].map(({ title }) => title).sort();

async function titlesHere(store: TempStore): Promise<string[]> {
  const { tickets } = await store.json<{ tickets: { title: string }[] }>("ticket", "list", "--all");
  return tickets.map(({ title }) => title).sort();
}

describe("two machines", () => {
  test("one sync does the others and the tracker; both at once make nothing twice, and come to the same", async () => {
    const linear = await loopback();
    const { ann, bob } = await sharingTeam(["First", "Second"]);
    const [hers, his] = [trackedBy(ann, linear), trackedBy(bob, linear)];
    await hers.ayo("tracker", "add", "linear", "--team", "ENG", "--url", linear.url, "--push", "all", "--yes");
    const first = await hers.run("sync");
    expect([first.code, first.stderr]).toEqual([1, expect.stringContaining("'ayo sync linear' asks for a yes")]);
    await hers.sync();
    expect(titlesThere(linear)).toEqual(["First", "Second"]);
    expect(await hers.ayo("sync")).toBe("Nothing new at origin\nNothing new at linear (ENG)");

    // What came with the store is not allowed on another machine by that.
    linear.seen.length = 0;
    const denied = await his.run("sync");
    expect([denied.code, denied.stderr]).toEqual([1, expect.stringContaining("ayo allow trackers.linear.url")]);
    expect(linear.seen).toEqual([]);
    await his.ayo("allow", "trackers.linear.url");
    expect(await his.ayo("sync")).toContain("Nothing new at linear (ENG)");

    for (const [at, one] of [ann, bob].entries()) {
      await one.ayo("ticket", "create", `New ${at}`);
      const [id = ""] = one.files();
      await one.ayo("ticket", "note", id.replace(/\.md$/, ""), `From ${at}`);
    }
    const [issue] = linear.world.issues.values();
    linear.world.update(issue?.id ?? "", { priority: 1, description: "Said there." }, "user-mara");
    linear.world.create({ title: "There" }, "user-jo");
    await his.sync();
    await Promise.all([ann, bob, ann].map((one) => one.run(["sync", "linear", "--yes"], { env: KEY })));
    for (let round = 0; round < 2; round++) for (const one of [hers, his]) await one.ayo("sync");
    expect(titlesThere(linear)).toEqual(["First", "New 0", "New 1", "Second", "There"]);
    expect([await titlesHere(ann), await titlesHere(bob)]).toEqual([titlesThere(linear), titlesThere(linear)]);
    expect(git(ann.repo, "rev-parse", "HEAD")).toBe(git(bob.repo, "rev-parse", "HEAD"));
    expect([...linear.world.comments.values()].map(({ body }) => body).sort()).toEqual(["From 0", "From 1"]);
    expect(linear.offences).toEqual([]);
    for (const one of [hers, his]) await one.quiet();
  });
});

describe("a sync that is killed", () => {
  test("at whatever change of the disk: the next one has made each issue, comment and ticket once", async () => {
    const stride = LONG ? 1 : 23;
    for (let at = 1 + Math.floor(Math.random() * stride), isKilled = true; isKilled; at += stride) {
      const tracked = await trackedStore();
      const { ayo, sync, store, world, linear, quiet } = tracked;
      const one = await ayo("ticket", "create", "One", "-q");
      await ayo("ticket", "create", "Two", "--dep", one, "-q");
      await sync();
      await ayo("ticket", "create", "Three", "-q");
      await ayo("ticket", "note", one, "A note.");
      await ayo("ticket", "update", one, "--description", "Of here.");
      const issue = tracked.issueOf(one);
      world.update(issue.id, { priority: 1 }, "user-mara");
      world.comment({ issueId: issue.id, body: "A comment." }, "user-jo");
      world.create({ title: "Four" }, "user-mara");
      const env = { ...KEY, NODE_OPTIONS: `--require=${PRELOAD}`, AYO_CRASH_AT: String(at) };
      const { code, stderr } = await store.run(["sync", "linear", "--yes"], { env });
      isKilled = code === null;
      if (!isKilled && code !== 0) expect.fail(`at ${at}: exit ${code}\n${stderr}`);
      await sync();
      const all = ["Four", "One", "Three", "Two"];
      expect([at, titlesThere(linear), await titlesHere(store)]).toEqual([at, all, all]);
      expect([...world.comments.values()].map(({ body }) => body).sort()).toEqual(["A comment.", "A note."]);
      expect(store.text(one).match(/A comment\./g)).toHaveLength(1);
      expect(store.text(one)).toMatch(/^priority: 0$/m);
      expect(world.issue(issue.id).description).toBe("Of here.");
      await quiet().catch((error: Error) => expect.fail(`at ${at}: ${error.message}`));
    }
  });
});
