import { type Command, type CommandTable, type Flag, GLOBAL_FLAGS, TICKET_WORDS } from "../table/command.ts";
import { flagNamed, kebab } from "../table/spelling.ts";

/** Something that may stand at the end of a line. */
export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** What the last word of a line is, and what was typed before it. */
export interface Place {
  /** Candidates that the commands' tables know. */
  readonly known: readonly Candidate[];
  /** What the store or the disk must be asked for: a flag's or positional's name. */
  readonly wanted: Wanted | undefined;
  /** What stands before the value in the same word: `--type=`. */
  readonly lead: string;
  /** The beginning of the value. */
  readonly typed: string;
  readonly command: Command | undefined;
  readonly line: Scanned;
}

/** A value's kind by the name of the flag or positional it is for; several may stand with commas between. */
export interface Wanted {
  readonly name: string;
  readonly isList: boolean;
}

/** A line taken apart without complaints: it is not finished. */
export interface Scanned {
  /** By the flag's name in its table; true for a switch. */
  readonly flags: Readonly<Record<string, string | true>>;
  readonly words: readonly string[];
  /** The flag that the next word is the value of. */
  readonly pending: string | undefined;
  /** After `--` nothing is a flag. */
  readonly isPlain: boolean;
}

type Table = Readonly<Record<string, Flag>>;

/** Reads a line, without `ayo`, whose last word is being typed. */
export async function placeOf(line: readonly string[], commands: CommandTable): Promise<Place> {
  const before = line.slice(0, -1).map(unquote);
  const typed = line.at(-1) ?? "";
  const early = scan(before, GLOBAL_FLAGS);
  if (early.pending !== undefined) return flagValue(early.pending, GLOBAL_FLAGS, { typed, line: early });
  const found = await commandOf(commands, before, early.words);
  if (found === undefined) return { ...NOWHERE, typed, line: early };
  const { command, verbs } = found;
  const table = { ...command?.flags, ...GLOBAL_FLAGS };
  const scanned = found.rest === undefined ? early : scan(found.rest, table);
  const context = { typed, line: scanned, command };
  if (scanned.pending !== undefined) return flagValue(scanned.pending, table, context);
  const [, name, value] = /^(--[\w-]+=)(.*)$/s.exec(typed) ?? [];
  if (name !== undefined && !scanned.isPlain) {
    const flag = flagOf(name.slice(0, -1), table);
    return { ...(flag === undefined ? NOWHERE : flagValue(flag, table, context)), typed: value ?? "", lead: name };
  }
  if (typed.startsWith("-") && !scanned.isPlain)
    return { ...NOWHERE, ...context, known: flagsIn(table, scanned, typed) };
  return { ...wordOf(command, scanned), typed, command, known: verbs, lead: "" };
}

const NOWHERE: Place = {
  known: [],
  wanted: undefined,
  lead: "",
  typed: "",
  command: undefined,
  line: { flags: {}, words: [], pending: undefined, isPlain: false },
};

function flagValue(name: string, table: Table, context: Partial<Place>): Place {
  const flag = table[name];
  const known = (flag?.choices ?? []).map((value) => ({ value, about: "" }));
  return { ...NOWHERE, ...context, known, wanted: { name, isList: flag?.type === "list" } };
}

function wordOf(command: Command | undefined, line: Scanned): Pick<Place, "wanted" | "line"> {
  const positionals = command?.positionals ?? [];
  const last = positionals.at(-1);
  const positional = positionals[line.words.length] ?? (last?.many ? last : undefined);
  if (positional === undefined) return { wanted: undefined, line };
  return { wanted: { name: positional.complete ?? positional.name, isList: false }, line };
}

interface Found {
  readonly command?: Command | undefined;
  /** The words after the verb; undefined before one is typed. */
  readonly rest?: readonly string[];
  /** Verbs that may stand here. */
  readonly verbs: readonly Candidate[];
}

/** The command that the words before call, and the verbs that may come next. */
async function commandOf(
  commands: CommandTable,
  before: readonly string[],
  words: readonly string[],
): Promise<Found | undefined> {
  const [first, second] = words;
  const isTicket = first !== undefined && TICKET_WORDS.includes(first);
  if (first === undefined) return { command: undefined, verbs: await verbsAfter(commands, "") };
  if (first === "help")
    return { ...(await load(commands, before)), verbs: await verbsAfter(commands, words.slice(1).join(" ")) };
  const isVerbless = isTicket && second === undefined;
  const isDep = isTicket && (second === "dep" || second === "deps") && words.length === 2;
  // Alone it shows its verbs; with an id it is `dep add`.
  const command = await load(commands, isDep ? [...before, "add"] : before);
  const inGroup = !isTicket && second === undefined ? await verbsAfter(commands, first) : [];
  if (command === undefined) return inGroup.length > 0 ? { command, verbs: inGroup } : undefined;
  if (isVerbless) return { ...command, verbs: await verbsAfter(commands, "ticket") };
  return { ...command, verbs: isDep ? await verbsAfter(commands, "ticket dep") : inGroup };
}

async function load(commands: CommandTable, before: readonly string[]): Promise<Omit<Found, "verbs"> | undefined> {
  try {
    const found = await commands.find(before);
    return found.kind === "command" ? { command: await found.load(), rest: found.rest } : undefined;
  } catch {
    return undefined;
  }
}

/** The next words of all commands that begin with `parent`, with a summary. */
async function verbsAfter(commands: CommandTable, parent: string): Promise<Candidate[]> {
  const start = parent === "" ? "" : `${parent} `;
  const verbs = new Map<string, Promise<string>>();
  for (const [name, loadCommand] of await commands.all()) {
    const [value = "", more] = name.startsWith(start) ? name.slice(start.length).split(" ") : [];
    if (value === "" || verbs.has(value)) continue;
    const about =
      more === undefined ? loadCommand().then(({ summary }) => summary) : groupOf(commands, `${start}${value} `);
    verbs.set(value, about);
  }
  return Promise.all([...verbs].map(async ([value, about]) => ({ value, about: await about })));
}

/** `dep`: add, remove, tree, … */
async function groupOf(commands: CommandTable, start: string): Promise<string> {
  const names = [...(await commands.all()).keys()].filter((name) => name.startsWith(start));
  const some = names.slice(0, 3).map((name) => name.slice(start.length));
  return `${some.join(", ")}, …`;
}

/** Other names of verbs of `ayo ticket`, offered where no verb itself begins so. */
export async function aliasesOf({ aliases }: CommandTable, typed: string): Promise<Candidate[]> {
  return [...(await aliases())]
    .filter(([alias]) => typed !== "" && alias.startsWith(`ticket ${typed}`))
    .map(([alias, name]) => ({ value: verbOf(alias), about: `the same as ${verbOf(name)}` }));
}

function verbOf(line: string): string {
  return line.slice("ticket ".length);
}

function flagsIn(table: Table, { flags }: Scanned, typed: string): Candidate[] {
  return Object.entries(table).flatMap(([name, { type, describe, alias = [] }]) => {
    if (flags[name] !== undefined && type !== "list") return [];
    const short = alias.filter((one) => one.length === 1 && typed.length < 3 && !typed.startsWith("--")).slice(0, 1);
    const values = [`--${kebab(name)}`, ...short.map((one) => `-${one}`)];
    return values.map((value) => ({ value, about: describe }));
  });
}

function scan(line: readonly string[], table: Table): Scanned {
  const flags: Record<string, string | true> = {};
  const words: string[] = [];
  let pending: string | undefined;
  const end = line.includes("--") ? line.indexOf("--") : line.length;
  for (let at = 0; at < end; at++) {
    const [typed = "", given] = (line[at] as string).split(/=(.*)/s);
    const name = flagOf(typed, table);
    if (name === undefined) {
      if (!/^-./.test(typed)) words.push(line[at] as string);
      continue;
    }
    const isNext = given === undefined && table[name]?.type !== "boolean";
    flags[name] = (isNext ? line[++at] : given) ?? true;
    if (isNext && at >= line.length) pending = name;
  }
  return { flags, words: [...words, ...line.slice(end + 1)], pending, isPlain: end < line.length };
}

/** The name in the table of `--external-ref` or `-t`. */
function flagOf(typed: string, table: Table): string | undefined {
  return /^--?\w/.test(typed) ? flagNamed(typed.replace(/^--?/, ""), table) : undefined;
}

/** Shells hand over words as they are typed, with quotes and backslashes. */
function unquote(word: string): string {
  return word.replaceAll(/\\(.)|["']/gs, "$1");
}
