// What `ayo watch` costs: from a save to its event, and while nothing happens.
import { spawn } from "node:child_process";
import { lstatSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { ayo, CLI, median } from "./measure.mjs";

/** Starts `ayo watch --json` in a store; `next(match)` waits for the next event that fits. */
async function startWatch({ cwd, env }) {
  const child = spawn(process.execPath, [CLI, "watch", "--json"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const waiting = [];
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    const at = performance.now();
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const event = JSON.parse(line);
      const n = waiting.findIndex(({ match }) => match(event));
      if (n >= 0) waiting.splice(n, 1)[0].resolve(at);
    }
  });
  const next = (match) => new Promise((resolve) => waiting.push({ match, resolve }));
  const end = () => {
    const done = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    return done;
  };
  return { pid: child.pid, next, end };
}

/** Starts a process that does what commands ask of it; returns what ends it. */
export async function startHelper(options) {
  const { end } = await startWatch(options);
  const link = path.join(options.cwd, ".tickets/.git/ayo/ask/live");
  for (let left = 300; lstatSync(link, { throwIfNoEntry: false }) === undefined; left--) {
    if (left === 0) throw new Error("nobody helps");
    await sleep(100);
  }
  return end;
}

/** An editor's save: a new file renamed over the old one. */
function save(file, edit) {
  writeFileSync(`${file}.swp`, edit(readFileSync(file, "utf8")));
  renameSync(`${file}.swp`, file);
}

/** Processor seconds that a process has used (man 5 proc, fields 14 and 15). */
function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMiB(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/**
 * Latencies in milliseconds (median and largest) of hand edits and of another process's commands, idle CPU in percent
 * of one core, and resident memory in MiB, of a watcher of the store with these ids.
 */
export async function measureWatch({ dir, options, ids }, { runs = 15, idleSeconds = 10 } = {}) {
  const watch = await startWatch(options);
  try {
    const ready = watch.next(({ event }) => event === "ticket.noted");
    await sleep(2000);
    ayo(["ticket", "note", ids[0], "warm up"], options);
    await ready;
    const edits = [];
    const commands = [];
    for (let i = 1; i <= runs; i++) {
      const id = ids[i % ids.length];
      const seen = watch.next(({ event, ticket }) => event === "ticket.updated" && ticket.id === id);
      await sleep(150);
      const saved = performance.now();
      save(path.join(dir, `${id}.md`), (text) =>
        text.replace(/^priority: .*/m, `priority: ${(i % 4) + 1}\nround: ${i}`),
      );
      edits.push((await seen) - saved);
      const noted = watch.next(({ event, ticket }) => event === "ticket.noted" && ticket.id === id);
      await sleep(150);
      ayo(["ticket", "note", id, `round ${i}`], options);
      const ended = performance.now();
      commands.push((await noted) - ended);
    }
    await sleep(1000);
    const before = cpuSeconds(watch.pid);
    await sleep(idleSeconds * 1000);
    const idle = ((cpuSeconds(watch.pid) - before) / idleSeconds) * 100;
    return {
      edit: [median(edits), Math.max(...edits)],
      command: [median(commands), Math.max(...commands)],
      idle,
      memory: residentMiB(watch.pid),
    };
  } finally {
    await watch.end();
  }
}
