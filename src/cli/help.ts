import yargs from "yargs";
import { OTHER, VERBS_BY_GROUP } from "./helpGroups.ts";
import {
  type Command,
  type CommandTable,
  type Flag,
  GLOBAL_FLAGS,
  type LoadCommand,
  TICKET_WORDS,
} from "./table/command.ts";
import { kebab } from "./table/spelling.ts";

/** Lines of terminals. */
const WIDTH = 80;
/** Where summaries begin. */
const COLUMN = 34;

/** The help of one command, laid out by yargs from the command's table. */
export async function helpText(command: Command, table: CommandTable): Promise<string> {
  const others = [...(await table.aliases())].filter(([, name]) => name === command.name);
  const also = others.length > 0 ? `\nAlso: ${others.map(([alias]) => `ayo ${alias}`).join(", ")}` : "";
  let page = yargs([])
    .scriptName("ayo")
    .usage(`${usageLine(command)}\n\n${command.summary}.${also}`)
    .help(false)
    .version(false)
    .wrap(WIDTH);
  for (const [name, flag] of Object.entries(command.flags)) page = page.option(kebab(name), optionOf(flag, "Flags:"));
  const everywhere = Object.keys(GLOBAL_FLAGS).filter((name) => !(name in command.flags));
  const common = `Everywhere: ${everywhere.map(shortest).join(" ")} (ayo help flags)`;
  return `${await page.getHelp()}\n\n${common}\n${examplesText(command.examples)}`;
}

/** By its letter where it has one. */
function shortest(name: string): string {
  const letter = [name, ...(GLOBAL_FLAGS[name]?.alias ?? [])].find((one) => one.length === 1);
  return letter === undefined ? `--${kebab(name)}` : `-${letter}`;
}

/** What `--help` says of a command or of a group of commands, by its words; undefined where they are neither. */
export async function helpOf(words: readonly string[], table: CommandTable): Promise<string | undefined> {
  const all = await table.all();
  const aliases = await table.aliases();
  const [first = "", ...rest] = words;
  const line = (TICKET_WORDS.includes(first) ? ["ticket", ...rest] : words).join(" ");
  const named = [line, `ticket ${line}`];
  const asked = named.map((name) => all.get(aliases.get(name) ?? name)).find((load) => load !== undefined);
  if (asked !== undefined) return helpText(await asked(), table);
  const group = named.find((words) => [...all.keys()].some((name) => name.startsWith(`${words} `)));
  return group === undefined ? undefined : overviewText(group.split(" "), table);
}

/** `ayo help --all`, `ayo ticket --help`: every command with its summary under headings, of a group or of all. */
export async function overviewText(words: readonly string[], table: CommandTable): Promise<string> {
  const all = await table.all();
  const only = words.length === 0 ? "" : `${words.join(" ")} `;
  const names = [...all.keys()].filter((name) => name.startsWith(only));
  const known = new Set(VERBS_BY_GROUP.flatMap(([, group]) => group));
  const groups = [...VERBS_BY_GROUP, [OTHER, names.filter((name) => !known.has(name))] as const];
  const lines: string[] = [];
  for (const [heading, group] of groups) {
    const here = group.filter((name) => names.includes(name));
    if (here.length > 0) lines.push("", heading);
    for (const name of here) lines.push(...row(await (all.get(name) as LoadCommand)()));
  }
  const more = only === "" ? ["`ayo help` lists the topics of the guide, `ayo help <topic>` shows one."] : [];
  return [
    "ayo: tickets that people and AI agents share; every change is a git commit",
    ...lines,
    "",
    "`ayo <command> --help` shows flags and examples; `ayo t` is `ayo ticket`.",
    ...more,
    "",
  ].join("\n");
}

/** A command with its summary, in lines of 80. */
function row(command: Command): string[] {
  const line = usageLine(command);
  const [first = "", ...rest] = wrapped(command.summary, WIDTH - COLUMN);
  const indent = " ".repeat(COLUMN);
  const head = line.length > COLUMN - 4 ? [`  ${line}`, indent + first] : [`  ${line}`.padEnd(COLUMN) + first];
  return [...head, ...rest.map((text) => indent + text)];
}

/** A text in lines of no more than `width`. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** On one line each, to be copied; what does not fit beside it stands above. */
function examplesText(examples: Command["examples"]): string {
  const rows = examples.map(([line, what]) => {
    const short = `  ${line}  # ${what}`;
    return short.length <= WIDTH ? short : `  # ${what}\n  ${line}`;
  });
  return rows.length === 0 ? "" : `\nExamples:\n${rows.join("\n")}\n`;
}

function usageLine({ name, positionals }: Command): string {
  const words = positionals.map((one) => (one.required ? `<${one.name}>` : `[${one.name}]`));
  return ["ayo", name, ...words].join(" ");
}

function optionOf(flag: Flag, group: string) {
  const type = flag.type === "list" ? ("array" as const) : flag.type;
  return {
    type,
    describe: flag.describe,
    group,
    ...(flag.alias === undefined ? {} : { alias: flag.alias.filter((one) => one.length === 1).slice(0, 1) }),
    ...(flag.choices === undefined ? {} : { choices: [...flag.choices] }),
  };
}
