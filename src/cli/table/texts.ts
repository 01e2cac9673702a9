import { AyoError } from "../../error.ts";
import type { Args, Command, Context } from "./command.ts";
import { kebab } from "./spelling.ts";

/** Where a text stands on the line: a word, or a flag. */
interface Place {
  /** As the user calls it. */
  readonly shown: string;
  readonly value: unknown;
  readonly put: (text: string) => unknown;
}

/**
 * The texts of a line: `-` is standard input, in every flag and word that is a text.
 * @throws bad_usage where two are to read it, or a text is given twice
 */
export async function withTexts(command: Command, args: Args, { stdin, warn }: Pick<Context, "stdin" | "warn">) {
  const words = [...args.words];
  const flags = { ...args.flags };
  const places = [
    ...command.positionals.flatMap(({ name, text }, at): Place[] => {
      if (text === undefined || words[at] === undefined) return [];
      if (flags[text] !== undefined) throw usage(`${name} is given twice: as a word, and as --${kebab(text)}`);
      return [{ shown: `the ${name}`, value: words[at], put: (read) => words.splice(at, 1, read) }];
    }),
    ...Object.keys(flags).flatMap((name): Place[] => {
      if (!command.flags[name]?.readsStdin) return [];
      return [{ shown: `--${kebab(name)}`, value: flags[name], put: (read) => Object.assign(flags, { [name]: read }) }];
    }),
  ];
  const [first, second] = places.filter(({ value }) => value === "-");
  if (first !== undefined && second !== undefined) {
    throw usage(`${first.shown} and ${second.shown} are both '-': only one text can be read from standard input`);
  }
  for (const { shown, value } of places) {
    // Shells do not turn \n into a line break; the text is kept as it was typed.
    if (typeof value === "string" && value.includes("\\n") && !value.includes("\n"))
      warn(`warning: ${shown} holds a literal \\n; for several lines use '-' and a heredoc`);
  }
  first?.put(await stdin());
  return { ...args, words, flags };
}

function usage(message: string): AyoError {
  return new AyoError("bad_usage", message);
}
