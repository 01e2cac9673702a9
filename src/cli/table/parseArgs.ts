import parser from "yargs-parser";
import { AyoError } from "../../error.ts";
import { type Args, type Command, type Flag, GLOBAL_FLAGS } from "./command.ts";
import { dashed, kebab, spelled, unshield } from "./spelling.ts";
import { unknownFlag } from "./unknownFlag.ts";

/** yargs' own parser with its guesses switched off: what the table does not say is an error, not a value. */
const CONFIGURATION = {
  "boolean-negation": false,
  "camel-case-expansion": false,
  "dot-notation": false,
  "duplicate-arguments-array": true,
  "greedy-arrays": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "populate--": true,
  "strip-aliased": true,
} as const;

/**
 * Reads a command's words and flags.
 * @throws bad_usage for an unknown, repeated, empty or misshapen flag, and for missing or surplus words
 */
export function parseArgs(command: Command, rest: readonly string[], argv: readonly string[]): Args {
  const table = { ...GLOBAL_FLAGS, ...command.flags };
  const names = Object.keys(table);
  const ofType = (type: Flag["type"]): string[] => names.filter((name) => table[name]?.type === type).map(kebab);
  // The parser takes 2 ms, a tenth of Node's start, and finds nothing where no word is a flag.
  const parsed: ReturnType<typeof parser> = !rest.some((word) => word.startsWith("-"))
    ? { _: [...rest] }
    : parser(assertNoValues(spelled(rest, command, table), table), {
        boolean: ofType("boolean"),
        string: [...ofType("string"), ...ofType("number"), ...ofType("list")],
        alias: Object.fromEntries(names.map((name) => [kebab(name), [...(table[name]?.alias ?? [])]])),
        configuration: CONFIGURATION,
      });
  const flags: Record<string, Args["flags"][string]> = {};
  for (const [typed, value] of Object.entries(parsed)) {
    if (typed === "_" || typed === "--") continue;
    const name = names.find((one) => kebab(one) === typed);
    if (name === undefined) throw unknownFlag(typed, command, table);
    flags[name] = flagValue(typed, table[name] as Flag, unshield(value));
  }
  const words = [...parsed._, ...((parsed["--"] as string[] | undefined) ?? [])].map((word) => String(unshield(word)));
  if (!flags.help) checkWords(command, words);
  return { words, flags, argv };
}

/** The parser takes `--json=yes` for false. */
function assertNoValues(rest: string[], table: Readonly<Record<string, Flag>>): string[] {
  const end = rest.indexOf("--");
  for (const word of end < 0 ? rest : rest.slice(0, end)) {
    const [, typed = ""] = /^--([\w-]+)=(?!(?:true|false)$)/.exec(word) ?? [];
    const [, flag] = Object.entries(table).find(([name]) => kebab(name) === typed) ?? [];
    const hint = typed === "json" ? "; --fields names what to print" : "";
    if (flag?.type === "boolean") throw usage(`--${typed} takes no value${hint}`);
  }
  return rest;
}

function flagValue(typed: string, flag: Flag, value: unknown): Args["flags"][string] {
  const values = Array.isArray(value) ? value : [value];
  if (flag.type === "boolean") return booleanOf(typed, values);
  const texts = values.map((one) => String(one ?? ""));
  if (texts.some((text) => text === "") && !flag.mayBeEmpty) throw usage(`${dashed(typed)} needs a value`);
  if (flag.type === "list") return texts;
  if (texts.length > 1) throw usage(`${dashed(typed)} is given ${texts.length} times; give it once`);
  const [text = ""] = texts;
  if (flag.choices !== undefined && !flag.choices.includes(text)) {
    throw usage(`${dashed(typed)} '${text}' is not one of ${flag.choices.join(", ")}`);
  }
  if (flag.type === "string") return text;
  if (!/^-?\d{1,15}$/.test(text)) throw usage(`${dashed(typed)} '${text}' is not a whole number`);
  return Number(text);
}

function booleanOf(typed: string, values: readonly unknown[]): boolean {
  const [last] = values.slice(-1);
  if (last === true || last === false) return last;
  throw usage(`${dashed(typed)} takes no value`);
}

function checkWords(command: Command, words: readonly string[]): void {
  const { positionals } = command;
  const missing = positionals.find((one, at) => one.required && words[at] === undefined);
  const help = { try: ["ayo", ...command.name.split(" "), "--help"] };
  if (missing !== undefined) throw new AyoError("bad_usage", `${command.name}: ${missing.name} is missing`, help);
  const surplus = words[positionals.length];
  if (surplus !== undefined && !positionals.at(-1)?.many) {
    const hint = positionals.length > 0 ? "; quote a text of several words" : "";
    throw new AyoError("bad_usage", `${command.name}: '${surplus}' is one word too many${hint}`, help);
  }
}

function usage(message: string): AyoError {
  return new AyoError("bad_usage", message);
}
