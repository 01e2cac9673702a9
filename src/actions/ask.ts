import * as v from "valibot";
import { AyoError } from "../error.ts";
import { isFinished } from "../store/disk/view.ts";
import { workOf } from "../ticket/rules/claim.ts";
import { columnOf } from "../ticket/rules/columns.ts";
import { ASKED, withoutQuestion } from "../ticket/rules/questions.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action, id, optionalList, optionalText, text, writeOptions } from "./input/action.ts";
import { checkText } from "./input/checkInput.ts";
import { type Choice, checkChoice, choiceFields, choiceText, withDefault } from "./lifecycle/choice.ts";
import { type Move, type Moved, moveTickets } from "./lifecycle/moveTickets.ts";

/** The front matter holds the beginning of a long question, the note all of it. In characters. */
const MAX_QUESTION = 200;

/** `ayo ticket ask <id> "question"`: parks a ticket until a person answers; its claim ends. */
export const ask = action({
  name: "ask",
  summary: "Park a ticket with a question that only a person can answer",
  writes: true,
  input: v.object({
    id,
    question: text("what a person must decide or do"),
    options: optionalList("an answer to choose from; once for each, at most 9"),
    default: optionalText("the option that holds where nobody answers in time, in stores that have that on"),
    after: optionalText("how long to wait for a person before that: 30m, 2h; at least 10m"),
    ...writeOptions,
  }),
  run: async (store, { id, question, options, default: wanted, after, ...more }): Promise<Moved> => {
    const asked = checkText("question", question).trim();
    if (asked === "") throw new AyoError("bad_input", "the question is empty", { data: { field: "question" } });
    const choice = checkChoice(asked, { options, default: wanted, after });
    return moveTickets(store, { ...more, ids: [id], message: asked }, asking(asked, choice));
  },
});

/** How a ticket is parked with a question. */
export function asking(asked: string, choice: Choice): Move {
  return {
    verb: "ask",
    subject: (tickets) => `ask about ${tickets}`,
    check: (ticket, { view }) => {
      if (isFinished(view.board, ticket.status)) throw finished(ticket);
    },
    step: (ticket, draft) => {
      const timed = withDefault(draft, ticket, choice);
      const note = [`${ASKED}${asked}`, choiceText(timed), workOf(ticket)];
      return {
        to: columnOf(draft.view.board, "blocked"),
        fields: { ...withoutQuestion(ticket.fields), question: firstLine(asked), ...choiceFields(timed) },
        note: note.filter((part) => part !== "").join("\n\n"),
      };
    },
    event: "asked",
  };
}

function firstLine(question: string): string {
  const line = (question.split("\n", 1)[0] ?? "").replaceAll(/\p{Cc}+/gu, " ").trim();
  return line.length > MAX_QUESTION ? `${line.slice(0, MAX_QUESTION - 1)}…` : line;
}

function finished({ id, status }: Ticket): AyoError {
  return new AyoError("transition_refused", `${id} is ${status}: reopen it, or make a ticket of the question`, {
    try: ["ayo", "ticket", "reopen", id],
    data: { id, from: status },
  });
}
