// Five machines that claim different tickets at once where claims are settled at a remote, next to the same git commands.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { ayo, CLI, median, run } from "./measure.mjs";
import { makeTickets, writeTickets } from "./stores.mjs";

const INDEX = path.resolve(import.meta.dirname, "../../dist/index.js");
const MACHINES = 5;
const TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** What git alone does for a claim: a look, a commit, a push that expects what was seen. */
const BY_HAND = `
git ls-remote --quiet "$HUB" "refs/ayo/claims/$ID" > /dev/null &&
commit=$(git commit-tree ${TREE} -m "$ID $$") &&
git push --quiet --force-with-lease="refs/ayo/claims/$ID:" "$HUB" "$commit:refs/ayo/claims/$ID"`;

/** The milliseconds of a program that must succeed. */
function timed(file, args, options) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(file, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (part) => {
      said += part;
    });
    child.on("close", (code) => {
      if (code === 0) resolve(performance.now() - start);
      else reject(new Error(`${args.join(" ")}: ${said}`));
    });
  });
}

/** A process that goes on, and claims what it is told: as `ayo serve` or `ayo mcp` do. */
const LIVE = `
import { createInterface } from "node:readline";
import { claimTickets, keepView, openStore } from ${JSON.stringify(INDEX)};
const store = await openStore();
keepView(store);
for await (const id of createInterface(process.stdin)) {
  const start = performance.now();
  const { confirmed } = await claimTickets(store, { ids: [id], as: process.argv[1] });
  console.log(confirmed?.[0] === id ? performance.now() - start : "not confirmed");
}`;

function liveProcess(name, options) {
  const args = ["--input-type=module", "-e", LIVE, name];
  const child = spawn(process.execPath, args, { ...options, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    claim: async (id) => {
      child.stdin.write(`${id}\n`);
      const { value } = await lines.next();
      if (!(Number(value) > 0)) throw new Error(`claim of ${id}: ${value}`);
      return Number(value);
    },
    end: () => child.stdin.end(),
  };
}

/** Rows of claims in stores of `size` tickets that five machines share. */
export async function measureSharedClaims({ scratch, env, runs, row }, size) {
  const top = path.join(scratch, `claims-${size}`);
  mkdirSync(top);
  const hub = path.join(top, "hub.git");
  run("git", ["init", "--quiet", "--bare", hub], { cwd: top, env });
  const tickets = makeTickets(size);
  const dirs = Array.from({ length: MACHINES }, (_, n) => path.join(top, `machine-${n}`));
  for (const [n, cwd] of dirs.entries()) {
    mkdirSync(cwd);
    if (n > 0) {
      ayo(["sync", "--remote", "../hub.git"], { cwd, env });
      continue;
    }
    ayo(["init"], { cwd, env });
    writeTickets(path.join(cwd, ".tickets"), tickets);
    ayo(["sync", "--remote", "../hub.git", "--yes"], { cwd, env });
  }
  for (const cwd of dirs) ayo(["ticket", "list"], { cwd, env });
  const free = ayo(["ticket", "ready", "-q"], { cwd: dirs[0], env }).stdout.trim().split("\n");
  const byHand = (name) =>
    dirs.map((cwd, n) =>
      timed("sh", ["-c", BY_HAND], { cwd: path.join(cwd, ".tickets"), env: { ...env, HUB: hub, ID: `${name}-${n}` } }),
    );
  /** Claims of all five at once, and git's beside them, turn by turn. */
  const measure = async (name, label, claims) => {
    const [ours, git] = [[], []];
    for (let turn = 0; turn < runs; turn++) {
      ours.push(...(await Promise.all(claims(dirs.map(() => free.pop())))));
      git.push(...(await Promise.all(byHand(`${name}-${turn}`))));
    }
    const [mine, alone] = [median(ours), median(git)];
    const told = `${mine.toFixed(0)} ms, git alone ${alone.toFixed(0)} ms: ${(mine / alone).toFixed(2)} ×`;
    row(label, size, told, "≤ 2.5 × git", mine <= 2.5 * alone);
  };
  const command = (id, n) => [CLI, "ticket", "claim", id, "--as", `@m${n}`];
  await measure("command", "claim with four rivals on other tickets", (ids) =>
    dirs.map((cwd, n) => timed(process.execPath, command(ids[n], n), { cwd, env })),
  );
  const live = dirs.map((cwd, n) => liveProcess(`@l${n}`, { cwd, env }));
  // The first one loads the code, and reads the store.
  for (const one of live) await one.claim(free.pop());
  await measure("live", "the same by live processes", (ids) => live.map((one, n) => one.claim(ids[n])));
  for (const one of live) one.end();
  rmSync(top, { recursive: true, force: true });
}
