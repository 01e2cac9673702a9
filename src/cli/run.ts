import { statSync } from "node:fs";
import path from "node:path";
import { inputText } from "../actions/input/inputText.ts";
import { runPipelines } from "../actions/pipeline/engine.ts";
import { AyoError, ERROR_CODES } from "../error.ts";
import type { Host } from "../host.ts";
import { type DoneByOthers, isDoneByOthers, PENDING } from "../store/change/requests/pending.ts";
import { serveOthersOf } from "../store/change/round/others.ts";
import { locateStore, type StoreChoice } from "../store/open/locate/locate.ts";
import { keep } from "../store/open/runtime.ts";
import { openStore, type Store, storeAt } from "../store/open/store.ts";
import { isBrief } from "./ask/fits.ts";
import { othersOf } from "./ask/others.ts";
import { knownError } from "./knownError.ts";
import { paintOf } from "./print/paint.ts";
import { plain, printAnswer, printError } from "./print/print.ts";
import type { Answer, Args, Command, Context, Paint } from "./table/command.ts";
import { COMMANDS } from "./table/commandTable.ts";
import { inWordsOf, withInstead } from "./table/instead.ts";
import { parseArgs } from "./table/parseArgs.ts";
import { withTexts } from "./table/texts.ts";
import { linesWithin } from "./within.ts";
import type { Terminal } from "./world.ts";

/** Runs one command line and returns its exit status, one of those in error.ts. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  runPipelines();
  try {
    return await runLine(argv, terminal);
  } finally {
    // What is done for others ends no process.
    if (terminal.host.request === undefined) stopHelping?.(terminal.host.pid);
  }
}

async function runLine(argv: readonly string[], terminal: Terminal): Promise<number> {
  let args: Args | undefined;
  let command: Command | undefined;
  try {
    for (const word of terminal.rawWords?.() ?? []) inputText(word, "a word of the command line");
    const unseen = unseenWork(argv, terminal);
    if (unseen !== undefined) return await unseen;
    const found = await COMMANDS.find(argv);
    if (found.kind !== "command") {
      terminal.out(await textOf(found, terminal.host));
      return 0;
    }
    command = await found.load();
    args = parseArgs(command, found.rest, argv);
    if (args.flags.help) {
      const { helpText } = await import("./help.ts");
      terminal.out(await helpText(command, COMMANDS));
      return 0;
    }
    if (args.flags.fields !== undefined) await checkFields(args, command);
    const paint = await paintOf(!args.flags.json && terminal.tty.stdout, terminal.host.env);
    const context = contextOf(inDirectory(terminal, args), args, paint, isBrief(command.name));
    args = await withTexts(command, args, context);
    const answer = await command.run(context, args);
    printUnlessMade(answer, args, terminal);
    return answer.code ?? 0;
  } catch (error) {
    if (isDoneByOthers(error)) return await goOn(openStore({}, terminal.host), error, { command, args }, terminal);
    const writes = command !== undefined && "dryRun" in command.flags;
    const found = await knownError(error);
    const known = error instanceof AyoError ? withInstead(inWordsOf(found, command), argv, writes) : found;
    printError(known, args?.flags.json === true || argv.includes("--json"), terminal);
    return ERROR_CODES[known.code][0];
  }
}

/** Before anything is done, since a change would be made and its answer lost. */
async function checkFields({ flags }: Args, { fields }: Command): Promise<void> {
  const { assertFields } = await import("../actions/answers/ticketFields.ts");
  assertFields(
    [flags.fields].flat().flatMap((one) =>
      String(one)
        .split(",")
        .map((name) => name.trim()),
    ),
    "fields",
    fields,
  );
}

/** Where the answer to a change that is made cannot be printed, the change is made all the same. */
function printUnlessMade(answer: Answer, args: Args, terminal: Terminal): void {
  try {
    printAnswer(answer, args, terminal);
  } catch (error) {
    const isMade = typeof answer.json?.commit === "string" || answer.json?.deferred !== undefined;
    if (!isMade || !(error instanceof AyoError)) throw error;
    const ids = answer.ids === undefined || answer.ids.length === 0 ? "" : ` (${answer.ids.join(", ")})`;
    terminal.err(`note: the change is made${ids}, and this could not be printed: ${error.message}\n`);
  }
}

/** What is no command of anybody's: see packSometimes.ts and ask/client.ts. */
function unseenWork(argv: readonly string[], terminal: Terminal): Promise<number> | undefined {
  if (argv[0] === "__pack") return pack(String(argv[1]), terminal.host);
  return terminal.asked?.due === undefined ? undefined : publish(terminal.asked.due, terminal);
}

/** What a command has started to pack a store in its background; see packStore.ts. */
async function pack(dir: string, host: Host): Promise<number> {
  const { runPacker } = await import("../store/change/packing/packStore.ts");
  return runPacker(openStore({ dir }, host));
}

/** Runs the hooks of what another process did for this one. */
async function publish(due: readonly string[], terminal: Terminal): Promise<number> {
  const { runDue } = await import("./ask/goOn.ts");
  await runDue(openStore({}, terminal.host), due, terminal);
  return 0;
}

/** As if ayo was started in the directory of `-C`, each counted from the one before, as git has it. */
function inDirectory(terminal: Terminal, { flags }: Args): Terminal {
  const steps = Array.isArray(flags.C) ? flags.C.map(String) : [];
  if (steps.length === 0) return terminal;
  const cwd = path.resolve(terminal.host.cwd, ...steps);
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new AyoError("bad_usage", `-C '${steps.join("' -C '")}': there is no directory ${cwd}`);
  }
  return { ...terminal, host: { ...terminal.host, cwd } };
}

async function textOf({ words }: { readonly words: readonly string[] }, { env }: Host): Promise<string> {
  if (words.length > 0) return (await import("./help.ts")).overviewText(words, COMMANDS);
  const { EVERYDAY, namesText } = await import("./overview.ts");
  const isAgent =
    env.AYO_AGENT !== undefined || (await import("../store/open/identity/harness.ts")).knownHarness(env) !== undefined;
  return isAgent ? namesText() : EVERYDAY;
}

function contextOf(terminal: Terminal, args: Args, paint: Paint, brief: boolean): Context {
  const { tty } = terminal;
  // Only what goes through a store once is told how many tickets there are.
  const host = brief ? terminal.host : { ...terminal.host, onMany: undefined };
  if (!brief) terminal.goesOn?.();
  const choice = choiceOf(args);
  return {
    host,
    tty,
    get columns() {
      return terminal.columns;
    },
    get rows() {
      return terminal.rows;
    },
    store: ({ create = false } = {}) =>
      withOthers(create ? storeAt(locateStore(choice, host), host) : openStore(choice, host), terminal),
    live: (store) => {
      void helpOthers(store);
      void syncByItself(store, terminal);
      return store;
    },
    stores: () => distinct(choicesOf(args), host).map((one) => () => openStore(one, host)),
    untilSignal: terminal.untilSignal,
    choice,
    ...linesWithin(run, terminal, choice),
    streams: terminal.streams,
    stdin: terminal.stdin,
    ask: terminal.ask,
    prompt: terminal.prompt,
    paint,
    warn: (line) => terminal.err(`${line}\n`),
    err: terminal.err,
    out: terminal.out,
  };
}

/** Whoever has the lock of a store does the work of those who wait; and what was asked of others is taken back first. */
function withOthers(store: Store, { host, asked, goesOn }: Terminal): Store {
  // What is done for another process is done in the store of this one, which serves already.
  if (host.request !== undefined) return store;
  if (store.journal?.mode !== "inline") serveOthersOf(store, othersOf(store, run, { goesOn }));
  if (asked?.name !== undefined) keep(store, PENDING, asked.name);
  return store;
}

/** Takes back that this process helps others; undefined where it does not. */
let stopHelping: ((pid: number) => void) | undefined;

/** A process that goes on syncs where config.yml wants it. */
async function syncByItself(store: Store, { err }: Terminal): Promise<void> {
  const { autoSync } = await import("../store/sync/auto.ts");
  autoSync(store, { warn: (message) => err(`note: ${plain(message)}\n`) });
}

async function helpOthers(store: Store): Promise<void> {
  const help = await import("./ask/help.ts");
  stopHelping = help.stopHelping;
  help.helpOthers(store, run);
}

/** What is left to do here of what another process did for this one. */
async function goOn(
  store: Store,
  error: unknown,
  { command, args }: { readonly command: Command | undefined; readonly args: Args | undefined },
  terminal: Terminal,
): Promise<number> {
  const { tellDone } = await import("./ask/goOn.ts");
  const ids = args?.flags.quiet === true || command?.name === "ticket create";
  return tellDone(store, error as DoneByOthers, { json: args?.flags.json === true, ids }, terminal);
}

/** Which store the flags name. */
export function choiceOf({ flags }: Pick<Args, "flags">): StoreChoice {
  return {
    ...(flags.dir === undefined ? {} : { dir: String(flags.dir) }),
    ...(flags.global === true ? { global: true } : {}),
    ...(flags.session === undefined ? {} : { session: String(flags.session) }),
  };
}

/** The stores that the flags of a command name that takes several. */
function choicesOf({ flags }: Args): StoreChoice[] {
  const all = (value: Args["flags"][string]): string[] =>
    Array.isArray(value) ? value.map(String) : [String(value)].filter(() => value !== undefined);
  const named: StoreChoice[] = [
    ...all(flags.dir).map((dir) => ({ dir })),
    ...all(flags.session).map((session) => ({ session })),
    ...(flags.global === true ? [{ global: true }] : []),
  ];
  return named.length === 0 ? [{}] : named;
}

/** Two names of one store are one. */
function distinct(choices: readonly StoreChoice[], host: Host): StoreChoice[] {
  const dirOf = (choice: StoreChoice): string => {
    try {
      return locateStore(choice, host).dir;
    } catch (error) {
      // Whoever opens it will be told.
      if (error instanceof AyoError) return JSON.stringify(choice);
      throw error;
    }
  };
  return [...new Map(choices.map((choice) => [dirOf(choice), choice] as const)).values()];
}
