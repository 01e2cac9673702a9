import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { commitsSince } from "../../../src/store/events/branchLine.ts";
import { eventsSince } from "../../../src/store/events/replay.ts";
import { isInHistory, startingPoint } from "../../../src/store/events/since.ts";
import type { Journal } from "../../../src/store/open/store.ts";
import { git } from "../../helpers/git.ts";
import { grow } from "../../helpers/grow.ts";
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const TICKETS = "refs/heads/ayo/tickets";

/** A store, its journal, and the ids of its branch, the oldest first. */
async function grown(count: number) {
  const project = await tempStore();
  await project.ayo("ticket", "create", "One");
  grow(project.repo, TICKETS, count);
  const store = project.open();
  const line = git(project.repo, "rev-list", "--first-parent", "--reverse", TICKETS).split("\n");
  return { project, store, journal: store.journal as Journal, line, tip: line.at(-1) as string };
}

/** How often others got a turn of the event loop while `work` was done, and what came of it. */
async function turnsDuring<T>(work: () => Promise<T>): Promise<readonly [turns: number, result: T]> {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  try {
    const result = await work();
    return [turns, result];
  } finally {
    isOver = true;
  }
}

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

function expectParentsFirst(repo: string, commits: readonly string[]): void {
  for (const [at, oid] of commits.entries()) {
    const parents = git(repo, "rev-parse", `${oid}^@`).split("\n");
    expect(commits.slice(at).filter((one) => parents.includes(one))).toEqual([]);
  }
}

describe("the way back along a branch", () => {
  test("is told from any commit of it, and from the beginning", async () => {
    const { journal, line, tip } = await grown(30);
    for (const [at, oid] of line.entries()) expect(await commitsSince(journal, oid, tip)).toEqual(line.slice(at + 1));
    expect(await commitsSince(journal, undefined, tip)).toEqual(line);
    expect(await commitsSince(journal, line[0], tip, 5)).toBeUndefined();
    expect(await commitsSince(journal, line.at(-6), tip, 5)).toEqual(line.slice(-5));
  });

  test("from a commit that the branch no longer has goes as far as both had in common", async () => {
    const { project, journal, line, tip } = await grown(1_000);
    const [fork, gone] = [line.at(-20) as string, "refs/heads/gone"];
    git(project.repo, "update-ref", gone, fork);
    grow(project.repo, gone, 12);
    const old = git(project.repo, "rev-parse", gone);
    await commitsSince(journal, line.at(-2), tip);
    const [turns, chain] = await turnsDuring(() => commitsSince(journal, old, tip));
    expect(chain).toBeUndefined();
    // The whole way is a thousand commits, and a turn for others after every 64.
    expect(turns).toBeLessThan(8);
    expect(await isInHistory(journal, old)).toBe(false);
    expect(await isInHistory(journal, fork)).toBe(true);
  });

  test("is what git tells of any two commits, however lines were merged and clocks went", async () => {
    const { project, journal } = await grown(1);
    const tree = git(project.repo, "rev-parse", "HEAD^{tree}");
    const commits = [git(project.repo, "rev-parse", "HEAD")];
    for (let n = 0; n < 40; n++) {
      const parents = new Set(Array.from({ length: 1 + (n % 3) }, () => pick(commits.slice(-8))));
      // Commits of one second, and some of a clock that was set back.
      const time = 1_700_000_000 + Math.floor(n / 4) - (n % 11 === 0 ? 40 : 0);
      const env = {
        ...hermeticEnv(sharedHome()),
        GIT_AUTHOR_DATE: `${time} +0000`,
        GIT_COMMITTER_DATE: `${time} +0000`,
      };
      const args = ["commit-tree", tree, ...[...parents].flatMap((oid) => ["-p", oid]), "-m", `${n}`];
      commits.push(execFileSync("git", args, { cwd: project.repo, env, encoding: "utf8" }).trim());
    }
    for (let n = 0; n < 20; n++) {
      const [from, tip] = [pick(commits), pick(commits)];
      const isAncestor = git(project.repo, "merge-base", from, tip) === from;
      const wanted = git(project.repo, "rev-list", tip, `^${from}`).split("\n").filter(Boolean).sort();
      const found = await commitsSince(journal, from, tip);
      expect(found === undefined ? undefined : [...found].sort()).toEqual(isAncestor ? wanted : undefined);
      expectParentsFirst(project.repo, found ?? []);
    }
  });

  test("lets others have their turn where it is long", async () => {
    const { journal, line, tip } = await grown(1_000);
    const [turns, chain] = await turnsDuring(() => commitsSince(journal, line[0], tip));
    expect(chain).toHaveLength(line.length - 1);
    expect(turns).toBeGreaterThan(10);
  });

  test("to a commit that nobody has is not begun", async () => {
    const { journal, store, tip } = await grown(1_000);
    await commitsSince(journal, tip, tip);
    const unknown = "0123456789".repeat(4);
    const [turns, answers] = await turnsDuring(() =>
      Promise.allSettled([
        commitsSince(journal, unknown, tip),
        isInHistory(journal, unknown),
        startingPoint(journal, unknown, Date.now()),
        eventsSince(store, `${unknown}:0`, 2_000),
      ]),
    );
    expect(answers).toMatchObject([
      { value: undefined },
      { value: false },
      { reason: { code: "not_found" } },
      { reason: { code: "not_found" } },
    ]);
    expect(turns).toBeLessThan(16);
  });
});

describe("the events since one that was seen", () => {
  test("are those after it, each once; of too long ago there is no answer", async () => {
    const { project, store, line } = await grown(50);
    const id = (await project.ayo("ticket", "create", "Two", "-q")).trim();
    await project.ayo("ticket", "close", id);
    const all = await eventsSince(store, line.at(-1) as string, 10);
    expect(all.map(({ event }) => event)).toEqual(["ticket.created", "ticket.ready", "ticket.closed"]);
    for (const [at, { id: seen }] of all.entries()) {
      expect((await eventsSince(store, seen, 10)).map((one) => one.id)).toEqual(all.slice(at + 1).map((one) => one.id));
    }
    await expect(eventsSince(store, line[1] as string, 10)).rejects.toMatchObject({ code: "not_found" });
    for (const nonsense of ["", "x", "8h", "abcdef", `${line[0]}:`])
      await expect(eventsSince(store, nonsense, 10)).rejects.toMatchObject({ code: "not_found" });
  });
});
