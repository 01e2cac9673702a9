import type { VerbName } from "../../actions/verbs.ts";
import { type Command, type CommandTable, type Found, type LoadCommand, TICKET_WORDS } from "./command.ts";
import { FACES } from "./faces.ts";
import { INNER_COMMANDS, OWN_COMMANDS } from "./ownCommands.ts";
import { suggestion, unknown, unknownCommand, unknownTicketVerb } from "./unknownVerb.ts";

/** Where a verb stands: after `ayo ticket`, or after `ayo` alone. */
type Place = "ticket" | "ayo";

/** Flags before the verb that are followed by their value. */
const WITH_VALUE = ["--dir", "--session", "--as", "--fields", "-C"];

/** And those that have none. */
const WITHOUT_VALUE = ["--json", "--quiet", "-q", "--global", "--help", "-h"];

/** Asked for without a verb. */
const VERSION_FLAGS = ["--version", "-v", "-V"];

/** Names that verbs have only after `ayo ticket dep`. */
const DEP_NAMES: Readonly<Record<string, string>> = { rm: "remove", cycles: "cycle" };

/** The table of verbs; what is written by hand is found without it. */
async function rows() {
  return (await import("../../actions/verbs.ts")).ROWS;
}

/** Every command's name and loader, `ticket close` like `init`: the verbs, then what is no verb. */
async function allCommands(): Promise<ReadonlyMap<string, LoadCommand>> {
  const verbs = [...(await rows())].flatMap(([name, { cli }]) => {
    if (cli === undefined) return [];
    const line = lineOf(cli, name);
    return [[line, handwritten(line) ?? derived(name)] as const];
  });
  const own = Object.keys(OWN_COMMANDS).map((line) => [line, handwritten(line) as LoadCommand] as const);
  return new Map([...verbs, ...own]);
}

/** Other names of commands: `ticket done` of `ticket close`. */
async function aliases(): Promise<ReadonlyMap<string, string>> {
  const pairs = [...(await rows())].flatMap(([name, { cli, aliases: others = [] }]) =>
    cli === undefined ? [] : others.map((other) => [lineOf(cli, other), lineOf(cli, name)] as const),
  );
  return new Map(pairs);
}

/** All commands; handed to those that tell of them, which could not import this file without a circle. */
export const COMMANDS: CommandTable = { all: allCommands, find: findCommand, aliases };

/** The words that call a verb. */
function lineOf(place: Place, name: string): string {
  return place === "ticket" ? `ticket ${name}` : name;
}

/** The command of these words, where it is written by hand. */
function handwritten(line: string): LoadCommand | undefined {
  if (Object.hasOwn(FACES, line)) return FACES[line as keyof typeof FACES];
  if (Object.hasOwn(INNER_COMMANDS, line)) return INNER_COMMANDS[line];
  const own = Object.hasOwn(OWN_COMMANDS, line) ? OWN_COMMANDS[line] : undefined;
  return own === undefined ? undefined : () => own(COMMANDS);
}

/** The command that is made from a verb's row and its action. */
function derived(name: VerbName): LoadCommand {
  return () => import("./defaultCommand.ts").then((m) => m.defaultCommand(name));
}

/** The command of a verb by its name, or another. */
async function commandAt(place: Place, name: string): Promise<LoadCommand | undefined> {
  const command = handwritten(lineOf(place, name));
  if (command !== undefined) return command;
  const there = [...(await rows())].filter(([, { cli }]) => cli === place);
  const [verb] = there.find(([one]) => one === name) ?? there.find(([, row]) => row.aliases?.includes(name)) ?? [];
  return verb === undefined ? undefined : (handwritten(lineOf(place, verb)) ?? derived(verb));
}

/**
 * Finds the command that a line calls; flags before the verb are kept for it.
 * @throws bad_usage for a verb that there is not
 */
async function findCommand(argv: readonly string[]): Promise<Found> {
  const [early, words] = await splitEarlyFlags(argv);
  const [first, ...rest] = words;
  if (first === undefined) return withoutVerb(early);
  if (TICKET_WORDS.includes(first)) return ticketCommand(early, rest);
  const found = await topCommand(early, first, rest);
  if (found !== undefined) return found;
  if (first === "dep" || (await commandAt("ticket", first)) !== undefined)
    throw unknown(`ayo ${first}`, ["ayo", "ticket", ...words], `'${first}' is a verb of 'ayo ticket'`);
  const groups = new Set([...(await allCommands()).keys()].map((line) => line.split(" ")[0] as string));
  throw unknownCommand(first, rest, [...groups]);
}

/** Flags alone: they ask for the version or for help, or are wrong. */
function withoutVerb(flags: readonly string[]): Found {
  const rest = flags.filter((word) => !VERSION_FLAGS.includes(word));
  if (rest.length < flags.length) return own("version", rest);
  if (flags.every((word) => word === "--help" || word === "-h")) return { kind: "help", words: [] };
  return own("help", rest);
}

/** A command that is no verb. */
function own(name: string, rest: readonly string[]): Found {
  return { kind: "command", load: handwritten(name) as LoadCommand, rest };
}

async function topCommand(
  early: readonly string[],
  first: string,
  rest: readonly string[],
): Promise<Found | undefined> {
  const [verb = "", ...after] = rest;
  const inGroup = handwritten(`${first} ${verb}`);
  if (inGroup !== undefined) return { kind: "command", load: inGroup, rest: [...early, ...after] };
  const load = await commandAt("ayo", first);
  if (load !== undefined) return { kind: "command", load, rest: [...early, ...rest] };
  const other = await commandAt("ayo", `${first} ${verb}`);
  if (other !== undefined) return { kind: "command", load: other, rest: [...early, ...after] };
  const verbs = await linesAfter(`${first} `);
  if (verbs.length === 0) return undefined;
  if (verb === "help") return own("help", [...early, first, ...after]);
  if (verb === "" || verb === "--help" || verb === "-h") return { kind: "help", words: [first] };
  throw unknown(`ayo ${first} ${verb}`, ["ayo", first, "--help"], suggestion(verb, verbs));
}

async function ticketCommand(early: readonly string[], words: readonly string[]): Promise<Found> {
  const [verb, ...rest] = words;
  if (verb === undefined || verb.startsWith("-")) return ticketWithoutVerb(early, words);
  if (verb === "help") return own("help", [...early, ...(rest.some(isWord) ? rest : ["ticket", ...rest])]);
  if (verb === "dep" || verb === "deps") return depCommand(early, rest);
  const load = await commandAt("ticket", verb);
  if (load !== undefined)
    return { kind: "command", load: verb === "edit" ? editOr(rest) : load, rest: [...early, ...rest] };
  const others = [...(await aliases()).keys()].flatMap((line) => withoutStart(line, "ticket "));
  const known = [...(await linesAfter("ticket ")), ...others];
  throw unknownTicketVerb(verb, rest, known);
}

/** Flags stand before the verb, or `list` is meant. */
async function ticketWithoutVerb(early: readonly string[], words: readonly string[]): Promise<Found> {
  const late = words.length === 0 ? undefined : await verbAfterFlags(words, isTicketVerb, await takesValueInList());
  if (late !== undefined) return ticketCommand([...early, ...late[0]], late[1]);
  if (words.includes("--help") || words.includes("-h")) return { kind: "help", words: ["ticket"] };
  return { kind: "command", load: handwritten("ticket list") as LoadCommand, rest: [...early, ...words] };
}

/** `edit`, or `update` where its flags say what to change. */
function editOr(rest: readonly string[]): LoadCommand {
  return async () => {
    const [edit, update] = await Promise.all(
      ["edit", "update"].map((name) => (handwritten(`ticket ${name}`) as LoadCommand)()),
    );
    const { isUpdate } = await import("./editOrUpdate.ts");
    return isUpdate(rest, edit as Command, update as Command) ? (update as Command) : (edit as Command);
  };
}

/** `dep <id> <dep>` means `dep add`. */
async function depCommand(early: readonly string[], words: readonly string[]): Promise<Found> {
  const [verb = "", ...rest] = words;
  if (!words.some(isWord) && (verb === "" || words.some((word) => word === "--help" || word === "-h")))
    return { kind: "help", words: ["ticket", "dep"] };
  if (verb === "help") return own("help", [...early, "ticket", "dep", ...rest]);
  const load = await commandAt("ticket", `dep ${DEP_NAMES[verb] ?? verb}`);
  if (load !== undefined) return { kind: "command", load, rest: [...early, ...rest] };
  return { kind: "command", load: handwritten("ticket dep add") as LoadCommand, rest: [...early, ...words] };
}

function isWord(word: string): boolean {
  return !word.startsWith("-");
}

/** What follows these words in the names of commands. */
async function linesAfter(start: string): Promise<string[]> {
  return [...(await allCommands()).keys()].flatMap((line) => withoutStart(line, start));
}

function withoutStart(line: string, start: string): string[] {
  return line.startsWith(start) ? [line.slice(start.length)] : [];
}

/** `ayo --dir x --json ticket list`: flags that stand before the verb, also flags of the verb. */
async function splitEarlyFlags(argv: readonly string[]): Promise<Split> {
  let at = 0;
  while (at < argv.length && argv[at]?.startsWith("-")) at += WITH_VALUE.includes(argv[at] as string) ? 2 : 1;
  const split: Split = [argv.slice(0, at), argv.slice(at)];
  if (at === 0 || at >= argv.length) return split;
  return (await verbAfterFlags(argv, isTopVerb, takesValue)) ?? split;
}

type Split = readonly [flags: readonly string[], words: readonly string[]];

/**
 * The flags before the first word that calls something; undefined where nothing is called. Of a flag that nobody knows
 * yet, what follows and calls nothing is the value.
 */
async function verbAfterFlags(
  words: readonly string[],
  isVerb: (word: string) => Promise<boolean>,
  hasValue: (flag: string) => boolean | undefined,
): Promise<Split | undefined> {
  let last: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === "--") return undefined;
    if (word.startsWith("-")) {
      last = word;
      if (hasValue(word) === true) at++;
    } else if (await isVerb(word)) return [words.slice(0, at), words.slice(at)];
    else if (last === undefined || last.includes("=") || hasValue(last) !== undefined) return undefined;
    else last = undefined;
  }
  return undefined;
}

async function isTopVerb(word: string): Promise<boolean> {
  if (TICKET_WORDS.includes(word) || (await commandAt("ayo", word)) !== undefined) return true;
  return (await linesAfter(`${word} `)).length > 0;
}

async function isTicketVerb(word: string): Promise<boolean> {
  return word === "dep" || word === "deps" || word === "help" || (await commandAt("ticket", word)) !== undefined;
}

/** Of the flags of every command; undefined for others. */
function takesValue(flag: string): boolean | undefined {
  if (WITH_VALUE.includes(flag)) return true;
  return [...VERSION_FLAGS, ...WITHOUT_VALUE].includes(flag) ? false : undefined;
}

/** `ayo ticket -s closed` lists: what a flag of list takes is no verb. */
async function takesValueInList(): Promise<(flag: string) => boolean | undefined> {
  const { flags } = await (handwritten("ticket list") as LoadCommand)();
  const { flagNamed } = await import("./spelling.ts");
  return (flag) => {
    const name = flagNamed(flag.replace(/^--?/, ""), flags);
    return name === undefined ? takesValue(flag) : flags[name]?.type !== "boolean";
  };
}
