import { readFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { packageDir } from "../../host.ts";
import { formatCandidates, valuesFor } from "../complete/candidates.ts";
import { aliasesOf, type Candidate, type Place, placeOf } from "../complete/complete.ts";
import type { Answer, Command, CommandTable, Context } from "../table/command.ts";

const SHELLS = ["bash", "zsh", "fish"];
/** Tells a shell to complete file names: no value, and this. */
const FILES = "\tfiles\n";

/** `ayo completion <shell>`; the scripts it prints call `ayo completion --words -- <line…>`. */
export const completion = (commands: CommandTable): Command => ({
  name: "completion",
  summary: "Print the script that completes ayo's words in a shell",
  positionals: [{ name: "shell", required: false, many: true }],
  flags: { words: { type: "boolean", describe: "for the scripts: print what the last word of a line may be" } },
  examples: [
    ["source <(ayo completion bash)", "in ~/.bashrc"],
    ["source <(ayo completion zsh)", "in ~/.zshrc, after compinit"],
    ["ayo completion fish > ~/.config/fish/completions/ayo.fish", "once"],
  ],
  run: async (context, { words, flags }): Promise<Answer> => {
    if (flags.words === true) return answer(context, commands, words);
    const [shell, more] = words;
    if (shell === undefined || more !== undefined || !SHELLS.includes(shell)) throw unknownShell(context, shell);
    const text = readFileSync(path.join(packageDir(), "templates", "completion", `ayo.${shell}`), "utf8");
    return { json: { shell, text }, text };
  },
});

/** Never complains: a line that is being typed has mistakes in it. */
async function answer(context: Context, commands: CommandTable, words: readonly string[]): Promise<Answer> {
  const candidates = await candidatesFor(context, commands, words[0] === "ayo" ? words.slice(1) : words).catch(
    (error) => {
      if (error instanceof AyoError) return [];
      throw error;
    },
  );
  if (candidates === "files") return { json: { candidates: [], files: true }, text: FILES };
  return { json: { candidates, files: false }, text: formatCandidates(candidates) };
}

async function candidatesFor(
  { host }: Context,
  commands: CommandTable,
  line: readonly string[],
): Promise<readonly Candidate[] | "files"> {
  const place = await placeOf(line, commands);
  // In a list only the last value is being typed: --deps a,b
  const cut = place.wanted?.isList ? place.typed.lastIndexOf(",") + 1 : 0;
  const lead = place.lead + place.typed.slice(0, cut);
  const typed = place.typed.slice(cut);
  const known = place.known.filter(({ value }) => value.startsWith(typed));
  const values = await valuesIn(place, host, known);
  if (values === "files") return "files";
  // A topic of the guide may be called as a command is.
  const others = values.filter(({ value }) => !known.some((one) => one.value === value));
  const fitting = [...known, ...fits(others, typed)];
  const all = fitting.length > 0 || place.command?.name !== "ticket list" ? fitting : await aliasesOf(commands, typed);
  return all.map(({ value, about }) => ({ value: lead + value, about }));
}

/** Where there is no store, or one that cannot be read, what the tables know is still offered. */
async function valuesIn(place: Place, host: Context["host"], known: readonly Candidate[]) {
  try {
    return await valuesFor(place, host);
  } catch (error) {
    if (error instanceof AyoError && known.length > 0) return [];
    throw error;
  }
}

/** What begins so; else the one candidate that it is the end or middle of. */
function fits(values: readonly Candidate[], typed: string): readonly Candidate[] {
  const begin = values.filter(({ value }) => value.startsWith(typed));
  if (begin.length > 0 || typed.length < 2) return begin;
  const inside = values.filter(({ value }) => value.includes(typed));
  return inside.length === 1 ? inside : [];
}

function unknownShell({ host }: Context, shell: string | undefined): AyoError {
  const fact = shell === undefined ? "which shell?" : `'${shell}' is not known here:`;
  const yours = path.basename(host.env.SHELL ?? "");
  return new AyoError("bad_usage", `completion: ${fact} one of ${SHELLS.join(", ")}`, {
    try: ["ayo", "completion", SHELLS.includes(yours) ? yours : "bash"],
  });
}
