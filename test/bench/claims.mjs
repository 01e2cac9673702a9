// `node test/bench/claims.mjs`: claims per second of 1, 8 and 50 agents at once, each claim a process of its own, as an
// agent's commands are: ayo, the same on sqlite3 with BEGIN IMMEDIATE, and a loop of nothing but git commands with a
// compare-and-swap of the branch; and ayo as a library in one process for each agent. Prints a markdown table.
// Options: --tickets 200   --agents 1,8,50   --seconds 20 (the longest a cell may take)
// Checks too: no ticket may be given out twice. Says what it measured and never fails because of a clock.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { benchEnv, CLI, run } from "./measure.mjs";

const { values: flags } = parseArgs({
  options: {
    tickets: { type: "string", default: "200" },
    agents: { type: "string", default: "1,8,50" },
    seconds: { type: "string", default: "20" },
  },
});
const tickets = Number(flags.tickets);
const scratch = mkdtempSync(path.join(realpathSync(os.tmpdir()), "ayo-claims-"));
const env = benchEnv(path.join(scratch, "home"));
mkdirSync(env.HOME, { recursive: true });
writeFileSync(env.GIT_CONFIG_GLOBAL, "[user]\n\tname = Bench\n\temail = bench@example.com\n[gc]\n\tauto = 0\n");

/** Tickets as lines of a batch: what a store of ayo's is made from. */
const operations = Array.from({ length: tickets }, (_, n) => JSON.stringify({ op: "create", title: `Ticket ${n}` }));

/** One engine: `make` sets a store up in `dir`, `claim` is the command of one claim, which prints what it got. */
const ENGINES = {
  "ayo ticket claim --next": {
    make: (dir) => {
      run(process.execPath, [CLI, "init"], { cwd: dir, env });
      run(process.execPath, [CLI, "ticket", "batch", "-q"], {
        cwd: dir,
        env,
        stdio: ["pipe", "pipe", "pipe"],
        input: operations.join("\n"),
      });
    },
    claim: (agent) => [process.execPath, CLI, "ticket", "claim", "--next", "-q", "--as", `@${agent}`],
  },
  "sqlite3, BEGIN IMMEDIATE": {
    make: (dir) => {
      const rows = operations.map((_, n) => `INSERT INTO tickets VALUES ('t${n}', 'open', 2, ${n}, NULL, NULL);`);
      const table =
        "CREATE TABLE tickets (id TEXT PRIMARY KEY, status TEXT, priority INT, created INT, claim TEXT, lease INT);";
      const sql = `PRAGMA journal_mode=WAL; ${table} BEGIN; ${rows.join("")} COMMIT;`;
      run("sqlite3", ["db"], { cwd: dir, env, stdio: ["pipe", "pipe", "pipe"], input: sql });
    },
    claim: (agent) => ["sqlite3", "-cmd", ".timeout 30000", "-cmd", "PRAGMA synchronous=FULL;", "db", sqlOf(agent)],
  },
  "git alone, update-ref old new": {
    make: (dir) => {
      run("git", ["init", "-q", "-b", "tickets"], { cwd: dir, env });
      for (let n = 0; n < tickets; n++)
        writeFileSync(path.join(dir, `t${n}.md`), `---\nstatus: open\n---\n# Ticket ${n}\n`);
      run("git", ["add", "."], { cwd: dir, env });
      run("git", ["commit", "-q", "-m", "tickets"], { cwd: dir, env });
      writeFileSync(path.join(dir, "claim.sh"), GIT_CLAIM);
    },
    claim: (agent) => ["sh", "claim.sh", agent],
  },
  // What any command that Node runs costs: nothing that is one can be faster.
  "node -e, which only prints": {
    make: () => {},
    claim: () => [process.execPath, "-e", "console.log(process.pid, Math.random())"],
  },
};

function sqlOf(agent) {
  const best = "SELECT id FROM tickets WHERE status = 'open' ORDER BY priority, created LIMIT 1";
  const lease = "strftime('%s', 'now') + 900";
  return `BEGIN IMMEDIATE; UPDATE tickets SET status = 'active', claim = '${agent}', lease = ${lease} WHERE id = (${best}) RETURNING id; COMMIT;`;
}

const GIT_CLAIM = `export GIT_INDEX_FILE=.git/claim-$$
trap 'rm -f "$GIT_INDEX_FILE"' EXIT
while :; do
  head=$(git rev-parse refs/heads/tickets)
  file=$(git grep -l '^status: open' "$head" -- '*.md' | head -n 1 | cut -d : -f 2)
  [ -n "$file" ] || exit 0
  blob=$(git cat-file blob "$head:$file" | sed "s/^status: open/status: in_progress\\nclaimed-by: $1/" | git hash-object -w --stdin)
  git read-tree "$head"
  git update-index --cacheinfo "100644,$blob,$file"
  commit=$(git commit-tree "$(git write-tree)" -p "$head" -m "claim $file")
  if git update-ref refs/heads/tickets "$commit" "$head" 2> /dev/null; then echo "$file"; exit 0; fi
done
`;

/** What a command prints; "" for one that is stopped. */
function output([file, ...args], cwd, children) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    children.add(child);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (err += chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      children.delete(child);
      if (code === 0) resolve(out.trim());
      else if (signal !== null) resolve("");
      else reject(new Error(`${file}: exit ${code}: ${err.trim().split("\n")[0]}`));
    });
  });
}

/** Claims per second of so many agents until nothing is left or the time is over. */
async function measure(dir, agents, claim) {
  const children = new Set();
  const claimed = [];
  const waits = [];
  const start = performance.now();
  const deadline = start + Number(flags.seconds) * 1000;
  const agent = async (n) => {
    while (performance.now() < deadline) {
      const begun = performance.now();
      const got = await output(claim(`agent-${n}`), dir, children);
      if (got === "") return;
      claimed.push(got);
      waits.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: agents }, (_, n) => agent(n)));
  const seconds = (performance.now() - start) / 1000;
  if (new Set(claimed).size !== claimed.length)
    throw new Error(`${claimed.length - new Set(claimed).size} given out twice`);
  waits.sort((one, other) => one - other);
  const [half, most] = [waits[waits.length >> 1], waits[Math.floor(waits.length * 0.99)]];
  console.error(`  a claim took ${half.toFixed(0)} ms at the median, ${most.toFixed(0)} at the 99th percentile`);
  return claimed.length / seconds;
}

/** The same with one process for each agent, which claims through the library. */
async function measureLibrary(dir, agents) {
  const children = new Set();
  const start = performance.now();
  const script = path.join(import.meta.dirname, "../helpers/claimer.mjs");
  const line = [process.execPath, script, path.join(dir, ".tickets")];
  const told = await Promise.all(Array.from({ length: agents }, () => output(line, dir, children)));
  const seconds = (performance.now() - start) / 1000;
  const claimed = told.flatMap((text) => text.split("\n").filter((one) => one !== ""));
  if (new Set(claimed).size !== tickets) throw new Error(`${new Set(claimed).size} of ${tickets} claimed`);
  return claimed.length / seconds;
}

function isThere(file) {
  return spawnSync(file, ["--version"], { stdio: "ignore" }).error === undefined;
}

async function cell(name, agents, work) {
  const dir = mkdtempSync(path.join(scratch, "store-"));
  try {
    ENGINES[name].make(dir);
    const rate = await work(dir);
    console.error(`${name}, ${agents} agents: ${rate.toFixed(1)}/s`);
    return rate.toFixed(1);
  } catch (error) {
    console.error(`${name}, ${agents} agents: ${error.message}`);
    return "failed";
  }
  // The store stays until the end: some file systems search past what was removed in the last minute for each new file.
}

const counts = flags.agents.split(",").map(Number);
const rows = [];
for (const [name, { claim }] of Object.entries(ENGINES)) {
  const tool = claim("x")[0];
  if (tool !== process.execPath && tool !== "sh" && !isThere(tool)) continue;
  const cells = [];
  for (const agents of counts) cells.push(await cell(name, agents, (dir) => measure(dir, agents, claim)));
  rows.push([name, ...cells]);
}
const cells = [];
for (const agents of counts) {
  cells.push(await cell("ayo ticket claim --next", agents, (dir) => measureLibrary(dir, agents)));
}
rows.push(["ayo as a library, one process an agent", ...cells]);
console.log(
  `| claims/s, ${tickets} tickets | ${counts.map((n) => `${n} ${n === 1 ? "agent" : "agents"}`).join(" | ")} |`,
);
console.log(`|---|${counts.map(() => "--:").join("|")}|`);
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
rmSync(scratch, { recursive: true, force: true });
