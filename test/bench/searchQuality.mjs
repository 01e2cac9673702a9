// How well search finds what is meant, on the labelled sets of test/bench/search, with intervals: what `search.mjs` prints first.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { readLabelled } from "./searchStores.mjs";

const MiniSearch = createRequire(import.meta.url)("minisearch");

/** The sets, each with the tickets that its queries are put to. */
const SETS = {
  own: {
    tickets: ["tickets.jsonl"],
    queries: "queries.jsonl",
    kinds: ["same", "synonym", "symptom", "acronym", "typo"],
  },
  terse: {
    tickets: ["tickets.jsonl", "more-tickets.jsonl"],
    queries: "terse-queries.jsonl",
    kinds: ["symptom", "synonym", "acronym", "pos", "concept"],
  },
};

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
  return { gain: ndcg(ids, relevant), hit3: rank >= 0 && rank < 3, hit10: rank >= 0 && rank < 10, named: ids.length };
}

/** Every word of the query that is in the text counts one, as with `grep -ic`. */
function grep(tickets, query) {
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

/** Wilson's interval of 95 % for a share. */
function wilson(hits, count) {
  const z = 1.96;
  const share = hits / count;
  const middle = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half = (z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))) / (1 + (z * z) / count);
  return [middle - half, middle + half];
}

/** The interval of 95 % of a mean, by 2,000 samples with replacement; always the same for the same values. */
function bootstrap(values) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const means = Array.from({ length: 2000 }, () => {
    let sum = 0;
    for (let at = 0; at < values.length; at++) sum += values[Math.floor(random() * values.length)];
    return sum / values.length;
  }).sort((left, right) => left - right);
  return [means[49], means[1949]];
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const interval = ([from, to]) => `[${from.toFixed(2)}, ${to.toFixed(2)}]`;

/** Writes a store of labelled tickets. */
export function labelledStore(dir, tickets) {
  mkdirSync(dir, { recursive: true });
  for (const { id, title, body } of tickets) {
    const front = `id: ${id}\nstatus: open\ndeps: []\nlinks: []\ncreated: 2026-01-01T00:00:00Z\ntype: task\npriority: 2`;
    writeFileSync(path.join(dir, `${id}.md`), `---\n${front}\n---\n# ${title}\n\n${body}\n`);
  }
}

/** What every method finds for every query of a set. */
async function judgeSet({ openStore, searchTickets }, dir, { tickets: files, queries: file }, half) {
  const tickets = files.flatMap(readLabelled);
  labelledStore(dir, tickets);
  const store = openStore(dir);
  const plain = new MiniSearch({ fields: ["title", "body"] });
  plain.addAll(tickets);
  const ours = (mode) => async (query) =>
    (await searchTickets(store, { query, mode, limit: 50 })).tickets.map(({ id }) => id);
  const methods = {
    grep: (query) => grep(tickets, query),
    "plain BM25": (query) => plain.search(query).map(({ id }) => id),
    keyword: ours("keyword"),
    semantic: ours("semantic"),
    hybrid: ours("hybrid"),
  };
  const queries = readLabelled(file).filter((query) => half === "all" || query.half === half);
  const judged = {};
  for (const [name, find] of Object.entries(methods)) {
    judged[name] = [];
    for (const query of queries) judged[name].push({ kind: query.kind, ...judge(await find(query.query), query) });
  }
  return { judged, count: queries.length };
}

/** Prints a table for each set. */
export async function measureQuality(library, scratch, half) {
  for (const [name, set] of Object.entries(SETS)) {
    const { judged, count } = await judgeSet(library, path.join(scratch, `labelled-${name}/.tickets`), set, half);
    if (count === 0) continue;
    const keyword = judged.keyword.map(({ hit3 }) => Number(hit3));
    console.log(`\nQuality, set ${name}, ${half}, ${count} queries: hit@3 by kind; all with intervals of 95 %\n`);
    console.log(`| | ${set.kinds.join(" | ")} | hit@3 | to keyword | hit@10 | nDCG@10 | named |`);
    console.log(`|---|${"---|".repeat(set.kinds.length + 5)}`);
    for (const [method, rows] of Object.entries(judged)) {
      const hits = (some) => some.map(({ hit3 }) => Number(hit3));
      const kinds = set.kinds.map((kind) => mean(hits(rows.filter((row) => row.kind === kind))).toFixed(2));
      const all = hits(rows);
      const gains = rows.map(({ gain }) => gain);
      const better = all.map((hit, at) => hit - keyword[at]);
      const cells = [
        `${mean(all).toFixed(2)} ${interval(wilson(mean(all) * count, count))}`,
        `${mean(better).toFixed(2)} ${interval(bootstrap(better))}`,
        mean(rows.map(({ hit10 }) => Number(hit10))).toFixed(2),
        `${mean(gains).toFixed(2)} ${interval(bootstrap(gains))}`,
        mean(rows.map(({ named }) => named)).toFixed(0),
      ];
      console.log(`| ${method} | ${[...kinds, ...cells].join(" | ")} |`);
    }
  }
}

/** Each pair alone in a store of two: whether `create` would name the ticket. */
export async function measureDuplicates({ openStore, createTicket }, scratch, half) {
  const pairs = readLabelled("pairs.jsonl").filter((pair) => half === "all" || pair.half === half);
  const byId = new Map(readLabelled("tickets.jsonl").map((ticket) => [ticket.id, ticket]));
  const dir = path.join(scratch, "pairs/.tickets");
  let right = 0;
  let wrong = 0;
  for (const { of, title, body, duplicate } of pairs) {
    rmSync(dir, { recursive: true, force: true });
    labelledStore(dir, [byId.get(of)]);
    const { similar } = await createTicket(openStore(dir), { title, description: body });
    if (similar.length > 0 && duplicate) right++;
    if (similar.length > 0 && !duplicate) wrong++;
  }
  const all = pairs.filter(({ duplicate }) => duplicate).length;
  const named = right + wrong;
  console.log(`\nDuplicates, ${half}: ${all} pairs and ${pairs.length - all} others:`);
  console.log(`precision ${(right / named).toFixed(2)} ${interval(wilson(right, named))},`);
  console.log(`recall ${(right / all).toFixed(2)} ${interval(wilson(right, all))}`);
}
