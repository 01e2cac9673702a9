// Changes the ticket argv[3] of the store argv[2] again and again, argv[5] commands of the repertoire argv[4] in all, and
// prints a JSON line for each: how it ended, after how many answers that the store is busy, and the note that it made. Half of the notes are made by the command line,
// everything else by the built library, with a store of its own for each command.
import { spawn } from "node:child_process";
import path from "node:path";
import {
  addNote,
  applyBatch,
  archiveTickets,
  claimTickets,
  closeTickets,
  createTicket,
  linkTickets,
  openStore,
  releaseTickets,
  renewClaims,
  reopenTickets,
  unlinkTickets,
  updateTickets,
} from "../../dist/index.js";

const [, , dir, id, repertoire, commands] = process.argv;
const CLI = path.resolve(import.meta.dirname, "../../dist/cli/ayo.cjs");
const as = `@${repertoire}`;
let count = 0;
let other = "";

/** The same answer as the library's, from a process that runs one command. */
function commandLine(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, "--dir", dir, "--as", as, ...args, "--json"], {
      cwd: path.dirname(dir),
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (err += chunk));
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(out));
      else reject(Object.assign(new Error(err), { code: code === 3 ? "store_busy" : `exit ${code}` }));
    });
  });
}

const note = () => {
  const text = `note ${count} by ${repertoire}.`;
  const made = count % 4 < 2 ? addNote(open(), { id, text, as }) : commandLine(["ticket", "note", id, text]);
  return [text, made];
};
const open = () => openStore({ dir });
const priority = () => ["", updateTickets(open(), { ids: [id], priority: String(count % 5), as })];
const make = async () => {
  const answer = await createTicket(open(), { title: `Other ${count} of ${repertoire}`, as });
  other = answer.ticket.id;
  return answer;
};

const REPERTOIRES = {
  // Whatever state the ticket is in, none of these is refused.
  talker: [
    note,
    priority,
    note,
    () => ["", make()],
    () => ["", linkTickets(open(), { ids: [id, other], as })],
    () => {
      const text = `note ${count} by ${repertoire}.`;
      const operations = [
        { op: "note", id, text },
        { op: "update", ids: [other], priority: 1 },
      ];
      return [text, applyBatch(open(), { operations, as })];
    },
    () => ["", unlinkTickets(open(), { ids: [id, other], as })],
  ],
  mover: [
    () => ["", closeTickets(open(), { ids: [id], as })],
    note,
    () => ["", reopenTickets(open(), { ids: [id], as })],
  ],
  agent: [
    () => ["", claimTickets(open(), { ids: [id], as })],
    note,
    () => ["", renewClaims(open(), { ids: [id], lease: `${20 + count}m`, as })],
    () => ["", releaseTickets(open(), { ids: [id], as })],
  ],
  archiver: [
    () => ["", make()],
    () => ["", closeTickets(open(), { ids: [other], as })],
    note,
    () => ["", updateTickets(open(), { ids: [other], set: { closed: "2020-01-01T00:00:00Z" }, as })],
    () => ["", archiveTickets(open(), { as })],
  ],
};

/** What a command answers in the end, and how often the store was busy before. */
async function patiently(command) {
  for (let busy = 0; ; busy++) {
    const [text, made] = command();
    const begin = performance.now();
    const told = { command: `${repertoire} ${count}`, note: text, busy };
    const ms = () => Math.round(performance.now() - begin);
    try {
      const { commit, deferred } = await made;
      return { ...told, ms: ms(), commit, deferred };
    } catch (error) {
      if (error.code !== "store_busy" || busy === 1)
        return { ...told, ms: ms(), code: error.code ?? "internal", message: error.stack };
    }
  }
}

// Whoever started it is gone.
process.stdin.resume().on("end", () => process.exit(1));
process.stdin.unref?.();

for (; count < Number(commands); count++) {
  const command = REPERTOIRES[repertoire][count % REPERTOIRES[repertoire].length];
  console.log(JSON.stringify(await patiently(command)));
}
