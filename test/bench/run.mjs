// `npm run bench`: what ayo costs, next to bare Node and, where it is installed, to tk. Prints a markdown table.
// Options: --sizes 1000,10000,100000   --runs 11   --keep (leave the stores on disk)
//   --node-env (pass NODE_* variables on: NODE_EXTRA_CA_CERTS alone makes bare Node more than twice as slow)
// $TK names a copy of the tk script (github.com/wedow/ticket); else `tk` or `ticket` on the PATH is taken.
// Says what it measured and never fails because of it: the clock of a shared machine proves nothing.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { makeProject, measureCommits } from "./commits.mjs";
import { measureHistory } from "./history.mjs";
import { measureInbox } from "./inbox.mjs";
import { measureLanded } from "./landed.mjs";
import { ayo, benchEnv, firstByte, median, paired, peakMemory, run } from "./measure.mjs";
import { measureSharedClaims } from "./sharedClaims.mjs";
import { closable, makeTickets, writeJsonLines, writeTickets } from "./stores.mjs";
import { measureSync } from "./sync.mjs";
import { measureTui } from "./tui.mjs";
import { measureWatch, startHelper } from "./watch.mjs";
import { measureWeb } from "./web.mjs";
import { measureWork } from "./work.mjs";

const { values: flags } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,10000,100000" },
    runs: { type: "string", default: "11" },
    keep: { type: "boolean", default: false },
    "node-env": { type: "boolean", default: false },
  },
});
const sizes = flags.sizes.split(",").map(Number);
const runs = Number(flags.runs);
const scratch = mkdtempSync(path.join(realpathSync(os.tmpdir()), "ayo-bench-"));
const env = benchEnv(path.join(scratch, "home"), { node: flags["node-env"] });
const rows = [];

/** Budgets as ratios to `node -e 0`, by size: of reads in CPU time, of writes in time on the clock; see guide/speed.md. */
const BUDGETS = {
  1000: { ready: 1.6, list: 1.6, show: 1.6, create: 2.4, close: 2.3, claim: 2.3, note: 2.3 },
  10000: { ready: 3.3, list: 2.9, show: 2.8, create: 4.1, close: 3.9, claim: 3.9, note: 3.9 },
  100000: { ready: 2.2, "ready --limit 10": 2.2, show: 2.2, note: 5 },
};
const READS = ["ready", "ready --limit 10", "list", "show"];
/** The same at 10,000 while a process that goes on does what commands ask of it. */
const HELPED = { ready: 1.7, list: 1.5, show: 1.4, create: 2.7, note: 2.5 };
/** Changes a second of one live process, by size: of one caller, and of eight. */
const LIVE = { 1000: [300, 600], 10000: [200, 450] };

function row(what, size, measured, budget, ok) {
  const verdict = ok === undefined ? "" : ok ? "yes" : "NO";
  rows.push([what, size.toLocaleString("en"), measured, budget, verdict]);
  console.error(`${what} (${size}): ${measured}${budget === "" ? "" : `, budget ${budget}`}`);
}

/** Measures one row; a command that fails becomes a row that says so. */
function attempt(what, size, measure) {
  try {
    measure();
  } catch (error) {
    row(what, size, `failed: ${error.message.replaceAll("|", "/").slice(0, 160)}`, "", false);
  }
}

function ratioRow(what, size, argvOf, options, { limit = BUDGETS[size]?.[what], ...settings } = {}) {
  attempt(what, size, () => {
    const { over, ratio, cpu } = paired(argvOf, options, { runs, ...settings });
    const isRead = READS.includes(what.split(",")[0]);
    const budget = limit === undefined ? "" : `≤ ${limit} × node, ${isRead ? "CPU" : "wall"}`;
    const measured = `CPU ${cpu.toFixed(2)} ×, wall ${ratio.toFixed(2)} × node (+${over.toFixed(0)} ms)`;
    row(what, size, measured, budget, limit && (isRead ? cpu : ratio) <= limit);
  });
}

/** A store of `size` tickets, committed; archived ones are handed to git itself, which is quicker at it. */
function makeStore(name, size, archived = 0) {
  const cwd = path.join(scratch, name);
  const dir = path.join(cwd, ".tickets");
  mkdirSync(cwd);
  const options = { cwd, env };
  ayo(["init"], options);
  const tickets = makeTickets(size, archived);
  writeTickets(dir, tickets);
  if (archived > 0) {
    run("git", ["add", "--all"], { cwd: dir, env });
    run("git", ["commit", "--quiet", "--message=bench"], { cwd: dir, env });
  }
  return { dir, options, tickets };
}

/** Makes the next command start without any of ayo's caches. */
function dropCaches(dir) {
  rmSync(path.join(dir, ".git/ayo"), { recursive: true, force: true });
}

function measureReads({ options, tickets }, size) {
  const { id } = tickets[tickets.length - 1];
  ratioRow("ready", size, () => ["ticket", "ready"], options);
  ratioRow("ready --limit 10", size, () => ["ticket", "ready", "--limit", "10"], options);
  ratioRow("list", size, () => ["ticket", "list"], options);
  ratioRow("show", size, () => ["ticket", "show", id], options);
  ratioRow(
    "completion of an id",
    size,
    () => ["completion", "--words", "--", "ticket", "show", id.slice(0, 3)],
    options,
  );
  attempt("first byte of list in a pipe", size, () => {
    const ratio = firstByte(["ticket", "list"], options, runs);
    row("first byte of list in a pipe", size, `${ratio.toFixed(2)} × node -p 0`, "");
  });
}

function measureWrites({ options, tickets }, size) {
  const open = closable(tickets);
  ratioRow("create", size, (i) => ["ticket", "create", `Measured ticket ${i} of ${size}`], options);
  ratioRow("close", size, (i) => ["ticket", "close", open[i]], options);
  ratioRow("claim", size, (i) => ["ticket", "claim", open[40 + i], "--as", "@bench"], options);
  ratioRow("note", size, (i) => ["ticket", "note", open[open.length - 1 - i], `Note ${i}`], options);
}

/** What commands cost while `ayo watch` runs, which does their work. */
async function measureHelped({ options, tickets }, size) {
  const open = closable(tickets);
  const words = {
    ready: () => ["ticket", "ready"],
    list: () => ["ticket", "list"],
    show: () => ["ticket", "show", tickets[tickets.length - 1].id],
    create: (i) => ["ticket", "create", `Helped ticket ${i} of ${size}`],
    note: (i) => ["ticket", "note", open[open.length - 1 - i], `Helped ${i}`],
  };
  const end = await startHelper(options);
  try {
    for (const [what, argvOf] of Object.entries(words)) {
      const limit = size === 10_000 ? HELPED[what] : undefined;
      ratioRow(`${what}, while ayo watch runs`, size, argvOf, options, { limit });
    }
  } finally {
    await end();
  }
}

function measureMemory({ options }, size) {
  for (const args of [
    ["ticket", "ready"],
    ["ticket", "list"],
    ["ticket", "create", "Memory"],
  ]) {
    attempt(`peak memory of ${args[1]}`, size, () => {
      const peak = peakMemory(args, options);
      row(`peak memory of ${args[1]}`, size, `${peak.toFixed(0)} MiB`, "≤ 60 MiB", peak <= 60);
    });
  }
}

function measureColdStart({ dir, options }, size) {
  attempt("ready, no cache", size, () => {
    const { ms, ratio } = paired(() => ["ticket", "ready"], options, { runs: 5, before: () => dropCaches(dir) });
    const measured = `${(ms / 1000).toFixed(2)} s (${ratio.toFixed(1)} × node)`;
    row("ready, no cache", size, measured, size === 10_000 ? "≤ 0.8 s" : "", size === 10_000 ? ms <= 800 : undefined);
  });
}

/** A store that git has packed, as `git gc --auto` leaves it. */
function measurePacked({ dir, options }, size) {
  attempt("create, after git gc", size, () => {
    run("git", ["gc", "--quiet"], { cwd: dir, env });
    const argvOf = (i) => ["ticket", "create", `Packed ${i}`];
    const { over, ratio } = paired(argvOf, options, { runs });
    const limit = BUDGETS[size].create;
    row(
      "create, after git gc",
      size,
      `${ratio.toFixed(2)} × node (+${over.toFixed(0)} ms)`,
      `≤ ${limit} × node`,
      ratio <= limit,
    );
  });
}

function findTk() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const onPath = ["tk", "ticket"].flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [process.env.TK, ...onPath].find((file) => file !== undefined && existsSync(file));
}

function compareWithTk({ options }, size) {
  const tk = findTk();
  if (tk === undefined) return row("ready, tk against ayo", size, "no tk here ($TK)", "≥ 15 × faster");
  attempt("ready, tk against ayo", size, () => {
    const ratios = Array.from({ length: 3 }, () => {
      const theirs = run(tk, ["ready"], options).ms;
      return theirs / ayo(["ticket", "ready"], options).ms;
    });
    const ratio = median(ratios);
    row("ready, tk against ayo", size, `${ratio.toFixed(1)} × faster`, "≥ 15 × faster", ratio >= 15);
  });
}

function measureImport(size) {
  attempt("import", size, () => {
    const cwd = path.join(scratch, "import");
    mkdirSync(cwd);
    ayo(["init"], { cwd, env });
    const file = path.join(cwd, "tickets.jsonl");
    writeJsonLines(file, makeTickets(size));
    const { ms } = ayo(["import", file], { cwd, env });
    row("import", size, `${(ms / 1000).toFixed(1)} s`, "≤ 3 s", ms <= 3000);
  });
}

/** Bytes of all loose objects below `dir`. */
function looseBytes(dir) {
  return readdirSync(path.join(dir, ".git/objects"), { recursive: true })
    .filter((name) => /^[0-9a-f]{2}[\\/][0-9a-f]{38}$/.test(name))
    .reduce((sum, name) => sum + statSync(path.join(dir, ".git/objects", name)).size, 0);
}

function measureLooseBytes(size) {
  attempt("loose bytes per commit", size, () => {
    const { dir, options, tickets } = makeStore("loose", size);
    ayo(["ticket", "create", "Commit what was written"], options);
    const before = looseBytes(dir);
    const commits = 20;
    for (let i = 0; i < commits; i++) ayo(["ticket", "note", tickets[i].id, `Note ${i}`], options);
    const kib = (looseBytes(dir) - before) / commits / 1024;
    row("loose bytes per commit", size, `${kib.toFixed(1)} KiB`, "≤ 25 KiB", kib <= 25);
  });
}

function measureLive({ dir, options, tickets }, size) {
  const script = path.join(import.meta.dirname, "live.mjs");
  const ids = closable(tickets).slice(-50);
  const [one, eight] = LIVE[size] ?? [0, 0];
  for (const [callers, budget] of [
    [1, one],
    [8, eight],
  ]) {
    const what = `changes/s of a live process, ${callers === 1 ? "one after the other" : `${callers} callers`}`;
    attempt(what, size, () => {
      const args = [script, dir, String(callers), "200", ...ids];
      const rate = median(Array.from({ length: 3 }, () => Number(run(process.execPath, args, options).stdout)));
      row(what, size, `${rate.toFixed(0)} /s`, `≥ ${budget} /s`, rate >= budget);
    });
  }
}

/** A watcher: from a save, or the end of another process's command, to its event. */
async function measureWatcher({ dir, options, tickets }, size) {
  try {
    const { edit, command, idle, memory } = await measureWatch({ dir, options, ids: closable(tickets).slice(-20) });
    const limit = size >= 10_000 ? 400 : 250;
    const print = ([middle, largest]) => `${middle.toFixed(0)} ms (at most ${largest.toFixed(0)})`;
    row("watch: from a save to its event", size, print(edit), `≤ ${limit} ms`, edit[0] <= limit);
    row("watch: from a command's end to its event", size, print(command), `≤ ${limit} ms`, command[0] <= limit);
    row("watch: idle CPU", size, `${idle.toFixed(1)} %`, "near 0", idle < 1);
    row("watch: memory", size, `${memory.toFixed(0)} MiB`, "≤ 150 MiB", memory <= 150);
  } catch (error) {
    row("watch", size, `failed: ${error.message}`, "", false);
  }
}

/** The board on a terminal. */
async function measureTerminal({ options }, size) {
  try {
    const { ratio, firstMs, keyP95, idle, resident } = await measureTui(options, { runs: 7, keys: 100 });
    row(
      "tui: CPU until its first frame",
      size,
      `${ratio.toFixed(1)} × node (${firstMs.toFixed(0)} ms)`,
      "≤ 5 × node",
      ratio <= 5,
    );
    row("tui: key to frame, 95 %", size, `${keyP95.toFixed(1)} ms`, "≤ 16 ms", keyP95 <= 16);
    row("tui: idle CPU", size, `${idle.toFixed(1)} %`, "near 0", idle < 1);
    row("tui: memory", size, `${resident.toFixed(0)} MiB`, "≤ 100 MiB", resident <= 100);
  } catch (error) {
    row("tui", size, `failed: ${error.message}`, "", false);
  }
}

/** The server and the board in a browser. */
async function measureBoard(store, size) {
  try {
    const { api, bare, load, move, live, scroll, graph, ties, bundle } = await measureWeb(store);
    const ms = (value) => `${value.toFixed(0)} ms`;
    row(
      "web: GET /api/tickets?limit=50, 50 clients, p95",
      size,
      `${ms(api)} (bare Node ${ms(bare)})`,
      "≤ 20 ms",
      api <= 20,
    );
    row("web: from navigation to the board", size, ms(load), "≤ 1500 ms", load <= 1500);
    row("web: from putting a card down to seeing it", size, ms(move), "≤ 100 ms", move <= 100);
    row("web: from a command's end to the board", size, ms(live), "≤ 500 ms", live <= 500);
    row("web: scrolling a column", size, `${scroll.toFixed(0)} frames/s`, "≥ 50 frames/s", scroll >= 50);
    row(`web: moving the graph (${ties})`, size, `${graph.toFixed(0)} frames/s`, "", undefined);
    row("web: all files of the page, gzipped", size, `${bundle.toFixed(0)} KiB`, "≤ 120 KiB", bundle <= 120);
  } catch (error) {
    row("web", size, `failed: ${error.message.split("\n")[0]}`, "", false);
  }
}

/** A project of many commits around the store: what linking them to tickets adds to a command. */
function measureLinks(commits) {
  attempt("commits of the project", commits, () => {
    const { dir, options, tickets } = makeStore("links", 1000);
    const ids = closable(tickets);
    makeProject(options.cwd, commits, ids, env);
    ayo(["ticket", "create", "Commit what was written"], options);
    const { first, later, added, close } = measureCommits({ dir, options, ids }, runs);
    const print = (ms) => `+${ms.toFixed(0)} ms`;
    row("commits of the project: first look", commits, print(first), "≤ 3 s", first <= 3000);
    row("commits of the project: nothing new, show", commits, print(later), "≤ 15 ms", later <= 15);
    row("commits of the project: nothing new, close", commits, print(close), "≤ 15 ms", close <= 15);
    row("commits of the project: one is new", commits, print(added), "");
  });
}

/** The same where work has to land: what a look at the base branch costs. */
async function measureLandings(commits) {
  try {
    const { dir, options, tickets } = makeStore("landed", 1000);
    makeProject(
      options.cwd,
      commits,
      tickets.map(({ id }) => id),
      env,
    );
    ayo(["ticket", "create", "Commit what was written"], options);
    const { first, later, added } = await measureLanded({ dir, options, ids: closable(tickets) }, runs);
    const print = (ms) => `${ms.toFixed(0)} ms of CPU`;
    row("landed: first look", commits, print(first), "");
    row("landed: nothing new", commits, print(later), "≤ 20 ms", later <= 20);
    row("landed: one commit is new", commits, print(added), "");
  } catch (error) {
    row("landed", commits, `failed: ${error.message.split("\n")[0]}`, "", false);
  }
}

/** A store most of which is archived. */
function measureArchived({ options, tickets }, size) {
  const [id] = closable(tickets);
  ratioRow("ready", size, () => ["ticket", "ready"], options);
  ratioRow("ready --limit 10", size, () => ["ticket", "ready", "--limit", "10"], options);
  ratioRow("show", size, () => ["ticket", "show", id], options);
  ratioRow("note", size, (i) => ["ticket", "note", id, `Note ${i}`], options);
}

/** All rows of one size. */
async function measureSize(size) {
  const archived = size >= 100_000 ? Math.round(size * 0.95) : 0;
  const store = makeStore(`store-${size}`, size, archived);
  measureColdStart(store, size);
  ayo(["ticket", "create", "Commit what was written"], store.options);
  ayo(["ticket", "ready"], store.options);
  if (archived > 0) return measureArchived(store, size);
  measureReads(store, size);
  measureWrites(store, size);
  await measureHelped(store, size);
  await measureWatcher(store, size);
  if (size >= 10_000) {
    await measureBoard(store, size);
    await measureTerminal(store, size);
    measureMemory(store, size);
    measurePacked(store, size);
    compareWithTk(store, size);
    measureImport(size);
  } else {
    measureLive(store, size);
  }
}

function printTable() {
  const cpu = os.cpus()[0]?.model.trim() ?? "unknown processor";
  const bare = median(Array.from({ length: runs }, () => run(process.execPath, ["-e", "0"], { env }).ms));
  console.log(
    `Node ${process.version}, ${os.cpus().length} × ${cpu}; medians of ${runs} pairs with \`node -e 0\` (${bare.toFixed(0)} ms).\n`,
  );
  console.log("| | tickets | measured | budget | kept |\n|---|---|---|---|---|");
  for (const cells of rows) console.log(`| ${cells.join(" | ")} |`);
}

try {
  mkdirSync(env.HOME);
  writeFileSync(env.GIT_CONFIG_GLOBAL, "[user]\n\tname = Bench\n\temail = bench@example.com\n[gc]\n\tauto = 0\n");
  measureLooseBytes(500);
  measureLinks(10_000);
  await measureLandings(10_000);
  measureHistory({ scratch, env, runs, row, attempt }, 10_000);
  measureInbox({ scratch, env, runs, row, attempt }, 10_000);
  await measureWork({ scratch, env, row });
  await measureSharedClaims({ scratch, env, runs: 7, row }, 1000);
  for (const size of [100, 10_000]) measureSync({ scratch, env, runs, row, attempt }, size);
  for (const size of sizes) await measureSize(size);
  printTable();
} finally {
  if (flags.keep) console.error(`kept: ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true });
}
