// Times whole processes, each paired with a run of bare Node, so that a slow moment of the machine hits both.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";

export const CLI = path.resolve(import.meta.dirname, "../../dist/cli/ayo.cjs");

/**
 * What the measured processes see: nothing of the machine's git settings or of an agent's environment. `node`
 * passes on the variables that change what Node itself does at its start, as NODE_EXTRA_CA_CERTS, which doubles it.
 */
export function benchEnv(home, { node = false } = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => node && name.startsWith("NODE_"));
  return {
    ...Object.fromEntries(inherited),
    PATH: process.env.PATH,
    HOME: home,
    XDG_DATA_HOME: path.join(home, "data"),
    GIT_CONFIG_GLOBAL: path.join(home, "gitconfig"),
    GIT_CONFIG_NOSYSTEM: "1",
    TZ: "UTC",
    NO_COLOR: "1",
    LC_ALL: "C.UTF-8",
  };
}

/** The middle of `values`. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Runs a command to its end; milliseconds, and stdout. @throws if it fails */
export function run(file, args, options) {
  const start = process.hrtime.bigint();
  const child = spawnSync(file, args, { stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28, ...options });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (child.status === 0) return { ms, stdout: child.stdout.toString() };
  const reason = child.error?.message ?? child.stderr.toString().trim().split("\n")[0];
  throw new Error(`${path.basename(args[0] ?? file)} ${args.slice(1).join(" ")}: exit ${child.status}: ${reason}`);
}

/** Runs the built `ayo`. */
export function ayo(args, options) {
  return run(process.execPath, [CLI, ...args], options);
}

/** Runs a command by a shell that tells its CPU time. @throws if it fails */
function timed(args, options) {
  // bash tells milliseconds; the `times` of sh counts in hundredths of a second.
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" > /dev/null';
  const start = process.hrtime.bigint();
  const child = spawnSync("bash", ["-c", script, "bash", process.execPath, ...args], { ...options, encoding: "utf8" });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (child.status !== 0)
    throw new Error(`${args.slice(1).join(" ")}: exit ${child.status}: ${child.stderr.split("\n")[0]}`);
  const [user, system] = child.stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { ms, cpu: (user + system) * 1000 };
}

/**
 * Milliseconds until the first byte of an `ayo` command's output can be read from a pipe, each beside the same of
 * `node -p 0`; the median of their ratios.
 */
export function firstByte(args, options, runs) {
  const until = (argv) => {
    const script = '"$@" | head -c 1 > /dev/null';
    const start = process.hrtime.bigint();
    spawnSync("sh", ["-c", script, "sh", process.execPath, ...argv], options);
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  return median(Array.from({ length: runs }, () => until([CLI, ...args]) / until(["-p", "0"])));
}

/**
 * Runs `ayo` with `argvOf(i)` for i = 0 … `runs`, each after a run of `node -e 0`; the first pair does not count.
 * Medians: `ms`, `over` (ms more than bare Node), `ratio` and `cpu` (the ratio of CPU time), pair by pair. `before` runs
 * ahead of every command, untimed.
 */
export function paired(argvOf, options, { runs, before = () => {} }) {
  const times = [];
  const over = [];
  const ratios = [];
  const cpus = [];
  for (let i = 0; i <= runs; i++) {
    before();
    const bare = timed(["-e", "0"], options);
    const { ms, cpu } = timed([CLI, ...argvOf(i)], options);
    if (i === 0) continue;
    times.push(ms);
    over.push(ms - bare.ms);
    ratios.push(ms / bare.ms);
    cpus.push(cpu / bare.cpu);
  }
  return { ms: median(times), over: median(over), ratio: median(ratios), cpu: median(cpus) };
}

/** Peak memory of one `ayo` process in MiB, as the process itself reports it when it ends. */
export function peakMemory(args, options) {
  const report = path.join(options.env.HOME, "peak");
  const probe = path.join(options.env.HOME, "peak.cjs");
  const file = JSON.stringify(report);
  writeFileSync(
    probe,
    `process.on("exit", () => require("fs").writeFileSync(${file}, String(process.resourceUsage().maxRSS)));`,
  );
  ayo(args, { ...options, env: { ...options.env, NODE_OPTIONS: `--require=${probe}` } });
  return Number(readFileSync(report, "utf8")) / 1024;
}
