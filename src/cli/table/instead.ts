import { type Misfit, misfitText } from "../../actions/input/misfit.ts";
import { AyoError } from "../../error.ts";
import type { Command } from "./command.ts";
import { dashed, kebab } from "./spelling.ts";

/**
 * Adds to an error about an id the line that helps: `show` of the one that comes nearest where the command changes
 * something, so that nobody who runs it does the deed to another ticket; else the caller's own line with that id, or the
 * list of tickets. Other errors are returned as they are.
 */
export function withInstead(error: AyoError, argv: readonly string[], writes: boolean): AyoError {
  const { code, message, data, cause } = error;
  if (error.try !== undefined || typeof data?.id !== "string") return error;
  const names = code === "not_found" ? data.near : code === "ambiguous_id" ? data.candidates : undefined;
  const known: readonly string[] = Array.isArray(names) ? names : [];
  if (code !== "not_found" && known.length !== 1) return error;
  return new AyoError(code, message, { try: ["ayo", ...lineFor(argv, data.id, known[0], writes)], data, cause });
}

/** What does not fit an action's input, told by the flags and words of the command line. */
export function inWordsOf(error: AyoError, command: Command | undefined): AyoError {
  const misfits = error.data?.misfits as readonly Misfit[] | undefined;
  if (command === undefined || misfits === undefined) return error;
  const message = misfits.map((one) => misfitText(one, nameFor(one.field, command))).join("; ");
  const help = ["ayo", ...command.name.split(" "), "--help"];
  return new AyoError(error.code, message, { try: error.try ?? help, data: error.data ?? {}, cause: error });
}

/** `--limit`, or the name of a word of the line. */
function nameFor(field: string, { flags, positionals }: Command): string {
  const [name = ""] = field.split(".");
  if (Object.hasOwn(flags, name)) return [dashed(kebab(name)), ...field.split(".").slice(1)].join(" ");
  const word = positionals.find((one) => [name, name.replace(/s$/, "")].includes(one.name.replace("…", "")));
  return word === undefined ? field : word.name.replace("…", "");
}

function lineFor(argv: readonly string[], id: string, near: string | undefined, writes: boolean): readonly string[] {
  if (near === undefined) return [...storeFlags(argv), "ticket", "list"];
  if (writes || !argv.includes(id)) return [...storeFlags(argv), "ticket", "show", near];
  return argv.map((word) => (word === id ? near : word));
}

/** The flags that say which store is meant. */
function storeFlags(argv: readonly string[]): string[] {
  return argv.flatMap((word, at) => {
    if (word === "--global" || /^--(?:dir|session)=/.test(word)) return [word];
    return word === "--dir" || word === "--session" ? [word, argv[at + 1] ?? ""] : [];
  });
}
