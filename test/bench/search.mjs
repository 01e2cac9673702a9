// `node test/bench/search.mjs`: how well search finds what is meant, and what it costs. Prints markdown tables.
// Options: --half dev (default), held-out or all   --sizes 1000,10000   --runs 11   --quality (no costs)
// The labels are in test/bench/search; weights and thresholds are settled on the development half only.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ayo, benchEnv, median, paired, peakMemory, run } from "./measure.mjs";
import { readLabelled, writeSearchStore } from "./searchStores.mjs";

const MiniSearch = createRequire(import.meta.url)("minisearch");
const { openStore, searchTickets, currentHost, keepView } = await import("../../dist/index.js");

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
const inHalf = ({ half }) => flags.half === "all" || half === flags.half;
const tickets = readLabelled("tickets.jsonl");
const KINDS = ["same", "synonym", "symptom", "acronym", "typo"];

/** Discounted cumulative gain of the first ten, against the best order there is. */
function ndcg(ids, relevant) {
  const gain = (grade, at) => (2 ** grade - 1) / Math.log2(at + 2);
  const sum = ids.slice(0, 10).reduce((total, id, at) => total + gain(relevant[id] ?? 0, at), 0);
  const best = Object.values(relevant).sort((left, right) => right - left);
  return sum / best.slice(0, 10).reduce((total, grade, at) => total + gain(grade, at), 0);
}

/** What a method scores on one query; a hit is a ticket of grade 2 or 3. */
function judge(ids, { relevant }) {
  const rank = ids.findIndex((id) => (relevant[id] ?? 0) >= 2);
  const hit = (limit) => (rank >= 0 && rank < limit ? 1 : 0);
  return [ndcg(ids, relevant), hit(1), hit(3), hit(10)];
}

const mean = (rows) => rows[0].map((_, at) => (rows.reduce((sum, row) => sum + row[at], 0) / rows.length).toFixed(2));

/** Every word of the query that is in the text counts one, as with `grep -ic`. */
function grep(query) {
  const words = query.toLowerCase().split(/\s+/);
  const counted = tickets.map(({ id, title, body }) => {
    const text = `${title} ${body}`.toLowerCase();
    return { id, count: words.filter((word) => text.includes(word)).length };
  });
  return counted
    .filter(({ count }) => count > 0)
    .sort((left, right) => right.count - left.count)
    .map(({ id }) => id);
}

/** A store of the labelled tickets. */
function labelledStore() {
  const dir = path.join(scratch, "labelled/.tickets");
  mkdirSync(dir, { recursive: true });
  for (const { id, title, body } of tickets) {
    const front = `id: ${id}\nstatus: open\ndeps: []\nlinks: []\ncreated: 2026-01-01T00:00:00Z\ntype: task\npriority: 2`;
    writeFileSync(path.join(dir, `${id}.md`), `---\n${front}\n---\n# ${title}\n\n${body}\n`);
  }
  return openStore({ dir }, currentHost({ env, cwd: scratch }));
}

async function measureQuality() {
  const store = labelledStore();
  const plain = new MiniSearch({ fields: ["title", "body"] });
  plain.addAll(tickets);
  const ours = (type) => async (query) =>
    (await searchTickets(store, { query, type, limit: 50 })).tickets.map(({ id }) => id);
  const methods = {
    grep,
    "plain BM25": (query) => plain.search(query).map(({ id }) => id),
    keyword: ours("keyword"),
    semantic: ours("semantic"),
    hybrid: ours("hybrid"),
  };
  const queries = readLabelled("queries.jsonl").filter(inHalf);
  console.log(`Quality, ${flags.half} half, ${queries.length} queries: nDCG@10, hit@1 / hit@3 / hit@10\n`);
  console.log(`| | ${KINDS.join(" | ")} | synonym, symptom, acronym | all |\n|---|${"---|".repeat(KINDS.length + 2)}`);
  for (const [name, find] of Object.entries(methods)) {
    const judged = [];
    for (const query of queries) judged.push({ kind: query.kind, scores: judge(await find(query.query), query) });
    const cell = (kinds) => {
      const [gain, ...hits] = mean(judged.filter(({ kind }) => kinds.includes(kind)).map(({ scores }) => scores));
      return `${gain}, ${hits.join(" / ")}`;
    };
    const cells = [...KINDS.map((kind) => cell([kind])), cell(["synonym", "symptom", "acronym"]), cell(KINDS)];
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
}

/** Each pair alone in a store of two: whether `create` would name the ticket. */
async function measureDuplicates() {
  const pairs = readLabelled("pairs.jsonl").filter(inHalf);
  const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const { createTicket } = await import("../../dist/index.js");
  const dir = path.join(scratch, "pairs/.tickets");
  let right = 0;
  let wrong = 0;
  for (const { of, title, body, duplicate } of pairs) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    const ticket = byId.get(of);
    writeFileSync(
      path.join(dir, `${of}.md`),
      `---\nid: ${of}\nstatus: open\n---\n# ${ticket.title}\n\n${ticket.body}\n`,
    );
    const store = openStore({ dir }, currentHost({ env, cwd: scratch }));
    const { similar } = await createTicket(store, { title, description: body });
    if (similar.length > 0 && duplicate) right++;
    if (similar.length > 0 && !duplicate) wrong++;
  }
  const all = pairs.filter(({ duplicate }) => duplicate).length;
  const precision = (right / (right + wrong)).toFixed(2);
  console.log(`\nDuplicates, ${flags.half} half: ${all} pairs and ${pairs.length - all} others: `);
  console.log(`precision ${precision} (aim ≥ 0.90), recall ${(right / all).toFixed(2)} (aim ≥ 0.60)`);
}

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
    const { ratio, over } = paired(() => [...query, "--type", type], options, { runs });
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
      await searchTickets(store, { query: `login fails after the token expired ${n}`, type });
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
  await measureQuality();
  await measureDuplicates();
  if (!flags.quality) {
    const bare = median(Array.from({ length: runs }, () => run(process.execPath, ["-e", "0"], { env }).ms));
    console.log(`\nCost, medians of ${runs} pairs with \`node -e 0\` (${bare.toFixed(0)} ms)\n`);
    console.log("| | tickets | measured | budget |\n|---|---|---|---|");
    for (const size of flags.sizes.split(",").map(Number)) await measureLive(measureCost(size));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
