// What an inbox costs in a store of ten thousand tickets with as many commits more, beside the list that reads the same store.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { ayo, paired, run } from "./measure.mjs";
import { fileOf, makeTickets } from "./stores.mjs";

const START = 1_767_225_600;
const LIBRARY = path.resolve(import.meta.dirname, "../../dist/index.js");

/** One commit that makes all tickets, and `count` notes, a commit each: of one in `every` @coder is mentioned. */
function* commitStream(tickets, count, every) {
  const data = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const commit = (n, subject, trailers) =>
    `commit refs/heads/ayo/tickets\ncommitter Bench <bench@example.com> ${START + n} +0000\n${data(`${subject}\n\n${trailers}\n`)}`;
  yield `${commit(0, `adopt ${tickets.length} tickets`, "Actor: Bench")}from refs/heads/ayo/tickets^0\n`;
  for (const ticket of tickets) yield `M 100644 inline ${ticket.id}.md\n${data(fileOf(ticket))}`;
  for (let n = 1; n <= count; n++) {
    const ticket = tickets[n % tickets.length];
    const at = new Date((START + n) * 1000).toISOString().replace(".000", "");
    const text = `${n % every === 0 ? "@coder, " : ""}look at ${n}`;
    const note = `${fileOf(ticket)}\n## Notes\n\n**${at}** Bench\n\n${text}\n`;
    const trailers = `Ticket: ${ticket.id}\nEvent: noted\nActor: Bench`;
    yield `${commit(n, `note ${ticket.id}`, trailers)}M 100644 inline ${ticket.id}.md\n${data(note)}`;
  }
}

function makeStore(cwd, env, size, every) {
  mkdirSync(cwd);
  ayo(["init"], { cwd, env });
  const input = [...commitStream(makeTickets(size), size - 1, every)].join("");
  const dir = path.join(cwd, ".tickets");
  const child = spawnSync("git", ["fast-import", "--quiet"], { cwd: dir, env, input });
  if (child.status !== 0) throw new Error(`git fast-import: ${child.stderr}`);
  run("git", ["reset", "--quiet", "--hard"], { cwd: dir, env });
  run("git", ["gc", "--quiet"], { cwd: dir, env });
  return { dir, options: { cwd, env } };
}

/** CPU time of an inbox and of a list in one process that has done both before; medians in ms. */
function inProcess(dir, { cwd, env }) {
  const script = path.join(cwd, "inbox.mjs");
  writeFileSync(
    script,
    `import { listTickets, openStore, readInbox } from ${JSON.stringify(LIBRARY)};
const store = openStore({ dir: ${JSON.stringify(dir)} });
const took = async (work) => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
const rounds = [];
for (let n = 0; n < 30; n++)
  rounds.push([await took(() => listTickets(store, { limit: 20 })), await took(() => readInbox(store, { as: "@coder" }))]);
const median = (at) => rounds.slice(10).map((round) => round[at]).sort((a, b) => a - b)[10];
console.log(JSON.stringify({ list: median(0), inbox: median(1) }));
`,
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Rows of inboxes of a few lines, and of half the tickets. */
export function measureInbox({ scratch, env, runs, row, attempt }, size) {
  for (const every of [Math.ceil(size / 30), 2]) {
    attempt("inbox", size, () => {
      const { dir, options } = makeStore(path.join(scratch, `inbox-${every}`), env, size, every);
      const args = ["inbox", "--as", "coder"];
      const lines = Math.floor((size - 1) / every);
      ayo(args, options);
      const { ratio } = paired(() => args, options, { runs });
      row(`inbox of ${lines} lines`, size, `${ratio.toFixed(2)} × node`, "", undefined);
      const { list, inbox } = inProcess(dir, options);
      const more = inbox - list;
      const measured = `${more.toFixed(1)} ms (list ${list.toFixed(1)} ms)`;
      const isFew = every > 2;
      row(
        `inbox of ${lines} lines beside a list, in one process`,
        size,
        measured,
        isFew ? "≤ 20 ms" : "",
        isFew ? more <= 20 : undefined,
      );
    });
  }
}
