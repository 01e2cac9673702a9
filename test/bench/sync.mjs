// Two machines that share a store: what a sync costs with nothing new, with many commits of others, and with a merge.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { ayo, median, run } from "./measure.mjs";
import { fileOf, makeTickets, writeTickets } from "./stores.mjs";

const BRANCH = "refs/heads/ayo/tickets";
const FOREIGN = 1_000;
const BOTH = 500;

/** Commits of others, a ticket each, as `git fast-import` reads them. */
function* foreignCommits(tickets) {
  const data = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const start = Math.floor(Date.now() / 1000) - FOREIGN;
  for (let n = 0; n < FOREIGN; n++) {
    const ticket = { ...tickets[(n * 7919) % tickets.length], priority: (n + 1) % 5 };
    const message = `update ${ticket.id}: priority\n\nTicket: ${ticket.id}\nEvent: changed\nActor: @agent-${n % 8}`;
    yield `commit ${BRANCH}\ncommitter Other <other@example.com> ${start + n} +0000\n${data(message)}`;
    if (n === 0) yield `from ${BRANCH}^0\n`;
    yield `M 100644 inline ${ticket.id}.md\n${data(fileOf(ticket))}`;
  }
}

/** Two stores of `size` tickets that share a bare repository. */
function makePair(top, env, size) {
  const hub = path.join(top, "hub.git");
  mkdirSync(top);
  run("git", ["init", "--quiet", "--bare", hub], { cwd: top, env });
  const tickets = makeTickets(size);
  const [here, there] = ["here", "there"].map((name) => path.join(top, name));
  for (const cwd of [here, there]) mkdirSync(cwd);
  ayo(["init"], { cwd: there, env });
  writeTickets(path.join(there, ".tickets"), tickets);
  ayo(["sync", "--remote", "../hub.git", "--yes"], { cwd: there, env });
  ayo(["sync", "--remote", "../hub.git"], { cwd: here, env });
  ayo(["ticket", "list"], { cwd: here, env });
  return { hub, here, there, tickets };
}

/** The same again with all that has changed since, so that one thing can be measured more than once. */
function again(top, name, work) {
  const copy = path.join(path.dirname(top), name);
  cpSync(top, copy, { recursive: true, preserveTimestamps: true });
  try {
    return work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** What git alone takes to bring what is new; milliseconds. */
function fetchAlone(cwd, env) {
  const start = performance.now();
  const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "../../hub.git", BRANCH];
  run("git", ["-c", "fetch.fsckObjects=true", ...args], { cwd: path.join(cwd, ".tickets"), env });
  return performance.now() - start;
}

/** Rows of `ayo sync` with a store of `size` tickets. */
export function measureSync({ scratch, env, runs, row, attempt }, size) {
  attempt("sync", size, () => {
    const top = path.join(scratch, `sync-${size}`);
    const { hub, here, there, tickets } = makePair(top, env, size);
    const rounds = Array.from({ length: runs }, () => {
      const bare = run(process.execPath, ["-e", "0"], { env }).ms;
      return [ayo(["sync"], { cwd: here, env }).ms, fetchAlone(here, env), bare];
    });
    const [whole, fetch, bare] = [0, 1, 2].map((at) => median(rounds.map((one) => one[at])));
    const over = whole - fetch;
    const measured = `${whole.toFixed(0)} ms, a fetch ${fetch.toFixed(0)} ms, node ${bare.toFixed(0)} ms`;
    row("sync, nothing new", size, measured, "≤ a fetch + 60 ms", over <= 60);

    const input = [...foreignCommits(tickets)].join("");
    const child = spawnSync("git", ["fast-import", "--quiet"], { cwd: hub, env, input, maxBuffer: 1 << 28 });
    if (child.status !== 0) throw new Error(`git fast-import: ${child.stderr}`);
    const gitMs = again(top, "fetched", (copy) => fetchAlone(path.join(copy, "here"), env));
    const { ms } = ayo(["sync"], { cwd: here, env });
    const said = `${(ms / 1000).toFixed(2)} s, of which git's fetch ${(gitMs / 1000).toFixed(2)} s`;
    row(`sync, ${FOREIGN} commits of others`, size, said, "≤ 1 s", ms <= 1000);

    ayo(["sync"], { cwd: there, env });
    const ids = tickets.slice(0, BOTH).map(({ id }) => id);
    ayo(["ticket", "update", ...ids, "--assignee", "@here"], { cwd: here, env });
    ayo(["ticket", "update", ...ids, "--add-tag", "there"], { cwd: there, env });
    ayo(["sync"], { cwd: there, env });
    const merged = ayo(["sync"], { cwd: here, env }).ms;
    row(
      `sync, ${BOTH} tickets changed on both sides`,
      size,
      `${(merged / 1000).toFixed(2)} s`,
      "≤ 1 s",
      merged <= 1000,
    );
    rmSync(top, { recursive: true, force: true });
  });
}
