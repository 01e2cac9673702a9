import { spawn } from "node:child_process";
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { addNote, createTicket } from "../../src/index.ts";
import { processIdentity } from "../../src/processes.ts";
import { examine, put, TICKET, twoTickets } from "../helpers/examine.ts";
import { UNPRIVILEGED } from "../helpers/runCli.ts";

describe("nothing is wrong only where the next write works", () => {
  test("a store that is closed to this process", async () => {
    const store = await twoTickets();
    await store.ayo("ticket", "close", "t-b");
    put(store, "archive/2026-01/t-old.md", TICKET.replace("t-lost", "t-old").replace("open", "closed"));
    await store.ayo("ticket", "note", "t-a", "again");
    for (const folder of [".", ".git", ".git/objects", ".git/ayo/redo", "archive/2026-01"]) {
      chmodSync(path.join(store.tickets, folder), 0o555);
      const { code, stdout } = await store.run(["doctor"], { through: UNPRIVILEGED });
      chmodSync(path.join(store.tickets, folder), 0o755);
      expect([folder, code]).toEqual([folder, 1]);
      expect(stdout).toMatch(/^error not_writable \S+: \S+ is closed to this process \(EACCES\): nothing in it can/m);
    }
    expect((await store.run(["doctor"])).stdout).toBe("Nothing is wrong\n");
  });

  test.runIf(process.getuid?.() === 0)("files of another owner than the store's", async () => {
    const store = await twoTickets();
    chownSync(path.join(store.tickets, "t-a.md"), 65_534, 65_534);
    const { findings } = await examine(store);
    expect(findings).toEqual([expect.objectContaining({ code: "foreign_owner", severity: "warning", path: "t-a.md" })]);
    expect(findings[0]?.message).toMatch(
      /t-a\.md belongs to another user than the store \(user 0\): 'sudo chown -R 0 /,
    );
  });

  test("a process that holds the store's lock and is stopped is named; one that just writes is not", async () => {
    const store = await twoTickets();
    const holder = spawn("sleep", ["600"], { stdio: "ignore" });
    onTestFinished(() => void holder.kill("SIGKILL"));
    const state = path.join(store.tickets, ".git/ayo");
    mkdirSync(path.join(state, "lock"));
    writeFileSync(path.join(state, "lock.json"), JSON.stringify(processIdentity(holder.pid ?? 0)));
    const running = await examine(store);
    expect(running.findings).toEqual([expect.objectContaining({ code: "store_locked", severity: "warning" })]);
    expect(running.findings[0]?.message).toMatch(/^process \d+ \(sleep\) has held the store's lock/);
    holder.kill("SIGSTOP");
    const stopped = await examine(store);
    expect(stopped.findings[0]?.message).toMatch(new RegExp(`is stopped: 'kill -CONT ${holder.pid}' lets it go on`));
  });

  test("a young index.lock that nobody has is told with its age, and one in use as that", async () => {
    const store = await twoTickets();
    const lock = path.join(store.tickets, ".git/index.lock");
    writeFileSync(lock, "");
    utimesSync(lock, Date.now() / 1000 - 180, Date.now() / 1000 - 180);
    const [finding] = (await examine(store, true)).findings;
    expect(finding).toMatchObject({ code: "git_lock", severity: "warning", path: "index.lock" });
    expect(finding?.message).toMatch(/^3m(?: \d+s)? old, and no process has it: git refuses to write/);
    const handle = openSync(lock, "r");
    const sleeper = spawn("sleep", ["600"], { stdio: ["ignore", "ignore", "ignore", handle] });
    closeSync(handle);
    onTestFinished(() => void sleeper.kill("SIGKILL"));
    expect((await examine(store)).findings[0]?.message).toMatch(/a git command is at work/);
  });

  test("while others write without a pause nothing is found that is not wrong", async () => {
    const store = await twoTickets();
    let isOver = false;
    const write = async () => {
      for (let n = 0; !isOver; n++) {
        await createTicket(store.open(), { title: `Number ${n}` });
        await addNote(store.open(), { id: "t-a", text: `n ${n}` });
      }
    };
    const writer = Promise.all([write(), write(), write()]);
    try {
      for (let look = 0; look < 6; look++) {
        const { code, stdout } = await store.run(["doctor"]);
        expect([code, stdout]).toEqual([0, "Nothing is wrong\n"]);
      }
    } finally {
      isOver = true;
      await writer;
    }
    store.judge();
  });
});
