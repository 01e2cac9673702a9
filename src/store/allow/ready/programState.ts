import { statSync } from "node:fs";
import path from "node:path";
import type { AgentEntry } from "../../open/agents/agentTypes.ts";
import type { Store } from "../../open/store.ts";
import { inheritedBy } from "../environment.ts";
import { findProgram, whyNoProgram } from "../programs.ts";
import { type Answer, type Asking, askProgram } from "./askProgram.ts";
import { HARNESSES, type Harness } from "./harnesses.ts";

/** How ready an agent's program is. */
export interface ProgramState {
  readonly version?: string;
  /** Sentences without a subject. */
  readonly problems: readonly string[];
}

const MINUTE = 60_000;
/** What was fine is asked again after so long, and what was not sooner. */
const FINE_MS = 10 * MINUTE;
const WRONG_MS = MINUTE;

/**
 * Whether the program of an agent that is allowed here is there, whether somebody is logged in with it, and whether the
 * store is open to it in what it is wrapped in. Answers of programs are kept for a while; nothing is changed.
 */
export async function programState(store: Store, entry: AgentEntry): Promise<ProgramState> {
  const why = whyNoProgram(store, entry);
  const file = findProgram(store, entry.command[0] ?? "");
  if (why !== undefined || file === undefined) return { problems: [why ?? `${entry.name} has no command`] };
  if (entry.wrap.length > 0) return { problems: await whyClosed(store, entry) };
  const harness = HARNESSES[entry.adapter];
  if (harness === undefined) return { problems: [] };
  const env = inheritedBy(store.host, entry.env);
  const [version, problems] = await Promise.all([
    versionOf(file, entry, harness, { env, host: store.host }),
    loginOf(file, entry, harness, { env, host: store.host }),
  ]);
  return version === undefined ? { problems } : { version, problems };
}

interface Surroundings extends Omit<Asking, "wait"> {
  readonly env: Readonly<Record<string, string>>;
}

async function versionOf(file: string, { command }: AgentEntry, { version }: Harness, around: Surroundings) {
  const answer = await known(file, [...command.slice(1), ...version], around, () => true);
  return /\d+\.\d+[\w.+-]*/.exec(answer?.text ?? "")?.[0];
}

/** Of a command with words of its own nobody knows what `login status` would mean behind them. */
async function loginOf(file: string, { name, command, wrap }: AgentEntry, { login }: Harness, around: Surroundings) {
  if (command.length > 1 || wrap.length > 0) return [];
  const isFine = (answer: Answer | undefined): boolean => answer === undefined || !login.isOut(answer, around.env);
  const answer = await known(file, login.words, around, isFine);
  return isFine(answer) ? [] : [`${name} is not logged in here: ${login.how}`];
}

/** Looks into the store from inside of what a program is wrapped in. */
const LOOK = 'if [ -w "$1" ]; then echo ayo-open; else echo ayo-closed; fi';

async function whyClosed(store: Store, { name, wrap, env }: AgentEntry): Promise<readonly string[]> {
  const [program = "", ...words] = wrap;
  const file = findProgram(store, program);
  if (file === undefined) return [];
  const isFine = (answer: Answer | undefined): boolean => answer?.text.includes("ayo-closed") !== true;
  const around = { env: inheritedBy(store.host, env), host: store.host, cwd: path.dirname(store.dir) };
  const look = [...words, "sh", "-c", LOOK, "sh", store.dir];
  const answer = await known(file, look, around, isFine);
  return isFine(answer) ? [] : [`${store.dir} cannot be written in what ${name} is wrapped in (${wrap.join(" ")})`];
}

interface Known {
  readonly answer: Promise<Answer | undefined>;
  /** Until when it is good, on the clock of this process. */
  until: number;
}

const answers = new Map<string, Known>();

/** A program's answer, asked for once as long as it is the same file and not too long ago. */
function known(
  file: string,
  words: readonly string[],
  { env, ...asking }: Surroundings,
  isFine: (answer: Answer | undefined) => boolean,
): Promise<Answer | undefined> {
  const { mtimeMs, size } = statSync(file);
  const key = [file, mtimeMs, size, ...words].join("\0");
  const kept = answers.get(key);
  if (kept !== undefined && performance.now() < kept.until) return kept.answer;
  const asked: Known = { answer: askProgram(file, words, env, asking), until: Number.POSITIVE_INFINITY };
  answers.set(key, asked);
  void asked.answer.then((answer) => {
    asked.until = performance.now() + (isFine(answer) ? FINE_MS : WRONG_MS);
  });
  return asked.answer;
}
