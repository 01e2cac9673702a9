import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { git } from "../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** Hundreds of processes take their time where others work too. */
vi.setConfig({ testTimeout: 300_000 });

const PROCESSES = 8;
const EACH = process.env.AYO_LONG === "1" ? 25 : 4;
const ALL = PROCESSES * EACH;

/**
 * Said on stderr by commands that succeed: titles that are alike, and a commit that waits for git's lock. A `git commit`
 * reads the index before it takes the lock and writes what it has read; on a machine under load that may be the index
 * from before a ticket came, whose file the next command then commits again. It is in its own commit all the same.
 */
const REMARKS = /^(?:(?:similar|commit deferred): .*|note: edit \S+ by hand: created)\n/gm;

/** Eight at once, each creating ticket after ticket; the ids that were answered. */
async function createAtOnce({ run }: TempStore): Promise<string[]> {
  const ids: string[] = [];
  const worker = async (name: number) => {
    for (let count = 1; count <= EACH; count++) {
      const { code, stdout, stderr } = await run(["ticket", "create", `Ticket ${count} of worker ${name}`]);
      if (code !== 0 || stderr.replaceAll(REMARKS, "") !== "") throw new Error(`create: exit ${code}\n${stderr}`);
      ids.push(stdout.trim());
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, (_, name) => worker(name + 1)));
  return ids;
}

/** All tickets, each in its file and in exactly one commit that can be reached. */
function expectAll(store: TempStore, ids: readonly string[]): void {
  expect(new Set(ids).size).toBe(ALL);
  expect(store.files().sort()).toEqual(ids.map((id) => `${id}.md`).sort());
  const created = store.subjects().filter((subject) => subject.startsWith("create "));
  expect(created.map((subject) => subject.slice(7, subject.indexOf(":"))).sort()).toEqual([...ids].sort());
  store.judge();
}

describe(`eight processes that create ${EACH} tickets each`, () => {
  test("in one store: every ticket has its commit and git is content", async () => {
    const store = await tempStore();
    expectAll(store, await createAtOnce(store));
    expect(git(store.repo, "log", "--min-parents=2", "--format=%H")).toBe("");
  });

  test("while a person commits in the store's repository: nobody's commit is lost", async () => {
    const store = await tempStore();
    const person = personCommitting(store.repo);
    const ids = await createAtOnce(store);
    const commits = await person.stop();
    // A slow machine has git hold its lock for more than a second: what waited is committed with the next change.
    await store.ayo("ticket", "note", ids[0] as string, "all are there");
    expect(commits.length).toBeGreaterThan(2);
    expect(store.subjects().filter((subject) => subject.startsWith("person "))).toEqual(commits.toReversed());
    expectAll(store, ids);
  });

  test("inline: what a person has staged stays staged, and is in none of our commits", async () => {
    const store = await tempStore({ inline: true });
    writeFileSync(path.join(store.dir, "staged.txt"), "half done\n");
    writeFileSync(path.join(store.dir, "README.md"), "# Changed\n");
    git(store.dir, "add", "staged.txt");
    const ids = await createAtOnce(store);
    expect(git(store.dir, "status", "--porcelain")).toBe(" M README.md\nA  staged.txt");
    expect(git(store.dir, "log", "--format=%s", "--", "staged.txt")).toBe("");
    expect(git(store.dir, "log", "--format=%s", "--", "README.md")).toBe("start");
    expect(store.files().sort()).toEqual(ids.map((id) => `${id}.md`).sort());
    git(store.dir, "commit", "--quiet", "-am", "the person goes on");
    expectAll(store, ids);
  });
});

/** A person who edits a file of the repository and commits it, over and over; `stop` answers what git took. */
function personCommitting(repo: string): { stop(): Promise<string[]> } {
  const taken: string[] = [];
  let going = true;
  const commit = async (count: number): Promise<void> => {
    writeFileSync(path.join(repo, "person.txt"), `${count}\n`);
    // That git refuses while somebody else holds its lock is git's way, and no failure of ours.
    if ((await tryGit(repo, "add", "person.txt")) && (await tryGit(repo, "commit", "--quiet", "-m", `person ${count}`)))
      taken.push(`person ${count}`);
  };
  const work = async () => {
    for (let count = 1; going; count++) {
      await commit(count);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // What git refused last is committed now that it is quiet.
    await commit(0);
  };
  const done = work();
  return {
    stop: async () => {
      going = false;
      await done;
      return taken;
    },
  };
}

function tryGit(cwd: string, ...args: string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { cwd, env: hermeticEnv(sharedHome()) as NodeJS.ProcessEnv, stdio: "ignore" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0));
  });
}
