import { ERROR_CODES } from "../../error.ts";
import { type Answer, type Command, type CommandTable, type Flag, GLOBAL_FLAGS } from "../table/command.ts";
import { kebab } from "../table/spelling.ts";
import { packageVersion } from "../version.ts";

/** `ayo capabilities`: the table of commands, for machines. */
export function capabilities({ all, aliases }: CommandTable): Command {
  return {
    name: "capabilities",
    summary: "List every command with its words and flags, and every error code, for machines",
    positionals: [],
    flags: {},
    examples: [
      ["ayo capabilities --json | jq '.commands[] | select(.name == \"ticket create\")'", "all about one command"],
    ],
    run: async (): Promise<Answer> => {
      const commands = await Promise.all([...(await all()).values()].map((load) => load()));
      const others = await aliases();
      const rows = commands.map((command) => rowOf(command, others));
      const errors = Object.entries(ERROR_CODES).map(([code, [exit, http]]) => ({ code, exit, http }));
      const json = { version: packageVersion(), commands: rows, globalFlags: flagRows(GLOBAL_FLAGS), errors };
      const lines = rows.map(({ name, words }) => ["ayo", name, ...words.map(({ usage }) => usage)].join(" "));
      return { json, text: lines.join("\n"), ids: rows.map(({ name }) => name) };
    },
  };
}

function rowOf({ name, summary, positionals, flags, examples }: Command, aliases: ReadonlyMap<string, string>) {
  return {
    name,
    aliases: [...aliases].flatMap(([alias, of]) => (of === name ? [alias.replace(/^ticket /, "")] : [])),
    summary,
    words: positionals.map(({ name: word, required, many }) => ({
      name: word.replace(/…$/, ""),
      required,
      many: many === true,
      usage: required ? `<${word}>` : `[${word}]`,
    })),
    flags: flagRows(flags),
    examples: examples.map(([line, what]) => ({ line, what })),
  };
}

function flagRows(flags: Readonly<Record<string, Flag>>) {
  return Object.entries(flags).map(([name, { type, describe, alias = [], choices }]) => ({
    flag: `--${kebab(name)}`,
    also: alias.map((one) => (one.length === 1 ? `-${one}` : `--${one}`)),
    type,
    describe,
    ...(choices === undefined ? {} : { choices }),
  }));
}
