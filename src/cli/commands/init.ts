import { type Initialised, init as initAction } from "../../actions/init.ts";
import { invoke } from "../../actions/input/action.ts";
import { plain } from "../print/print.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo init`. */
export const init: Command = {
  name: "init",
  summary: initAction.summary,
  positionals: [],
  flags: flagsOf(initAction.input),
  examples: [
    ["ayo init", "a store with its own git history in .tickets/"],
    ["ayo init --inline", "tickets are committed into the project's branch"],
    ["ayo init --prefix web", "new ids look like web-x7k2"],
  ],
  run: async (context, args) => {
    const made = await invoke(initAction, context.store({ create: true }), args.flags as never);
    for (const notice of made.notices) if (made.tickets > 0) context.warn(`note: ${notice}`);
    for (const where of made.importable) context.warn(`found ${where}: ayo import ${where} takes its tickets over`);
    if (args.flags.dryRun) context.warn("dry run: nothing was changed");
    return { json: { ...made }, text: sentence(made, args.flags.dryRun === true) };
  },
};

function sentence({ dir, mode, made, tickets, joined }: Initialised, isDry: boolean): string {
  if (joined !== null && isDry) return `Would join the tickets of ${plain(joined)} in ${dir}`;
  if (joined !== null)
    return `Joined the tickets of ${plain(joined)} in ${dir}, ${tickets} ${tickets === 1 ? "ticket" : "tickets"}`;
  const kind = mode === "own" ? "a store with its own git history" : "a store in the project's branch";
  const count = tickets === 0 ? "" : `, ${tickets} ${tickets === 1 ? "ticket" : "tickets"}`;
  return `${made ? (isDry ? "Would make" : "Made") : "Found"} ${kind} in ${dir}${count}`;
}
