import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { claim } from "../../actions/claim.ts";
import { goneParts } from "../../actions/delegation/goneParts.ts";
import { invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { momentNow, processIdentity } from "../../processes.ts";
import { inheritedBy } from "../../store/allow/environment.ts";
import { wordsOf } from "../../store/allow/programs.ts";
import { readTicketText } from "../../store/disk/readFile.ts";
import { readStore } from "../../store/disk/view.ts";
import type { AgentEntry, AgentsConfig } from "../../store/open/agents/agentTypes.ts";
import { columnPromptFor, textOf } from "../../store/open/agents/columnPrompt.ts";
import { modePrompt } from "../../store/open/agents/modePrompt.ts";
import { openStore, type Store } from "../../store/open/store.ts";
import { writePrivate } from "../../store/open/writePrivate.ts";
import { keepSchema } from "../../store/runs/keptSchema.ts";
import { type RunRecord, readRun, runFile, runFolder, writeRun } from "../../store/runs/record.ts";
import { namesNeeded } from "../../ticket/rules/verify.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { Launch } from "../adapters/adapter.ts";
import { adapterOf } from "../adapters/adapters.ts";
import { outputsFor, repairText, schemaOf } from "../output/expected.ts";
import type { Work } from "../work.ts";
import { endRun } from "./endRun.ts";
import { ownVariables, pathWith } from "./environment.ts";
import { followed } from "./followRun.ts";
import type { KnownNotes, LiveRun } from "./liveRun.ts";
import { logAyo } from "./logRun.ts";
import { partsOver } from "./parts.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { type ColumnText, promptFor, readOwnPrompt } from "./prompt.ts";
import { assertStillAllowed } from "./stillAllowed.ts";
import { notesInPrompt, sayFirst } from "./talk.ts";

/**
 * Prepares what a run that is claimed needs, and starts its program. Where that cannot be done the run ends, and its
 * ticket is given back. Undefined where nothing was started.
 */
export async function launchRun(
  work: Work,
  record: RunRecord,
  entry: AgentEntry,
  config: AgentsConfig,
): Promise<LiveRun | undefined> {
  try {
    const prepared = await prepare(work, record, entry, config);
    const known = writeRun(work.store, { ...record, ...prepared.known });
    await claimFrom(work, known, prepared.dir);
    const own = entry.prompt === undefined ? undefined : readOwnPrompt(work.store, entry, entry.prompt);
    const wanted = record.isReview ? undefined : (await readStore(work.store)).byId.get(record.ticket)?.fields.mode;
    const mode = record.isReview ? undefined : modePrompt(work.store, wanted);
    const column = await columnTells(work.store, known);
    const prompts = [own, column?.text, mode?.isOwn ? mode.text : undefined].filter((text) => text !== undefined);
    await assertStillAllowed(work.store, { entry, config, prompts });
    const told = await writePrompt(work, known, { entry, config, own, column, mode: mode?.text });
    // Who plans changes nothing.
    const held = wanted === "plan" ? { ...entry, access: "read" as const } : entry;
    return await spawned(work, { ...known, parts: told.parts }, held, { ...prepared, ...told });
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    const run = followed(record, entry, []);
    run.isGone = true;
    run.stop = { outcome: "failed", why: `could not be started: ${error.message}`, isOutside: true };
    const { outcome, why } = await endRun(work, run);
    const { ticket, n, agent } = record;
    work.tell({ what: "ended", ticket, n, agent, text: `${outcome}: ${why}` });
    return undefined;
  }
}

/** Claims again where the program will be: its commands hold the claim then without any variable, and lists show its branch. */
async function claimFrom({ store }: Work, { ticket, token, isReview, branch }: RunRecord, dir: string): Promise<void> {
  if (isReview || branch === undefined) return;
  const host = { ...store.host, cwd: dir, env: { ...store.host.env, AYO_CLAIM: token } };
  const there = openStore({ dir: store.dir }, host);
  await invoke(claim, there, { ids: [ticket], claim: token });
}

async function writePrompt(
  { store }: Work,
  record: RunRecord,
  {
    entry,
    config,
    own,
    column,
    mode,
  }: {
    readonly entry: AgentEntry;
    readonly config: AgentsConfig;
    readonly own: string | undefined;
    readonly column: ColumnText | undefined;
    readonly mode: string | undefined;
  },
): Promise<Told> {
  const view = await readStore(store);
  const ticket = view.byId.get(record.ticket);
  if (ticket === undefined) throw new AyoError("not_found", `${record.ticket} is gone`);
  const { branch, isReview, isResumed } = record;
  const page = readTicketText(store.dir, ticket.path);
  const repair = repairFor(store, record, ticket);
  const isAnswer = repair !== undefined && isResumed;
  const gone = await goneParts(store, view)(ticket.id);
  const names = namesNeeded(view.board, ticket, [...config.verify.keys()]);
  // Whoever goes on in its session knows the rest.
  const text = isAnswer
    ? `${repair}\n`
    : promptFor(view, entry, {
        own,
        column,
        mode,
        ticket,
        text: page,
        branch,
        isReview,
        isResumed: isResumed || record.tries > 1,
        outputs: await outputsFor(store, view, { ticket, gone }, record),
        gone,
        repair,
        verify: names.map((name) => `${name}: ${config.verify.get(name)?.run ?? "which agents.yml does not have"}`),
      });
  writePrivate(runFile(store, record, "prompt.md"), text);
  return { text, notes: notesInPrompt(store, record, ticket, page), parts: partsOver(view, ticket.id) };
}

/** What the column tells where a ticket stood when its run was chosen, or where that tells nothing, the one it is in. */
async function columnTells(store: Store, { ticket: id, column }: RunRecord): Promise<ColumnText | undefined> {
  const { board, byId } = await readStore(store);
  const prompt = columnPromptFor(store, board, [column, byId.get(id)?.status]);
  return prompt && { file: prompt.file, text: textOf(prompt) };
}

/** What an agent begins with. */
interface Told {
  readonly text: string;
  readonly notes: KnownNotes;
  readonly parts: readonly string[];
}

/** The schema that a program is handed which holds its answer to it. It is kept: its agent may change the store's. */
async function schemaFor(store: Store, record: RunRecord): Promise<unknown> {
  const found = (await readStore(store)).byId.get(record.ticket);
  const schema = found && schemaOf(store, found);
  if (schema !== undefined) keepSchema(store, record, schema);
  return schema?.value;
}

/** What an agent is told that is asked once more for its answer. */
function repairFor(store: Store, { ticket: id, repairOf }: RunRecord, ticket: Ticket): string | undefined {
  const rejected = repairOf === undefined ? undefined : readRun(store, { ticket: id, n: repairOf })?.rejected;
  return rejected && repairText(rejected, schemaOf(store, ticket));
}

/** Starts the program apart from this process, so that it lives on when this one is gone. */
async function spawned(work: Work, record: RunRecord, entry: AgentEntry, prepared: Prepared & Told): Promise<LiveRun> {
  const { store, person, ayo } = work;
  const adapter = adapterOf(entry.adapter);
  const own = ownVariables(record, { storeDir: store.dir, person });
  const schema = record.isReview ? undefined : await schemaFor(store, record);
  const session = record.session ?? record.run;
  // As they were allowed: in the worktree there may be others of these names.
  const [command, wrap] = [wordsOf(store, entry.command, prepared.dir), wordsOf(store, entry.wrap, prepared.dir)];
  const launch = adapter.launch({
    entry: { ...entry, command, wrap },
    dir: prepared.dir,
    storeDir: store.dir,
    gitDirs: prepared.gitDirs,
    session,
    isResumed: record.isResumed,
    ayo,
    own,
    runDir: runFolder(store, record),
    ...(schema === undefined ? {} : { schema }),
  });
  const inherited = inheritedBy(store.host, entry.env);
  const bin = writeProgram(work, record);
  const env = { ...inherited, ...launch.env, ...own, PATH: pathWith(bin, inherited), PWD: prepared.dir };
  // Should this process end between the start and what follows, the program is found by its AYO_RUN.
  const started = writeRun(store, { ...record, ...(adapter.choosesSession ? { session } : {}) });
  for (const [file, text] of Object.entries(launch.files)) writePrivate(file, text);
  const isHearing = adapter.hears !== undefined;
  const child = startProgram(work, started, launch, { dir: prepared.dir, env, isHearing });
  const pid = await pidOf(child, launch);
  await sayFirst({ child, adapter }, prepared.text);
  // This process may end before the program does.
  child.unref();
  const running = writeRun(store, {
    ...started,
    state: "running",
    child: processIdentity(pid),
    started: new Date(store.host.now()).toISOString(),
    since: momentNow(),
  });
  logAyo(store, running, `started ${launch.argv[0]} in ${prepared.dir}`);
  return Object.assign(followed(running, entry, prepared.secrets, child), { notes: prepared.notes });
}

/** `ayo`, as this process was started, for a program on whose PATH there may be none. */
function writeProgram({ store, ayo }: Work, record: RunRecord): string {
  const bin = path.join(runFolder(store, record), "bin");
  const words = ayo.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  mkdirSync(bin, { recursive: true, mode: 0o700 });
  const file = path.join(bin, "ayo");
  writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o700 });
  chmodSync(file, 0o700);
  return bin;
}

/** Writes down how the program ended: of one that was adopted nobody else would know. */
const WRAPPER = '"$@"; code=$?; printf %s "$code" > "$0.new" && mv "$0.new" "$0"; exit "$code"';

function startProgram(
  { store }: Work,
  record: RunRecord,
  { argv }: Launch,
  {
    dir,
    env,
    isHearing,
  }: { readonly dir: string; readonly env: Readonly<Record<string, string>>; readonly isHearing: boolean },
): ChildProcess {
  const handles = [
    openSync(runFile(store, record, "prompt.md"), "r"),
    ...(["out", "err"] as const).map((name) => openSync(runFile(store, record, name), "a", 0o600)),
  ];
  try {
    const words = ["-c", WRAPPER, runFile(store, record, "exit"), ...argv];
    // Once this process is gone nothing more is said: a program that hears ends its work, and then itself.
    const stdio = isHearing ? ["pipe" as const, ...handles.slice(1)] : handles;
    return spawn("/bin/sh", words, { cwd: dir, env, detached: true, stdio });
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}

/** @throws bad_config for what cannot be started */
function pidOf(child: ChildProcess, { argv }: Launch): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) =>
      reject(new AyoError("bad_config", `${argv[0]} could not be started: ${error.message}`)),
    );
    child.once("spawn", () => resolve(child.pid as number));
  });
}
