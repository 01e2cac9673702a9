import { execFile } from "node:child_process";
import { appendFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { git } from "../helpers/git.ts";
import { helperOf, isHelped, runAsked, startHelper } from "../helpers/helped.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { hookStore } from "../helpers/hookStore.ts";
import { stdioClient } from "../helpers/mcpClient.ts";
import { CLI } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore, writeTickets } from "../helpers/tempStore.ts";

/*
 * A process that goes on does what commands ask of it (src/cli/ask/help.ts): they get what they would have found out
 * themselves, and what happens to it costs them time, nothing else.
 */

const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: LONG ? 3_600_000 : 120_000 });

let store: TempStore;
beforeEach(async () => {
  store = await tempStore({ project: true });
  const tickets = Array.from({ length: 12 }, (_, n) => [`t-${n}`, `Ticket ${n} of parsers\npriority: ${n % 5}`]);
  writeTickets(store, Object.fromEntries(tickets));
  await store.ayo("ticket", "note", "t-0", "commits them");
});

const READS: readonly (readonly string[])[] = [
  ["list"],
  ["ls", "--json", "-n", "3"],
  ["ready", "-q"],
  ["list", "priority:0"],
  ["blocked"],
  ["closed"],
  ["show", "t-1", "t-2"],
  ["show", "t-1", "--json"],
  ["show", "t-3", "--history"],
  ["query"],
  ["search", "parsers"],
  ["list", "-a", "@me"],
  ["list", "--all"],
  ["list", "--no-such-flag"],
];

/** One of so many, where more of the same would be told by the others. */
const sample = (reads: typeof READS, every: number) => reads.filter((_, n) => LONG || n % every === 0);

/** Compares what whoever helps answers with what a command finds out itself. */
async function compare(what: string, reads = READS): Promise<void> {
  for (const words of reads) {
    const asked = await runAsked(store, ["ticket", ...words]);
    const own = await runAsked(store, ["ticket", ...words, "--dir", ".tickets"]);
    expect(asked, `${words.join(" ")} after ${what}`).toEqual({ ...own, isAsked: true });
    expect(own.isAsked).toBe(false);
  }
}

describe("whoever asks gets what it would find out itself", () => {
  it.each(["watch", "serve", "mcp"])("of ayo %s", async (what) => {
    if (what === "mcp") {
      const client = await stdioClient(store.dir);
      await client.call("ready_tickets");
      await isHelped(store);
    } else await startHelper(store, what === "serve" ? ["serve", "--port", "0"] : ["watch"]);
    const reads = what === "watch" ? READS : READS.slice(0, 7);
    await compare("the start", reads);
    appendFileSync(path.join(store.tickets, "t-1.md"), "\nwritten in place\n");
    await compare("an edit in place", sample(reads.slice(5), 2));
    writeFileSync(path.join(store.tickets, ".new"), store.text("t-2").replace("status: open", "status: closed"));
    renameSync(path.join(store.tickets, ".new"), path.join(store.tickets, "t-2.md"));
    rmSync(path.join(store.tickets, "t-4.md"));
    writeFileSync(path.join(store.tickets, "t-5.md"), "no ticket");
    await compare("a rename, a removal and a torn file", sample(reads, 3));
  });

  it("of rules, the archive, the project's commits and whose git it is", async () => {
    await startHelper(store);
    const config = path.join(store.tickets, "config.yml");
    writeFileSync(config, `${readFileSync(config, "utf8").replace(/^prefix: .*$/m, "prefix: other")}lease: 1h\n`);
    await compare("new rules", READS.slice(0, 4));
    await store.ayo("ticket", "close", "t-6");
    await store.ayo("ticket", "archive", "--before", "0s");
    const month = new Date().toISOString().slice(0, 7);
    const archived = path.join(store.tickets, "archive", month, "t-6.md");
    writeFileSync(archived, readFileSync(archived, "utf8").replace("# Ticket 6", "# Archived 6"));
    expect((await runAsked(store, ["ticket", "show", "t-6"])).stdout).toContain("Archived 6");
    await compare("an edit in the archive", sample(READS, 3));
    git(store.dir, "commit", "--quiet", "--allow-empty", "--message", "Build it - TICKET: t-1");
    expect((await runAsked(store, ["ticket", "show", "t-1"])).stdout).toContain("Build it");
    git(store.dir, "config", "user.name", "Somebody Else");
    await compare("a commit and a new name", sample(READS.slice(6), 2));
  });

  it("of a file that is written by another name", async () => {
    const other = path.join(tempDir(), "other.md");
    linkSync(path.join(store.tickets, "t-1.md"), other);
    await startHelper(store);
    for (const title of ["Written once", "Written twice"]) {
      writeFileSync(other, readFileSync(other, "utf8").replace(/^# .*$/m, `# ${title}`));
      expect((await runAsked(store, ["ticket", "show", "t-1"])).stdout).toContain(title);
    }
  });
});

it("changes are made in the name of who asks, once", async () => {
  await startHelper(store);
  const note = await runAsked(store, ["ticket", "note", "t-1", "by an agent", "--as", "@a"]);
  expect(note).toEqual({ code: 0, stdout: "Note added to t-1\n", stderr: "", isAsked: true });
  const claim = await runAsked(store, ["ticket", "claim", "t-2", "-q", "--as", "@b"]);
  expect(claim).toEqual({ code: 0, stdout: "t-2\n", stderr: "", isAsked: true });
  expect((await runAsked(store, ["ticket", "claim", "t-2", "--as", "@c"])).code).toBe(1);
  const log_ = git(store.repo, "log", "-2", "--format=%an: %s");
  expect(log_).toBe("b: claim t-2: Ticket 2 of parsers\na: note t-1: by an agent");
  store.judge();
});

it("hooks of a change are run by who asked for it", async () => {
  const hooks = await hookStore();
  const other = storeIn(hooks.dir);
  const id = await hooks.ayo("ticket", "create", "Noted");
  await hooks.hook("ticket.noted");
  await startHelper(other, ["watch"], hooks.env);
  const words = ["ticket", "note", id, "x", "--as", "@a"];
  expect(await runAsked(other, words, "20000", hooks.env)).toMatchObject({ code: 0, stdout: `Note added to ${id}\n` });
  expect(hooks.fired()).toMatchObject([{ event: "ticket.noted", ticket: id, actor: "@a" }]);
});

describe("whoever helps", () => {
  it("and is killed leaves nobody waiting, and the next takes its place", async () => {
    const first = await startHelper(store);
    first.kill("SIGKILL");
    await new Promise((resolve) => first.on("close", resolve));
    const alone = await runAsked(store, ["ticket", "show", "t-1"]);
    expect(alone).toMatchObject({ code: 0, isAsked: false });
    await startHelper(store);
    expect(await runAsked(store, ["ticket", "show", "t-1"])).toEqual({ ...alone, isAsked: true });
  });

  it("and ends takes back that it is there", async () => {
    const helper = await startHelper(store);
    helper.kill("SIGTERM");
    await new Promise((resolve) => helper.on("close", resolve));
    expect(helperOf(store)).toBeUndefined();
  });

  it("and stands still is asked in vain, and does nothing of it later", async () => {
    // It may be stopped with the lock of the store.
    const soon = { AYO_LOCK_STALE_MS: "300" };
    const helper = await startHelper(store, ["watch"], soon);
    helper.kill("SIGSTOP");
    expect(await runAsked(store, ["ticket", "show", "t-1"], "5", soon)).toMatchObject({ code: 0, isAsked: false });
    expect(await runAsked(store, ["ticket", "note", "t-1", "once"], "5", soon)).toMatchObject({
      code: 0,
      isAsked: false,
    });
    helper.kill("SIGCONT");
    expect(await runAsked(store, ["ticket", "note", "t-1", "then"], "20000", soon)).toMatchObject({
      code: 0,
      isAsked: true,
    });
    expect(store.text("t-1").match(/^(?:once|then)$/gm)).toEqual(["once", "then"]);
    store.judge();
  });

  it("and is not the only one goes on when the other ends", async () => {
    const first = await startHelper(store);
    void startHelper(store).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(helperOf(store)).toBe(first.pid);
    first.kill("SIGTERM");
    await new Promise((resolve) => first.on("close", resolve));
    await vi.waitUntil(async () => (await runAsked(store, ["ticket", "show", "t-1"])).isAsked, { timeout: 60_000 });
  });
});

it("no answer is older than what was written before it was asked for, with four writers", async () => {
  await startHelper(store);
  const rounds = LONG ? 3_000 : 20;
  for (const n of [1, 2, 3, 4]) store.write(`t-${n}`, store.text(`t-${n}`).replace(/^# .*$/m, "# 0000000"));
  const loop = path.resolve(import.meta.dirname, "../helpers/askLoop.cjs");
  const env = { ...hermeticEnv(sharedHome()), AYO_ASK_MS: "20000" };
  const runs = [1, 2, 3, 4].map((n) => {
    const words = [loop, CLI, path.join(store.tickets, `t-${n}.md`), `${rounds}`, "ticket", "show", `t-${n}`, "--json"];
    return promisify(execFile)(process.execPath, words, { cwd: store.dir, env, maxBuffer: 2 ** 30 });
  });
  for (const { stdout } of await Promise.all(runs)) {
    const titles = stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).ticket.title);
    expect(titles).toEqual(Array.from({ length: rounds }, (_, round) => String(1_000_000 + round)));
  }
  await vi.waitUntil(() => git(store.repo, "status", "--porcelain") === "", { timeout: 60_000 });
  store.judge();
});
