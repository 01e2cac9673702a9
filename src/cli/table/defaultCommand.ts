import { idsOf } from "../../actions/answers/idsOf.ts";
import { invoke, type Written } from "../../actions/input/action.ts";
import { describeInput, type InputField } from "../../actions/input/describeInput.ts";
import { fitInput } from "../../actions/input/fitInput.ts";
import type { Moved } from "../../actions/lifecycle/moveTickets.ts";
import { loadAction, ROWS, type VerbName } from "../../actions/verbs.ts";
import { answerMoved } from "../commands/moves.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context, Positional } from "./command.ts";
import { flagsOf } from "./flagsOf.ts";
import { keyAndValue } from "./keyAndValue.ts";

/** The command of a verb that has no file of its own in commands/: made from its row and its action's input. */
export async function defaultCommand(name: VerbName): Promise<Command> {
  const { cli, examples = [] } = ROWS.get(name) ?? {};
  const action = await loadAction(name);
  const fields = describeInput(action.input);
  const inWords = fields.filter(isWord);
  return {
    name: cli === "ticket" ? `ticket ${name}` : name,
    summary: action.summary,
    positionals: inWords.map(positionalOf),
    flags: flagsOf(action.input, { omit: inWords.map((field) => field.name) }),
    examples,
    run: async (context, args) => {
      const answer = await invoke(action, context.store(), fitInput(action.input, inputOf(fields, args)));
      return action.writes ? answerWritten(context, answer as Written, args, name) : answerRead(answer as object);
    },
  };
}

/** Tickets, or one ticket and the texts that must be given, are words of the line; all else is a flag. */
function isWord({ name, type, required }: InputField, _: number, fields: readonly InputField[]): boolean {
  if (fields.some((field) => field.name === "ids")) return name === "ids";
  return name === "id" || (required && type === "string");
}

function positionalOf({ name, required }: InputField): Positional {
  if (name === "ids") return { name: "id…", required, many: true, complete: "id" };
  return { name, required, ...(name === "id" ? { complete: "id" } : {}) };
}

/** The action's input from words and flags, with keys and values where a field has such. */
function inputOf(fields: readonly InputField[], { words, flags }: Args): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const { name, isRecord } of fields) {
    const given = flags[name];
    if (given === undefined) continue;
    input[name] = isRecord ? Object.fromEntries([given].flat().map((one) => keyAndValue(name, String(one)))) : given;
  }
  for (const [at, { name }] of fields.filter(isWord).entries()) {
    if (name === "ids" ? words.length > 0 : words[at] !== undefined) input[name] = name === "ids" ? words : words[at];
  }
  return input;
}

/** As verbs that move tickets do, else which tickets were changed. */
function answerWritten(context: Context, written: Written, args: Args, verb: string): Answer {
  if ("nowReady" in written && "tickets" in written) return answerMoved(context, written as Moved, args, { verb });
  warnWritten(context, written);
  const ids = idsOf(written);
  const list = ids.join(", ");
  const wordings = { did: `Changed ${list}`, would: `Would ${verb} ${list}`, same: list };
  const text = ids.length === 0 ? textOf(written) : deedLine(written, wordings);
  return { json: { ...written }, text, ids };
}

function answerRead(answer: object): Answer {
  return { json: { ...answer }, text: textOf(answer), ids: idsOf(answer) };
}

function textOf(answer: object): string {
  return plain(JSON.stringify(answer, null, 2));
}
