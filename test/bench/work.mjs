// What starting agents costs: from the assignment to the prompt, twenty that print nothing, the end of a long log.
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { ayo, median, run } from "./measure.mjs";

const CLI = path.resolve(import.meta.dirname, "../../dist/cli/ayo.cjs");
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A project whose agent notes when it has read its prompt, and then sleeps. */
function makeProject(cwd, env) {
  mkdirSync(cwd, { recursive: true });
  run("git", ["init", "--quiet", "--initial-branch", "main", "."], { cwd, env });
  run("git", ["commit", "--quiet", "--allow-empty", "-m", "start"], { cwd, env });
  ayo(["init"], { cwd, env });
  writeFileSync(
    path.join(cwd, "agent.sh"),
    `#!/bin/sh\ncat > /dev/null\ndate +%s%N > "${cwd}/read-$AYO_TICKET"\nexec sleep 600\n`,
    { mode: 0o755 },
  );
  writeFileSync(
    path.join(cwd, ".tickets/agents.yml"),
    "agents:\n  '@a': {adapter: command, command: [./agent.sh], max: 40}\n",
  );
  ayo(["allow", "@a"], { cwd, env });
}

const cpuOf = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / 100;
};

async function readBy(cwd, id) {
  for (;;) {
    const text = readdirSync(cwd).includes(`read-${id}`)
      ? readFileSync(path.join(cwd, `read-${id}`), "utf8").trim()
      : "";
    if (text !== "") return Number(text) / 1e6;
    await pause(5);
  }
}

/** Rows of `ayo work`; each is told as soon as it is known. */
export async function measureWork({ scratch, env, row }) {
  const cwd = path.join(scratch, "work", "shop");
  makeProject(cwd, env);
  const work = spawn(process.execPath, [CLI, "work", "-n", "40"], { cwd, env, stdio: "ignore" });
  try {
    await pause(1_500);
    const took = [];
    const trees = [];
    for (let n = 0; n < 20; n++) {
      const began = Date.now();
      run("git", ["worktree", "add", "--quiet", "-b", `probe-${n}`, `../probe-${n}`], { cwd, env });
      trees.push(Date.now() - began);
      const id = ayo(["ticket", "create", `Ticket ${n}`, "-q"], { cwd, env }).stdout.trim();
      await pause(300);
      ayo(["ticket", "assign", id, "@a"], { cwd, env });
      const assigned = Date.now();
      took.push((await readBy(cwd, id)) - assigned);
    }
    const beside = median(took) - median(trees);
    row("assignment to prompt, beside git worktree add", 20, `${beside.toFixed(0)} ms`, "≤ 500 ms", beside <= 500);
    await pause(2_000);
    const before = cpuOf(work.pid);
    await pause(20_000);
    const share = (cpuOf(work.pid) - before) / 200;
    row("20 runs that print nothing", 20, `${share.toFixed(2)} % of a core`, "≤ 1 %", share <= 1);
    const folder = path.join(env.AYO_HOME ?? path.join(env.HOME, ".local/share/ayo"), "runs");
    const [store] = readdirSync(folder);
    const [ticket] = readdirSync(path.join(folder, store)).filter((name) => !name.startsWith("."));
    const line = `${JSON.stringify({ at: new Date().toISOString(), type: "text", text: "x".repeat(80), offset: 1 })}\n`;
    appendFileSync(path.join(folder, store, ticket, "1", "events.jsonl"), line.repeat(100_000));
    const { currentHost, openStore, readRunLog } = await import("../../dist/index.js");
    const shared = openStore({ dir: path.join(cwd, ".tickets") }, currentHost({ cwd, env }));
    const times = [];
    for (let n = 0; n < 7; n++) {
      const began = performance.now();
      await readRunLog(shared, { run: ticket });
      times.push(performance.now() - began);
    }
    const ms = median(times);
    row("the last 200 of 100,000 events of a run", 100_000, `${ms.toFixed(0)} ms`, "≤ 100 ms", ms <= 100);
  } finally {
    work.kill("SIGKILL");
    for (const { ticket, n } of JSON.parse(
      ayo(["run", "list", "--live", "--limit", "100", "--json"], { cwd, env }).stdout,
    ).runs)
      ayo(["run", "stop", `${ticket}/${n}`], { cwd, env });
    ayo(["work", "--once"], { cwd, env });
  }
}
