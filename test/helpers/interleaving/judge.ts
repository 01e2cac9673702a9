import path from "node:path";
import { doctor } from "../../../src/actions/doctor/doctor.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { addNote, listTickets } from "../../../src/index.ts";
import { lineHistory } from "../lineHistory.ts";
import { ticketFiles } from "./files.ts";
import { branchWrong, commitWrong, edited, type Memory, told as toldWrong, withoutReturns } from "./judgeHistory.ts";
import type { Stage, Told } from "./stage.ts";

/** Refusals that follow from what others did before. */
const REFUSALS = [
  "ambiguous_id",
  "blocked",
  "claimed",
  "conflict",
  "cycle",
  "git_busy",
  "lost_claim",
  "not_found",
  "open_children",
  "transition_refused",
];

/** Doctor tells of what was deleted while others name it. */
const EXPECTED_FINDINGS = /^dangling_/;

/** Judges a store in which nobody is at work any more; what is wrong, in sentences. */
export async function judge(stage: Stage, memory: Memory): Promise<string[]> {
  const { store, told, hands, gits } = stage;
  memory.told.push(...told);
  for (const [token, id] of hands.written) memory.written.set(token, id);
  for (const [token, id] of gits.pulled) memory.written.set(token, id);
  const wrong = told.flatMap((one) => answerWrong(one, hands.broke));
  wrong.push(...(await nextCommandWrong(stage)));
  await gits.goHome();
  wrong.push(...(await stateWrong(stage)));
  const prefix = path.relative(store.repo, store.tickets);
  const commits = withoutReturns(lineHistory(store.repo, prefix === "" ? "." : prefix));
  wrong.push(...toldWrong(memory, commits), ...edited(memory, commits), ...branchWrong(store.repo, memory, commits));
  wrong.push(...commits.flatMap((commit) => commitWrong(hands.deleted, memory, commit)));
  told.length = 0;
  hands.written.clear();
  gits.pulled.clear();
  hands.broke = false;
  return wrong;
}

/** A command ends well, or is refused for a reason that it names. */
function answerWrong({ ended, code, script }: Told, broke: boolean): string[] {
  const isMeant = code === undefined || REFUSALS.includes(code) || (broke && code === "bad_ticket");
  return isMeant ? [] : [`'${script}' ended with ${code}: ${ended.stderr}`];
}

/** The next command needs no help, and leaves nothing behind. */
async function nextCommandWrong({ store }: Stage): Promise<string[]> {
  try {
    const { commit, deferred } = await addNote(store.open(), { id: "t-0", text: "The next command", as: "@next" });
    return commit !== null && deferred === undefined ? [] : [`the next command is deferred: ${deferred}`];
  } catch (error) {
    return [`the next command fails: ${(error as Error).stack}`];
  }
}

/** Git and doctor find nothing, every ticket is read, and each id is there once. */
async function stateWrong({ store }: Stage): Promise<string[]> {
  const wrong: string[] = [];
  try {
    store.judge();
  } catch (error) {
    wrong.push((error as Error).message);
  }
  const { tickets, problems } = await listTickets(store.open(), { all: true });
  for (const problem of problems) wrong.push(`not read: ${JSON.stringify(problem)}`);
  const listed = tickets.map(({ id }) => id).sort();
  if (new Set(listed).size < listed.length) wrong.push(`ids are there twice: ${listed.join(" ")}`);
  const files = ticketFiles(store.tickets).map((file) => path.basename(file, ".md"));
  if (listed.join() !== files.sort().join()) wrong.push(`listed: ${listed.join(" ")}; files: ${files.join(" ")}`);
  const { findings } = await invoke(doctor, store.open(), {});
  const unexpected = findings.filter(({ code }) => !EXPECTED_FINDINGS.test(code));
  return [...wrong, ...unexpected.map((finding) => `doctor: ${JSON.stringify(finding)}`)];
}
