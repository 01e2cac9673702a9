import yargs from "yargs";
import { type Command, type CommandTable, type Flag, GLOBAL_FLAGS, TICKET_WORDS } from "./table/command.ts";
import { kebab } from "./table/spelling.ts";

/** The help of one command, laid out by yargs from the command's table. */
export async function helpText(command: Command, table: CommandTable): Promise<string> {
  const others = [...(await table.aliases())].filter(([, name]) => name === command.name);
  const also = others.length > 0 ? `\nAlso: ${others.map(([alias]) => `ayo ${alias}`).join(", ")}` : "";
  let page = yargs([])
    .scriptName("ayo")
    .usage(`${usageLine(command)}\n\n${command.summary}.${also}`)
    .help(false)
    .version(false)
    .wrap(100);
  for (const [name, flag] of Object.entries(command.flags)) page = page.option(kebab(name), optionOf(flag, "Flags:"));
  for (const [name, flag] of Object.entries(GLOBAL_FLAGS))
    page = page.option(kebab(name), optionOf(flag, "Everywhere:"));
  for (const [line, what] of command.examples) page = page.example(line, what);
  return `${await page.getHelp()}\n`;
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
  const isGroup = [...all.keys()].some((name) => name.startsWith(`${line} `));
  return isGroup ? overviewText(line.split(" "), table) : undefined;
}

/** `ayo`, `ayo help`, `ayo ticket --help`: every command with its summary, of a group or of all. */
export async function overviewText(words: readonly string[], table: CommandTable): Promise<string> {
  const all = await table.all();
  const only = words.length === 0 ? "" : `${words.join(" ")} `;
  const commands = await Promise.all([...all].filter(([name]) => name.startsWith(only)).map(([, load]) => load()));
  const rows = commands.map((command) => [usageLine(command), command.summary] as const);
  const width = Math.max(...rows.map(([line]) => line.length)) + 2;
  return [
    "ayo: tickets that people and AI agents share; markdown files, every change a git commit",
    "",
    ...rows.map(([line, summary]) => `  ${line.padEnd(width)}${summary}`),
    "",
    "`ayo <command> --help` shows flags and examples; `ayo t` is short for `ayo ticket`.",
    ...(only === "" ? ["`ayo help` lists the topics of the guide, `ayo help <topic>` shows one."] : []),
    "",
  ].join("\n");
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
