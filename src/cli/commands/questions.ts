import { answer as answerAction } from "../../actions/answer.ts";
import { ask as askAction } from "../../actions/ask.ts";
import { invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import { readStore } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { MAX_OPTIONS } from "../../ticket/rules/questions.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { plain } from "../print/print.ts";
import type { Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";
import { answerMoved } from "./moves.ts";

/** `ayo ticket ask <id> "question"`. */
export const ask: Command = {
  name: "ticket ask",
  summary: askAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "question", required: false, text: "question" },
  ],
  flags: flagsOf(askAction.input, { omit: ["id"] }),
  examples: [
    ['ayo ticket ask ayo-x7k2 "May I delete the old table?"', "parks it until a person answers"],
    ['ayo ticket ask ayo-x7k2 "Which port?" --option 80 --option 8080', "with answers to choose from"],
    [
      'ayo ticket ask ayo-x7k2 "Which port?" --option 80 --option 8080 --default 8080 --after 30m',
      "goes on with 8080 where nobody answers, in stores with questions.defaults on",
    ],
  ],
  run: async (context, args) => {
    const [id = "", typed = args.flags.question] = args.words;
    if (typed === undefined && context.tty.stdin) throw new AyoError("bad_usage", "ask: question is missing");
    const question = typed ?? (await context.stdin());
    const moved = await invoke(askAction, context.store(), { ...args.flags, id, question } as never);
    return answerMoved(context, moved, args, { verb: askAction.name });
  },
};

/** `ayo ticket answer <id> "…"`; without a text it offers the options. */
export const answer: Command = {
  name: "ticket answer",
  summary: answerAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "answer", required: false, text: "answer" },
  ],
  flags: flagsOf(answerAction.input, { omit: ["id"] }),
  examples: [
    ['ayo ticket answer ayo-x7k2 "Yes, after the backup."', "the ticket is open to be taken again"],
    ["ayo ticket answer ayo-x7k2 2", "the second of the options that it offers"],
    ["ayo ticket answer ayo-x7k2", "on a terminal: shows the options; one key answers"],
  ],
  run: async (context, args) => {
    const [id = "", typed = args.flags.answer] = args.words;
    const store = context.store();
    const said = typed ?? (await saidTo(context, store, id));
    const moved = await invoke(answerAction, store, { ...args.flags, id, answer: said } as never);
    return answerMoved(context, moved, args, { verb: answerAction.name });
  },
};

/** The answer from standard input, or by a key. @throws bad_usage where nobody says anything, with what to type */
async function saidTo(context: Context, store: Store, id: string): Promise<string> {
  if (!context.tty.stdin) {
    const text = await context.stdin();
    if (text.trim() !== "") return text;
  }
  const view = await readStore(store);
  const found = await findTicket(store, view, id, false);
  const ticket = view.answered.find((one) => one.id === found.id) ?? found;
  const { question, answerOptions = [] } = ticket.fields;
  // Whatever is said to a ticket that asks nothing, the action refuses it.
  if (question === undefined) return "?";
  if (!context.tty.stdin || !context.tty.stderr || answerOptions.length === 0) throw whatToType(ticket);
  return chosen(context, ticket);
}

async function chosen(context: Context, { fields }: Ticket): Promise<string> {
  const { question = "", answerOptions = [], defaultAnswer } = fields;
  const options = answerOptions.slice(0, MAX_OPTIONS);
  const keys = options.map((_, at) => String(at + 1));
  const lines = options.map((one, at) => `  ${keys[at]}  ${plain(one)}${one === defaultAnswer ? " (default)" : ""}`);
  const preset = defaultAnswer === undefined ? -1 : options.indexOf(defaultAnswer);
  const how = `${keys.length === 1 ? "1" : `1-${keys.length}`}${preset < 0 ? "" : `, Enter for ${preset + 1}`}`;
  context.err(`${[plain(question), ...lines].join("\n")}\n`);
  const line = await context.prompt(`${how}, or type another answer: `, keys.join(""));
  if (line.trim() !== "") return line;
  if (line === "\n" || preset < 0) throw new AyoError("bad_usage", "nothing was answered");
  return options[preset] as string;
}

function whatToType({ id, fields }: Ticket): AyoError {
  const { question = "", answerOptions = [] } = fields;
  const options = answerOptions.map((one, at) => `${at + 1}. ${one}`).join(", ");
  return new AyoError("bad_usage", `answer: answer is missing; ${id} asks: ${question}${options && ` (${options})`}`, {
    try: ["ayo", "ticket", "answer", id, answerOptions.length === 0 ? "…" : "1"],
    data: { id, question, options: answerOptions },
  });
}
