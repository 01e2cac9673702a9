// `node test/bench/search.mjs`: how well search finds what is meant, and what it costs. Prints markdown tables.
// Options: --half dev (default), held-out or all   --sizes 1000,10000   --runs 11   --quality (no costs)
// The labels are in test/bench/search; weights and thresholds are settled on the development half only.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ayo, benchEnv, median, paired, peakMemory, run } from "./measure.mjs";
import { measureDuplicates, measureQuality } from "./searchQuality.mjs";
import { writeSearchStore } from "./searchStores.mjs";

const { openStore, searchTickets, createTicket, currentHost, keepView } = await import("../../dist/index.js");

const { values: flags } = parseArgs({
  options: {
    half: { type: "string", default: "dev" },
    sizes: { type: "string", default: "1000,10000" },
    runs: { type: "string", default: "11" },
    quality: { type: "boolean", default: false },
  },
});
const runs = Number(flags.runs);
const scratch = mkdtempSync(path.join(realpathSync(os.tmpdir()), "ayo-bench-"));
const env = benchEnv(path.join(scratch, "home"));
const library = {
  openStore: (dir) => openStore({ dir }, currentHost({ env, cwd: scratch })),
  searchTickets,
  createTicket,
};

/** Whole processes, warm, each against a bare Node. */
function measureCost(size) {
  const cwd = path.join(scratch, `cost-${size}`);
  const dir = path.join(cwd, ".tickets");
  mkdirSync(cwd);
  const options = { cwd, env };
  ayo(["init"], options);
  // What is finished stays where it is: the size is the size of what is read.
  ayo(["config", "archive.after", "36500d"], options);
  writeSearchStore(dir, size);
  ayo(["ticket", "create", "Commit what was written", "-q"], options);
  const query = ["ticket", "search", "login fails after the token expired", "-q"];
  const first = ayo(query, options).ms;
  const row = (what, measured, budget = "") => console.log(`| ${what} | ${size} | ${measured} | ${budget} |`);
  row("first build", `${(first / 1000).toFixed(1)} s`, "≤ 6 s");
  const files = path.join(dir, ".git/ayo/search");
  const bytes = readdirSync(files).reduce((sum, name) => sum + statSync(path.join(files, name)).size, 0);
  row("index files", `${(bytes / 2 ** 20).toFixed(1)} MiB`, "≤ 25 MiB");
  for (const [type, budget] of [
    ["keyword", 3.3],
    ["semantic", ""],
    ["hybrid", 3.7],
  ]) {
    const { ratio, over } = paired(() => [...query, "--mode", type], options, { runs });
    row(type, `${ratio.toFixed(2)} × node (+${over.toFixed(0)} ms)`, budget === "" ? "" : `≤ ${budget} × node`);
  }
  row("peak memory of hybrid", `${peakMemory(query, options).toFixed(0)} MiB`, "≤ 250 MiB");
  ayo(["ticket", "duplicates", "-q"], options);
  const { ratio, over } = paired((n) => ["ticket", "create", `Import ${n} loses the last line`, "-q"], options, {
    runs,
  });
  row("create, with its search for duplicates", `${ratio.toFixed(2)} × node (+${over.toFixed(0)} ms)`);
  return { dir, size };
}

/** A process that lives, as a server does: 200 queries after the first, one after the other. */
async function measureLive({ dir, size }) {
  const store = openStore({ dir }, currentHost({ env, cwd: scratch }));
  keepView(store);
  for (const type of ["keyword", "hybrid"]) {
    const times = [];
    for (let n = 0; n < 201; n++) {
      const start = process.hrtime.bigint();
      await searchTickets(store, { query: `login fails after the token expired ${n}`, mode: type });
      if (n > 0) times.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
    const p95 = times.sort((left, right) => left - right)[Math.floor(times.length * 0.95)];
    const measured = `p50 ${median(times).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
    console.log(`| ${type} in a live process | ${size} | ${measured} | ≤ 5 ms |`);
  }
}

try {
  mkdirSync(env.HOME);
  writeFileSync(env.GIT_CONFIG_GLOBAL, "[user]\n\tname = Bench\n\temail = bench@example.com\n[gc]\n\tauto = 0\n");
  await measureQuality(library, scratch, flags.half);
  await measureDuplicates(library, scratch, flags.half);
  if (!flags.quality) {
    const bare = median(Array.from({ length: runs }, () => run(process.execPath, ["-e", "0"], { env }).ms));
    console.log(`\nCost, medians of ${runs} pairs with \`node -e 0\` (${bare.toFixed(0)} ms)\n`);
    console.log("| | tickets | measured | budget |\n|---|---|---|---|");
    for (const size of flags.sizes.split(",").map(Number)) await measureLive(measureCost(size));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
