import { type Misfit, misfitText } from "../../actions/input/misfit.ts";
import { AyoError } from "../../error.ts";
import type { Command } from "./command.ts";
import { dashed, kebab } from "./spelling.ts";

/** Never offered to somebody who mistyped an id. */
const RISKY = ["--force", "--yes", "-y"];

/**
 * Adds to a `not_found` of a ticket the line that helps: the caller's own with the id that comes nearest, else the
 * list of tickets. Other errors are returned as they are.
 */
export function withInstead(error: AyoError, argv: readonly string[]): AyoError {
  const { code, message, data, cause } = error;
  if (code !== "not_found" || error.try !== undefined || typeof data?.id !== "string") return error;
  const [near] = Array.isArray(data.near) ? (data.near as readonly string[]) : [];
  return new AyoError(code, message, { try: ["ayo", ...lineFor(argv, data.id, near)], data, cause });
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

function lineFor(argv: readonly string[], id: string, near: string | undefined): readonly string[] {
  if (near === undefined) return [...storeFlags(argv), "ticket", "list"];
  if (!argv.includes(id)) return [...storeFlags(argv), "ticket", "show", near];
  return argv.map((word) => (word === id ? near : word)).filter((word) => !RISKY.includes(word));
}

/** The flags that say which store is meant. */
function storeFlags(argv: readonly string[]): string[] {
  return argv.flatMap((word, at) => {
    if (word === "--global" || /^--(?:dir|session)=/.test(word)) return [word];
    return word === "--dir" || word === "--session" ? [word, argv[at + 1] ?? ""] : [];
  });
}
