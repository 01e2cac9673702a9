import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { EVENTS, NOTICES } from "../../../src/ticket/events/events.ts";
import { fsck, git } from "../../helpers/git.ts";
import { hermeticEnv } from "../../helpers/hermeticEnv.ts";
import { type HookStore, hookStore, RECORDER } from "../../helpers/hookStore.ts";
import { CLI, runCli } from "../../helpers/runCli.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const LONG = process.env.AYO_LONG === "1";
/** How many tickets each of eight processes makes and closes; how often each of three is killed. */
const ROUNDS = LONG ? 3 : 1;
const KILLS = LONG ? 8 : 3;

/** How often each event was noted, where it was not once. */
function notOnce({ fired }: HookStore): string[] {
  const counts = new Map<string, number>();
  for (const { id } of fired()) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].flatMap(([id, count]) => (count === 1 ? [] : `${id}: ${count}`));
}

/** The commits of the store with this event in their trailers. */
function commitsWith({ store }: HookStore, event: string): string[] {
  return git(store, "log", "--format=%H", `--grep=^Event: ${event}$`).split("\n").filter(Boolean);
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not within 20 s: ${what}`);
}

/** Starts a command that goes on by itself. */
function start({ dir, env }: HookStore, ...args: string[]): ChildProcess {
  const all = { ...hermeticEnv(env.HOME ?? ""), ...env };
  const child = spawn(process.execPath, [CLI, ...args], { cwd: dir, env: all, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Runs a command that must succeed as a process; its stdout. */
async function command({ cli }: HookStore, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(...args);
  expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
  return stdout.trimEnd();
}

/** A module for `node --require` that kills the process just before it calls `name` of node:fs on such a path. */
function killBefore(name: string, pattern: string): string {
  const file = path.join(tempDir(), "kill.cjs");
  const source = `const fs = require("node:fs");
const original = fs.${name};
fs.${name} = (file, ...rest) => {
  if (new RegExp(${JSON.stringify(pattern)}).test(String(file))) process.kill(process.pid, "SIGKILL");
  return original(file, ...rest);
};`;
  writeFileSync(file, source);
  return `--require=${file}`;
}

describe("every event once", () => {
  test("with eight processes at once", async () => {
    const store = await hookStore();
    await store.hook("ticket.created");
    await store.hook("ticket.closed");
    await store.ayo("t", "create", "The hooks are committed now");
    const worker = async (number: number): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) {
        const id = await command(store, "t", "create", `Ticket ${number}.${round}`);
        await command(store, "t", "close", id);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, at) => worker(at)));
    const expected = ["created", "closed"].flatMap((event) => commitsWith(store, event)).sort();
    expect(
      store
        .fired()
        .map(({ id }) => id.split(":")[0] ?? "")
        .sort(),
    ).toEqual(expected);
    expect([expected.length, notOnce(store)]).toEqual([1 + 2 * 8 * ROUNDS, []]);
    fsck(store.store);
  }, 120_000);

  test("of a hand edit, by the command that commits it, in the person's name", async () => {
    const store = await hookStore();
    const first = await store.ayo("t", "create", "First");
    const second = await store.ayo("t", "create", "Second", "--deps", first);
    await store.hook("ticket.closed");
    await store.hook("ticket.ready");
    const file = path.join(store.store, `${first}.md`);
    writeFileSync(file, readFileSync(file, "utf8").replace("status: open", "status: closed"));
    await store.ayo("t", "list");
    expect(store.names()).toEqual([]);
    await store.ayo("t", "note", second, "hello", "--as", "@coder");
    expect(store.fired()).toMatchObject([
      { event: "ticket.closed", ticket: first, actor: "Test User" },
      { event: "ticket.ready", ticket: second, actor: "Test User" },
    ]);
  });

  test("of a hand edit, also where the command's own change is refused", async () => {
    const store = await hookStore();
    const first = await store.ayo("t", "create", "First");
    const second = await store.ayo("t", "create", "Second", "--deps", first);
    await store.hook("ticket.updated");
    const file = path.join(store.store, `${first}.md`);
    writeFileSync(file, readFileSync(file, "utf8").replace("priority: 2", "priority: 1"));
    expect((await store.cli("t", "close", second)).code).toBe(1);
    expect(store.fired()).toMatchObject([{ event: "ticket.updated", ticket: first }]);
  });

  test("of a change whose commit had to wait, when it is committed, in the name of who made it", async () => {
    const store = await hookStore();
    const id = await store.ayo("t", "create", "One");
    await store.hook("ticket.closed");
    await store.ayo("t", "create", "The hook is committed now");
    const lock = path.join(store.store, ".git/index.lock");
    writeFileSync(lock, "");
    await store.ayo("t", "close", id, "--as", "@coder");
    expect(store.names()).toEqual([]);
    rmSync(lock);
    await store.ayo("t", "create", "Another");
    expect(store.fired()).toMatchObject([{ event: "ticket.closed", ticket: id, actor: "@coder" }]);
    await store.ayo("t", "create", "And another");
    expect(notOnce(store)).toEqual([]);
  });

  test("with two watchers and a command", async () => {
    const store = await hookStore();
    const ids = [await store.ayo("t", "create", "One"), await store.ayo("t", "create", "Two")];
    await store.hook("ticket.updated");
    await store.hook("ticket.created");
    await store.ayo("t", "create", "The hooks are committed now");
    start(store, "watch");
    start(store, "watch");
    for (const priority of [1, 3, 4]) {
      for (const id of ids) {
        const file = path.join(store.store, `${id}.md`);
        writeFileSync(file, readFileSync(file, "utf8").replace(/priority: \d/, `priority: ${priority}`));
      }
      await store.ayo("t", "create", `Another ${priority}`);
      const seen = (): boolean => store.fired().filter(({ event }) => event === "ticket.updated").length >= ids.length;
      await until(seen, "hand edits are committed");
    }
    const said = (): string => git(store.store, "status", "--porcelain", "--", "*.md");
    await until(() => said() === "", "everything is committed");
    const edits = git(
      store.store,
      "log",
      "--format=%H %(trailers:key=Ticket,valueonly,separator=%x20)",
      "--grep=By-hand",
    )
      .split("\n")
      .filter((line) => / \S/.test(line))
      .map((line) => line.split(" ").length - 1);
    const total = edits.reduce((sum, count) => sum + count, 0);
    const updated = (): number => store.fired().filter(({ event }) => event === "ticket.updated").length;
    await until(() => updated() >= total, "the hooks have run");
    expect([updated(), notOnce(store)]).toEqual([total, []]);
    expect(store.names().filter((name) => name === "created")).toHaveLength(4);
  });
});

describe("what hooks hear", () => {
  test("is what a replay of the history tells, event for event", async () => {
    const store = await hookStore();
    const names = EVENTS.filter((name) => !NOTICES.includes(name));
    for (const name of names) store.put(name, `#!/bin/sh\ncat >> "$FIRED"\n`);
    await store.ayo("hooks", "allow", "--all");
    const start = git(store.store, "rev-parse", "HEAD");
    const edit = (id: string, from: string | RegExp, to: string): void => {
      const file = path.join(store.store, `${id}.md`);
      writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
    };
    const epic = await store.ayo("t", "create", "Epic", "-t", "epic");
    const first = await store.ayo("t", "create", "First", "--parent", epic, "--as", "@coder");
    const second = await store.ayo("t", "create", "Second", "--deps", first, "--parent", epic);
    const third = await store.ayo("t", "create", "Third", "--deps", `${first},${second}`);
    const broken = await store.ayo("t", "create", "Broken", "--deps", first);
    edit(broken, "deps: [", "deps: [[");
    await store.ayo("t", "start", first, "--as", "@coder");
    edit(first, "status: in_progress", "status: closed");
    edit(third, "priority: 2", "priority: 0");
    await store.ayo("t", "note", second, "first is done");
    edit(third, "status: open", "status: closed");
    await store.ayo("t", "close", second, "-m", "done too");
    edit(broken, "deps: [[", "deps: [");
    await store.ayo("t", "reopen", first);
    await store.ayo("t", "close", first);
    await store.ayo("t", "archive", "--before", "2100-01-01");
    await store.ayo("t", "create", "Waits for the archive", "--deps", `${first},${broken}`);
    writeFileSync(path.join(store.store, "config.yml"), "board: {columns: [open, doing, closed]}\n");
    await store.ayo("t", "status", broken, "doing");
    await store.ayo("t", "delete", broken, "--yes");
    const replay = await store.ayo("watch", "--since", start, "--until-now", "--json");
    const heard = readFileSync(store.env.FIRED ?? "", "utf8")
      .trimEnd()
      .split("\n");
    expect(heard.map((line) => JSON.parse(line))).toEqual(replay.split("\n").map((line) => JSON.parse(line)));
    expect(new Set(heard.map((line) => JSON.parse(line).event)).size).toBeGreaterThan(8);
  });
});

describe("a watcher", () => {
  test("goes on telling while a hook takes its time, tells of its failure, and waits for it at the end", async () => {
    const store = await hookStore();
    const id = await store.ayo("t", "create", "One");
    const go = path.join(tempDir(), "go");
    await store.hook(
      "ticket.updated",
      `${RECORDER}while [ ! -e ${go} ]; do sleep 0.05; done\necho late >> ${go}\nexit 9\n`,
    );
    await store.ayo("t", "create", "The hook is committed now");
    const env = { ...hermeticEnv(store.env.HOME ?? ""), ...store.env };
    const watcher = spawn(process.execPath, [CLI, "watch", "--json"], { cwd: store.dir, env });
    onTestFinished(() => void watcher.kill("SIGKILL"));
    let [out, err] = ["", ""];
    watcher.stdout.on("data", (text) => (out += text));
    watcher.stderr.on("data", (text) => (err += text));
    const edit = (from: string, to: string): void => {
      const file = path.join(store.store, `${id}.md`);
      writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
    };
    const told = (): number => out.split("ticket.updated").length - 1;
    edit("priority: 2", "priority: 1");
    await until(() => told() === 1 && store.fired().length === 1, "the first edit is told, and its hook runs");
    edit("priority: 1", "priority: 3");
    await until(() => told() === 2, "the second edit is told while the hook of the first runs");
    expect(store.fired()).toHaveLength(1);
    const ended = new Promise((resolve) => watcher.on("close", resolve));
    watcher.kill("SIGTERM");
    writeFileSync(go, "");
    expect(await ended).toBe(0);
    expect(readFileSync(go, "utf8")).toBe("late\nlate\n");
    expect(err.match(/hook hooks\/ticket\.updated failed for \S+ \(exit 9\)/g)).toHaveLength(2);
    expect(notOnce(store)).toEqual([]);
  });
});

describe("a process that dies", () => {
  test("between the branch and the end of its record: whoever repairs it fires, once", async () => {
    const store = await hookStore();
    const id = await store.ayo("t", "create", "One");
    await store.hook("ticket.closed");
    await store.ayo("t", "create", "The hook is committed now");
    const killed = await runCli(store.dir, ["t", "close", id, "--as", "@coder"], {
      env: { ...store.env, NODE_OPTIONS: killBefore("unlinkSync", "/redo/.*\\.json$") },
    });
    expect([killed.code, store.names()]).toEqual([null, []]);
    expect(git(store.store, "log", "-1", "--format=%s")).toBe(`close ${id}: One`);
    await Promise.all(["Two", "Three", "Four"].map((title) => command(store, "t", "create", title)));
    expect(store.fired()).toMatchObject([{ event: "ticket.closed", ticket: id, actor: "@coder" }]);
  });

  test("after its record and before its claim: the next command fires, once", async () => {
    const store = await hookStore();
    await store.hook("ticket.created");
    await store.ayo("t", "create", "The hook is committed now");
    const killed = await runCli(store.dir, ["t", "create", "One"], {
      env: { ...store.env, NODE_OPTIONS: killBefore("openSync", "/hooks/fired/") },
    });
    expect([killed.code, store.names()]).toEqual([null, ["created"]]);
    await Promise.all(["Two", "Three", "Four"].map((title) => command(store, "t", "create", title)));
    expect(store.names()).toHaveLength(5);
    expect(notOnce(store)).toEqual([]);
  });

  test("after its claim: what it had begun is not begun again", async () => {
    const store = await hookStore();
    await store.hook(
      "ticket.created",
      `${RECORDER}[ -e "$FIRED.killed" ] || { touch "$FIRED.killed"; kill -9 $PPID; }\n`,
    );
    const killed = await store.cli("t", "create", "One");
    expect([killed.code, store.names()]).toEqual([null, ["created"]]);
    await store.ayo("t", "create", "Two");
    await store.ayo("t", "create", "Three");
    expect([store.names().length, notOnce(store)]).toEqual([3, []]);
  });

  test("in the middle of several commits: those it had not come to are fired by the next, once", async () => {
    const store = await hookStore();
    const id = await store.ayo("t", "create", "One");
    await store.hook("ticket.updated", `${RECORDER}kill -9 $PPID\n`);
    await store.hook("ticket.created");
    await store.ayo("t", "create", "The hooks are committed now");
    const file = path.join(store.store, `${id}.md`);
    writeFileSync(file, readFileSync(file, "utf8").replace("priority: 2", "priority: 1"));
    const killed = await store.cli("t", "create", "Two");
    expect([killed.code, store.names()]).toEqual([null, ["created", "updated"]]);
    await command(store, "t", "create", "Three");
    expect(store.names()).toEqual(["created", "updated", "created", "created"]);
    expect(notOnce(store)).toEqual([]);
  });

  test("inside a hook: what it changed fires nothing, whoever repairs it", async () => {
    const store = await hookStore();
    const id = await store.ayo("t", "create", "One");
    const option = killBefore("unlinkSync", "/redo/.*\\.json$");
    await store.hook(
      "ticket.noted",
      `${RECORDER}NODE_OPTIONS=${option} "$NODE" "$AYO" t note "$AYO_TICKET" again\nexit 0\n`,
    );
    await store.ayo("t", "note", id, "hello");
    await store.ayo("t", "create", "Two");
    expect(readFileSync(path.join(store.store, `${id}.md`), "utf8")).toContain("again");
    expect(store.names()).toEqual(["noted"]);
  });

  test("and is repaired by what a hook calls: the next command of anybody else fires, once", async () => {
    const store = await hookStore();
    const id = await store.ayo("t", "create", "One");
    await store.hook("ticket.closed");
    await store.hook("ticket.created");
    await store.ayo("t", "create", "The hooks are committed now");
    await runCli(store.dir, ["t", "close", id], {
      env: { ...store.env, NODE_OPTIONS: killBefore("unlinkSync", "/redo/.*\\.json$") },
    });
    const inHook = { ...store.env, AYO_HOOK: path.join(store.store, "hooks/some") };
    expect((await runCli(store.dir, ["t", "create", "By a hook"], { env: inHook })).code).toBe(0);
    expect(store.names()).toEqual(["created"]);
    await store.ayo("t", "create", "Two");
    await store.ayo("t", "create", "Three");
    expect(store.names()).toEqual(["created", "closed", "created", "created"]);
  });

  test("at any moment, again and again: nothing is fired twice", async () => {
    const store = await hookStore();
    await store.hook("ticket.created");
    await store.ayo("t", "create", "The hook is committed now");
    const worker = async (number: number): Promise<void> => {
      for (let round = 0; round < KILLS; round++) {
        const child = start(store, "t", "create", `Ticket ${number}.${round}`);
        const timer = setTimeout(() => child.kill("SIGKILL"), Math.random() * 400);
        await new Promise((resolve) => child.on("exit", resolve));
        clearTimeout(timer);
      }
    };
    await Promise.all([worker(1), worker(2), worker(3)]);
    await store.ayo("t", "create", "The last");
    const created = new Set(commitsWith(store, "created"));
    expect(notOnce(store)).toEqual([]);
    expect(store.fired().filter(({ id }) => !created.has(id.split(":")[0] ?? ""))).toEqual([]);
    fsck(store.store);
  });

  test("by a signal: its hook ends with it", async () => {
    const store = await hookStore();
    await store.hook("ticket.created", `#!/bin/sh\necho $$ > "$FIRED"\nsleep 300\n`);
    const child = start(store, "t", "create", "One");
    const noted = store.env.FIRED ?? "";
    await until(() => existsSync(noted) && readFileSync(noted, "utf8").endsWith("\n"), "the hook runs");
    const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
    child.kill("SIGINT");
    expect(await ended).toBe("SIGINT");
    const stat = `/proc/${readFileSync(noted, "utf8").trim()}/stat`;
    await until(() => !existsSync(stat) || /\) Z /.test(readFileSync(stat, "utf8")), "the hook has ended");
  });
});
