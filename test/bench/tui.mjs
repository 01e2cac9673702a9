// What `ayo tui` costs: CPU time until its first frame, from a key to its frame, and while nothing happens.
// Alone: node test/bench/tui.mjs [tickets]
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { ayo, benchEnv, CLI, median, run } from "./measure.mjs";
import { makeTickets, writeTickets } from "./stores.mjs";

const END_FRAME = "\u001b[?2026l";

/** Starts a program on a pseudo-terminal of `script`; `until` waits for a text, and tells when it came. */
async function onTerminal(words, { cwd, env }) {
  const line = ["stty cols 120 rows 40;", 'echo "pid:$$:";', "exec", ...words].join(" ");
  const child = spawn("script", ["-qfec", line, "/dev/null"], {
    cwd,
    env: { ...env, SHELL: "/bin/sh", TERM: "xterm-256color", NO_COLOR: "" },
  });
  let output = "";
  let from = 0;
  let wanted;
  const look = () => {
    const at = wanted === undefined ? -1 : output.indexOf(wanted.text, from);
    if (at < 0) return;
    from = at + wanted.text.length;
    const { resolve } = wanted;
    wanted = undefined;
    resolve(performance.now());
  };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
    look();
  });
  const until = (text) =>
    new Promise((resolve) => {
      wanted = { text, resolve };
      look();
    });
  await until(":");
  await until(":");
  const pid = Number(/pid:(\d+):/.exec(output)[1]);
  return {
    pid,
    until,
    send: (text) => child.stdin.write(text),
    /** What comes from here on counts. */
    skip: () => {
      from = output.length;
    },
    bytes: () => output.length,
    end: () =>
      new Promise((resolve) => {
        child.once("close", resolve);
        child.stdin.write("q");
      }),
  };
}

/** Milliseconds that all threads of a process have computed. */
function cpuMs(pid) {
  let sum = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
  }
  return sum / 1e6;
}

function residentMiB(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** Preloaded: writes what CPU time the process has used when it has written a text to its terminal, or at its end. */
const METER = `
const { writeSync, openSync } = require("node:fs");
const note = () => writeSync(openSync(process.env.METER, "w"), String(process.cpuUsage().user + process.cpuUsage().system));
if (process.env.METER_TEXT === undefined) process.on("exit", note);
else {
  const { write } = require("node:tty").WriteStream.prototype;
  let isDone = false;
  require("node:tty").WriteStream.prototype.write = function (text, ...rest) {
    const answer = write.call(this, text, ...rest);
    if (!isDone && String(text).includes(process.env.METER_TEXT)) { isDone = true; note(); }
    return answer;
  };
}`;

/** CPU milliseconds of a program until it has written \`text\` to its terminal; without one until its end. */
async function meteredMs(words, options, text) {
  const dir = mkdtempSync(path.join(os.tmpdir(), "ayo-meter-"));
  const [script, file] = [path.join(dir, "meter.cjs"), path.join(dir, "cpu")];
  writeFileSync(script, METER);
  const env = { ...options.env, METER: file, ...(text === undefined ? {} : { METER_TEXT: text }) };
  const term = await onTerminal([process.execPath, "--require", script, ...words], { ...options, env });
  while (!existsSync(file) || readFileSync(file, "utf8") === "") await sleep(20);
  const ms = Number(readFileSync(file, "utf8")) / 1000;
  if (text !== undefined) {
    await term.until("live");
    await sleep(100);
    await term.end();
  }
  rmSync(dir, { recursive: true });
  return ms;
}

/**
 * Medians: CPU time until the first frame with tickets as a ratio to bare Node's, and in milliseconds; milliseconds from
 * a key to its frame (95th percentile); idle CPU in percent of a core; resident memory in MiB.
 */
export async function measureTui(options, { runs = 9, keys = 150, idleSeconds = 10, view = "columns" } = {}) {
  const ratios = [];
  const firsts = [];
  for (let i = 0; i <= runs; i++) {
    const bare = await meteredMs(["-e", "0"], options);
    const cpu = await meteredMs([CLI, "tui", "--view", view], options, "b-");
    if (i === 0) continue;
    ratios.push(cpu / bare);
    firsts.push(cpu);
  }
  const term = await onTerminal([process.execPath, CLI, "tui", "--view", view], options);
  await term.until("live");
  await sleep(2000);
  const times = [];
  for (let i = 0; i < keys; i++) {
    await sleep(i % 3 === 0 ? 90 : 20);
    term.skip();
    const start = performance.now();
    term.send(i % 40 < 20 ? "j" : "k");
    times.push((await term.until(END_FRAME)) - start);
  }
  times.sort((left, right) => left - right);
  await sleep(500);
  const before = cpuMs(term.pid);
  await sleep(idleSeconds * 1000);
  const idle = (cpuMs(term.pid) - before) / (idleSeconds * 10);
  const resident = residentMiB(term.pid);
  await term.end();
  return {
    ratio: median(ratios),
    firstMs: median(firsts),
    keyMs: median(times),
    keyP95: times[Math.floor(times.length * 0.95)],
    idle,
    resident,
  };
}

/** A committed store of so many tickets. */
function makeStore(dir, size) {
  const env = benchEnv(path.join(dir, "home"));
  const options = { cwd: path.join(dir, "project"), env };
  for (const folder of ["home", "project"]) mkdirSync(path.join(dir, folder), { recursive: true });
  ayo(["init"], options);
  const tickets = path.join(options.cwd, ".tickets");
  writeTickets(tickets, makeTickets(size));
  for (const words of [
    ["add", "--all"],
    ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "--quiet", "--message=bench"],
  ])
    run("git", words, { cwd: tickets, env });
  ayo(["ticket", "list", "--limit", "1"], options);
  return options;
}

if (import.meta.filename === process.argv[1]) {
  const dir = mkdtempSync(path.join(os.tmpdir(), "ayo-tui-"));
  try {
    const options = makeStore(dir, Number(process.argv[2] ?? 10_000));
    for (const view of ["columns", "list"]) console.log(view, await measureTui(options, { view }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
