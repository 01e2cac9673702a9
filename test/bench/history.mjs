// A store with a long history: what asking for one ticket's costs, the first time and then.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { ayo, paired, run } from "./measure.mjs";
import { fileOf, makeTickets } from "./stores.mjs";

const STATUSES = ["open", "in_progress", "in_review", "closed"];
const START = 1_767_225_600;

/** The commits, each of which changes one ticket, as `git fast-import` reads them. */
function* commitStream(tickets, commits) {
  const data = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const commit = (n, subject, trailers) =>
    `commit refs/heads/ayo/tickets\ncommitter Bench <bench@example.com> ${START + n * 60} +0000\n${data(`${subject}\n\n${trailers}\n`)}`;
  const file = (ticket) => `M 100644 inline ${ticket.id}.md\n${data(fileOf(ticket))}`;
  yield `${commit(0, `adopt ${tickets.length} tickets`, "Actor: Bench")}from refs/heads/ayo/tickets^0\n`;
  for (const ticket of tickets) yield file(ticket);
  for (let n = 1; n < commits; n++) {
    const ticket = tickets[(n * 7919) % tickets.length];
    const round = Math.floor(n / tickets.length);
    ticket.status = STATUSES[round % 4];
    ticket.priority = round % 5;
    const trailers = `Ticket: ${ticket.id}\nEvent: moved\nActor: @agent-${n % 8}`;
    yield commit(n, `move to ${ticket.status}: ${ticket.id}: ${ticket.title}`, trailers) + file(ticket);
  }
}

/** Makes a store of `size` tickets and `commits` commits in one pack, as `git gc` leaves it. */
function makeHistory(cwd, env, size, commits) {
  const dir = path.join(cwd, ".tickets");
  mkdirSync(cwd);
  ayo(["init"], { cwd, env });
  const tickets = makeTickets(size);
  const input = [...commitStream(tickets, commits)].join("");
  const child = spawnSync("git", ["fast-import", "--quiet"], { cwd: dir, env, input });
  if (child.status !== 0) throw new Error(`git fast-import: ${child.stderr}`);
  run("git", ["reset", "--quiet", "--hard"], { cwd: dir, env });
  run("git", ["gc", "--quiet"], { cwd: dir, env });
  return { dir, options: { cwd, env }, id: tickets[(3 * 7919) % size].id };
}

/** Rows of `history` and `show --at` at `commits` commits. */
export function measureHistory({ scratch, env, runs, row, attempt }, commits) {
  const name = `history-${commits}`;
  attempt("history", commits, () => {
    const { dir, options, id } = makeHistory(path.join(scratch, name), env, 1000, commits);
    rmSync(path.join(dir, ".git/ayo/history.table"), { force: true });
    const { ms } = ayo(["ticket", "history", id], options);
    row("history of a ticket, first time (commits)", commits, `${(ms / 1000).toFixed(1)} s`, "≤ 4 s", ms <= 4000);
    const cases = [
      ["history of a ticket (commits)", ["ticket", "history", id], 2],
      ["history --limit 20 of all (commits)", ["ticket", "history", "--limit", "20"], 2],
      ["show --at (commits)", ["ticket", "show", id, "--at", "2026-01-03"], undefined],
    ];
    for (const [what, args, limit] of cases) {
      const { over, ratio } = paired(() => args, options, { runs });
      const budget = limit === undefined ? "" : `≤ ${limit} × node`;
      row(what, commits, `${ratio.toFixed(2)} × node (+${over.toFixed(0)} ms)`, budget, limit && ratio <= limit);
    }
  });
}
