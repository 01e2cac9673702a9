import * as v from "valibot";
import { AyoError } from "../error.ts";
import { isFinished } from "../store/disk/view.ts";
import { workOf } from "../ticket/rules/claim.ts";
import { columnOf } from "../ticket/rules/columns.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action, id, text, writeOptions } from "./input/action.ts";
import { checkText } from "./input/checkInput.ts";
import { type Moved, moveTickets } from "./lifecycle/moveTickets.ts";

/** The front matter holds the beginning of a long question, the note all of it. In characters. */
const MAX_QUESTION = 200;

/** `ayo ticket ask <id> "question"`: parks a ticket until a person answers; its claim ends. */
export const ask = action({
  name: "ask",
  summary: "Park a ticket with a question that only a person can answer",
  writes: true,
  input: v.object({ id, question: text("what a person must decide or do"), ...writeOptions }),
  run: async (store, { id, question, ...options }): Promise<Moved> => {
    const asked = checkText("question", question).trim();
    if (asked === "") throw new AyoError("bad_input", "the question is empty", { data: { field: "question" } });
    return moveTickets(
      store,
      { ...options, ids: [id], message: asked },
      {
        verb: "ask",
        subject: (tickets) => `ask about ${tickets}`,
        check: (ticket, { view }) => {
          if (isFinished(view.board, ticket.status)) throw finished(ticket);
        },
        step: (ticket, { view }) => ({
          to: columnOf(view.board, "blocked"),
          fields: { question: firstLine(asked) },
          note: [`Question: ${asked}`, workOf(ticket)].filter((part) => part !== "").join("\n\n"),
        }),
        event: "asked",
      },
    );
  },
});

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
