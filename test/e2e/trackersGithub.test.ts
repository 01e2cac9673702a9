import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { git } from "../helpers/git.ts";
import { GITHUB_KEY, type GitHubServer, githubServer, type Mishap, type Seen } from "../helpers/github/server.ts";
import { repoOf, trackedRepo } from "../helpers/github/trackedRepo.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { CLI } from "../helpers/runCli.ts";
import { sharingTeam } from "../helpers/team.ts";
import type { TempStore } from "../helpers/tempStore.ts";

const LONG = process.env.AYO_LONG === "1";
const CRASH = path.resolve(import.meta.dirname, "../helpers/crashAt.cjs");
const KEY = { GITHUB_TOKEN: GITHUB_KEY };

vi.setConfig({ testTimeout: LONG ? 3_600_000 : 300_000 });

const titlesThere = ({ world }: GitHubServer): string[] => [...world.issues.values()].map(({ title }) => title).sort();
const bodiesThere = ({ world }: GitHubServer): string[] =>
  [...world.comments.values()].map(({ body }) => body.split("\n")[0] ?? "").sort();

async function titlesHere(store: TempStore): Promise<string[]> {
  const { tickets } = await store.json<{ tickets: { title: string }[] }>("ticket", "list", "--all");
  return tickets.map(({ title }) => title).sort();
}

/** A sync that dies at the first request that fits: `kill -9`, as GitHub does it or has done it. */
async function dyingAt(store: TempStore, github: GitHubServer, at: RegExp, mishap: Mishap): Promise<boolean> {
  const env = { ...hermeticEnv(sharedHome()), ...KEY };
  const child = spawn(process.execPath, [CLI, "sync", "github", "--yes"], { cwd: store.dir, env, stdio: "ignore" });
  let isDead = false;
  github.onRequest = ({ operation }: Seen) => {
    if (isDead) return "dropBefore";
    if (!at.test(operation)) return undefined;
    isDead = true;
    child.kill("SIGKILL");
    return mishap;
  };
  await once(child, "close");
  github.onRequest = () => undefined;
  return isDead;
}

const WINDOWS: readonly (readonly [string, RegExp, Mishap])[] = [
  ["before an issue is made", /^POST \/issues$/, "dropBefore"],
  ["after an issue was made", /^POST \/issues$/, "dropAfter"],
  ["after a comment was made", /^POST \/issues\/\d+\/comments$/, "dropAfter"],
  ["after an issue was changed", /^PATCH \/issues\/\d+$/, "dropAfter"],
  ["after a relation was made", /^POST .*blocked_by$/, "dropAfter"],
];

describe("two machines, one dead in the middle", () => {
  test.concurrent.for(LONG ? WINDOWS : WINDOWS.slice(1, 2))(
    "%s: the other one goes on, and nothing is there twice",
    async ([, at, mishap], { onTestFinished, expect }) => {
      const github = await githubServer();
      onTestFinished(github.close);
      const { ann, bob } = await sharingTeam(["First", "Second"], onTestFinished);
      const [hers, his] = [repoOf(ann, github), repoOf(bob, github)];
      await hers.ayo(..."tracker add github --repo acme/web --push all --yes --url".split(" "), github.url);
      await hers.ayo("config", "trackers.github.comments", "people");
      await hers.sync();
      const id = hers.ticketOf({ number: 1 });
      await hers.ayo("ticket", "note", id, "From Ann");
      await hers.ayo("ticket", "update", id, "--title", "Changed");
      const third = await hers.ayo("ticket", "create", "Third", "--dep", id, "-q");
      expect(await dyingAt(ann, github, at, mishap)).toBe(true);
      // He has what she journalled: nothing is made at GitHub before it is at the remote.
      await bob.ayo("sync");
      await his.ayo("allow", "trackers.github.url");
      // Her claim to sync runs out 45 seconds after he saw it first.
      const waits = { timeout: 150_000, interval: 3000 };
      await vi.waitUntil(async () => (await his.run("sync", "github", "--yes")).code === 0, waits);
      for (let round = 0; round < 2; round++) for (const one of [hers, his]) await one.ayo("sync");
      const titles = titlesThere(github);
      expect(new Set(titles).size).toBe(titles.length);
      expect([titles.length, titles]).toEqual([3, expect.arrayContaining(["Changed", "Third"])]);
      expect([bodiesThere(github), github.offences]).toEqual([["From Ann"], []]);
      expect([...hers.issueOf(third).blockedBy]).toEqual([1]);
      expect([await titlesHere(ann), await titlesHere(bob)]).toEqual([titles, titles]);
      expect(git(ann.repo, "rev-parse", "HEAD")).toBe(git(bob.repo, "rev-parse", "HEAD"));
    },
  );
});

describe("a sync that is killed", () => {
  test("at whatever change of the disk: the next one has made each issue, comment and ticket once", async () => {
    const stride = LONG ? 1 : 59;
    for (let at = 1 + Math.floor(Math.random() * stride), isKilled = true; isKilled; at += stride) {
      const tracked = await trackedRepo();
      const { ayo, sync, store, world, github, quiet } = tracked;
      await ayo("config", "trackers.github.comments", "people");
      const one = await ayo("ticket", "create", "One", "-q");
      await ayo("ticket", "create", "Two", "--dep", one, "-q");
      await sync();
      await ayo("ticket", "create", "Three", "-q");
      await ayo("ticket", "note", one, "A note.");
      await ayo("ticket", "update", one, "--description", "Of here.");
      const { number } = tracked.issueOf(one);
      world.update(number, { labels: ["bug"] });
      world.comment(number, "A comment.", "jo");
      world.create({ title: "Four" }, "mara");
      const env = { ...KEY, NODE_OPTIONS: `--require=${CRASH}`, AYO_CRASH_AT: String(at) };
      const { code, stderr } = await store.run(["sync", "github", "--yes"], { env });
      isKilled = code === null;
      if (!isKilled && code !== 0) expect.fail(`at ${at}: exit ${code}\n${stderr}`);
      await sync();
      const all = ["Four", "One", "Three", "Two"];
      expect([at, titlesThere(github), await titlesHere(store)]).toEqual([at, all, all]);
      expect(bodiesThere(github)).toEqual(["A comment.", "A note."]);
      expect(store.text(one).match(/A comment\./g)).toHaveLength(1);
      expect(store.text(one)).toMatch(/^tags: \[?bug\]?$/m);
      expect(world.issue(number).body).toMatch(/^Of here\./);
      await quiet().catch((error: Error) => expect.fail(`at ${at}: ${error.message}`));
    }
  });
});

test("a store with two trackers: each has its own, and one sync does both", async () => {
  const [{ linearServer, LINEAR_KEY }, tracked] = [
    await import("../helpers/linear/server.ts"),
    await trackedRepo("linked"),
  ];
  const linear = await linearServer();
  onTestFinished(linear.close);
  const { store, github } = tracked;
  const { run, ayo } = repoOf(store, github, { LINEAR_API_KEY: LINEAR_KEY });
  await ayo("tracker", "add", "linear", "--team", "ENG", "--url", linear.url, "--yes");
  const [one, two] = [await ayo("ticket", "create", "One", "-q"), await ayo("ticket", "create", "Two", "-q")];
  const which = await run("tracker", "publish", one, "--yes");
  expect([which.code, which.stderr]).toEqual([2, expect.stringContaining("say which by --tracker, of linear, github")]);
  await ayo("tracker", "publish", one, "--yes", "--tracker", "github");
  const other = await run("tracker", "publish", one, "--yes", "--tracker", "linear");
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining(`${one} is kept at github`)]);
  await ayo("tracker", "publish", two, "--yes", "--tracker", "linear");
  const [issue] = linear.world.issues.values();
  linear.world.update(issue?.id ?? "", { title: "Two there" }, "user-jo");
  github.world.update(1, { title: "One there" });
  expect(await ayo("sync")).toBe(
    "Synced with linear (ENG): 1 ticket came, 0 changes went\nSynced with github (acme/web): 1 ticket came, 0 changes went",
  );
  expect(await titlesHere(store)).toEqual(["One there", "Two there"]);
  const greedy = await run("config", "trackers.linear.push", "all");
  expect(greedy.code).toBe(0);
  const both = await run("config", "trackers.github.push", "all");
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("only one of them can have push: all")]);
  await ayo("sync", "--yes");
  expect([github.world.issues.size, linear.world.issues.size]).toEqual([1, 1]);
  store.judge();
});
