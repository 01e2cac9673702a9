import { type Allowed, allow as allowAction, type EffectJson } from "../../actions/allow/allow.ts";
import { invoke } from "../../actions/input/action.ts";
import { quoteWord } from "../../error.ts";
import { storeToDecide } from "../../store/allow/foreignStore.ts";
import { didOrWould } from "../print/deed.ts";
import { plain } from "../print/print.ts";
import { fillTo, widthOf } from "../print/width.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo allow [what…]`. */
export const allow: Command = {
  name: allowAction.name,
  summary: allowAction.summary,
  positionals: [{ name: "what", required: false, many: true, complete: "effect" }],
  flags: flagsOf(allowAction.input, { omit: ["what"] }),
  examples: [
    ["ayo allow", "all that takes effect in the store, whether it may, and what to type"],
    ["ayo allow --diff", "what is new in it since you allowed it; nothing is decided"],
    ["ayo allow ticket.closed", "its hooks, as they are now"],
    ["ayo allow pipeline nightly", "pipelines/nightly.yml"],
    ["ayo allow search.embeddings.url", "the address that config.yml names"],
    ["ayo allow --remove ticket.closed", "as if you had said nothing; --deny says no for good"],
  ],
  run: async (context, { words, flags }): Promise<Answer> => {
    const store = storeToDecide(context.choice, context.host, words);
    const input = { ...flags, ...(words.length === 0 ? {} : { what: [...words] }) };
    const answer = await invoke(allowAction, store, input as never);
    for (const { todo } of answer.broken) context.warn(`warning: ${plain(todo ?? "")}`);
    for (const notice of answer.notices) context.warn(`note: ${plain(notice)}`);
    if (answer.dryRun) context.warn("dry run: nothing was changed");
    const ids = answer.effects.map(({ name }) => name);
    return { json: { ...answer }, text: textOf(context, answer, flags.diff === true), ids };
  },
};

const DECIDED = {
  allowed: ["Allowed", "allow"],
  denied: ["Denied", "deny"],
  removed: ["Took back what was said about", "take back what was said about"],
} as const;

function textOf(context: Context, answer: Allowed, isDiff: boolean): string {
  const { decided, effects } = answer;
  if (decided === null)
    return isDiff ? effects.map((one) => difference(context, one)).join("\n") : table(context, effects);
  const [did, would] = DECIDED[decided];
  const done = didOrWould(answer, did, `Would ${would}`);
  return effects
    .map(({ name, sha256, difference: changed = "" }) => {
      const mark = sha256 === null ? "" : ` (sha256 ${sha256.slice(0, 12)})`;
      return `${plain(changed)}${done} ${plain(name)}${mark}`;
    })
    .join("\n");
}

function table({ paint }: Context, effects: readonly EffectJson[]): string {
  if (effects.length === 0)
    return "nothing takes effect here: the store has no hooks, no agents, no pipelines and names no URL";
  const width = Math.max(...effects.map(({ name }) => widthOf(plain(name))));
  return effects
    .map((one) => {
      const colour = one.state === "allowed" ? paint.green : one.state === "denied" ? paint.dim : paint.yellow;
      return `${fillTo(plain(one.name), width)}  ${colour(fillTo(one.state, 7))}  ${plain(aboutOf(one))}`.trimEnd();
    })
    .join("\n");
}

/** What it does, and why it does not or what to type. */
function aboutOf({ about, problem, trouble, try: line }: EffectJson): string {
  if (problem !== null) return problem.message;
  if (line === null) return about;
  const unknown = trouble === null ? "" : `what was decided cannot be read (${trouble}); `;
  return `${about}; ${unknown}run: ${line.map(quoteWord).join(" ")}`;
}

/** The difference under a line that says what it is of. */
function difference(
  { paint }: Context,
  { name, kind, state, sha256, problem, difference: text = "" }: EffectJson,
): string {
  const mark = sha256 === null ? "" : `, sha256 ${sha256.slice(0, 12)}`;
  const head = paint.bold(`# ${plain(name)} (${kind}, ${state}${mark})`);
  const body = problem === null ? plain(text) : `${plain(problem.message)}\n`;
  return body === "" ? `${head}\nas it was allowed` : `${head}\n${body.replace(/\n$/, "")}`;
}
