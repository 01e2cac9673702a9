import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { categoryOf, columnFor } from "../ticket/rules/columns.ts";
import { undispatched } from "../ticket/rules/dispatch.ts";
import {
  ANSWERED,
  GO_ON,
  isAnswerNote,
  isDefaultNote,
  isQuestionNote,
  optionIn,
  PLAN_QUESTION,
  withoutQuestion,
} from "../ticket/rules/questions.ts";
import { parseNotes } from "../ticket/text/notes.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action, id, text, writeOptions } from "./input/action.ts";
import { checkColumn, checkText } from "./input/checkInput.ts";
import { type Moved, moveTickets } from "./lifecycle/moveTickets.ts";

/** `ayo ticket answer <id> "…"`: a person's word; the ticket is open to be taken again. */
export const answer = action({
  name: "answer",
  summary: "Answer the question that a ticket waits for; for people",
  writes: true,
  input: v.object({
    id,
    answer: text("the answer: an option by its text or number, or anything else"),
    ...writeOptions,
  }),
  run: async (store, { id, answer, ...options }): Promise<Moved> => {
    const said = checkText("answer", answer).trim();
    if (said === "") throw new AyoError("bad_input", "the answer is empty", { data: { field: "answer" } });
    return moveTickets(
      store,
      { ...options, ids: [id], message: said },
      {
        verb: "answer",
        check: assertAnswerable,
        step: (ticket, draft) => {
          const { board } = draft.view;
          const stays = categoryOf(board, ticket.status) === "blocked" ? undefined : columnFor(board, ticket.status);
          const to = stays ?? checkColumn(board, board.initial);
          const meant = chosen(ticket, said, draft);
          const note = `${ANSWERED}${meant}`;
          const anew = { ...undispatched(ticket, draft.actor.name), ...afterPlan(ticket, meant) };
          const fields = { ...withoutQuestion(ticket.fields), ...anew };
          return { to, fields, note, isUngated: true };
        },
        event: "answered",
      },
      // Nobody has acted on a default answer that is not written: a person who is late is heard all the same.
      { sparesQuestion: (ticket) => ticket.id.includes(id) },
    );
  },
});

/** Who may go on as planned plans no more; "go on" to any other question is an answer to that. */
function afterPlan({ fields: { mode, question } }: Ticket, meant: string): { readonly mode?: null } {
  return mode === "plan" && question === PLAN_QUESTION && meant === GO_ON ? { mode: null } : {};
}

/** What is answered: the option that is meant, or a free text, which is told where there were options. */
function chosen({ id, fields: { answerOptions = [] } }: Ticket, said: string, { notices }: Draft): string {
  const option = optionIn(answerOptions, said);
  if (option === undefined && answerOptions.length > 0)
    notices.push(`${id}: none of the options (${answerOptions.join(", ")}), so it is taken as a free answer`);
  return option ?? said;
}

/** @throws needs_person, transition_refused */
function assertAnswerable(ticket: Ticket, draft: Draft): void {
  const { id, fields } = ticket;
  if (fields.question === undefined) throw asksNothing(id, draft.read(ticket));
  if (!draft.actor.agent) return;
  throw new AyoError("needs_person", `only a person can answer for ${id}: ${fields.question}`, {
    try: ["ayo", "ticket", "ready"],
    data: { id, question: fields.question },
  });
}

/** Where a default answer was the last word, it says what a person can do who has another. */
function asksNothing(id: string, text: string): AyoError {
  const last = parseNotes(text).findLast((note) => isDefaultNote(note) || isAnswerNote(note) || isQuestionNote(note));
  if (last === undefined || !isDefaultNote(last)) {
    return new AyoError("transition_refused", `${id} asks nothing`, {
      try: ["ayo", "ticket", "show", id],
      data: { id },
    });
  }
  return new AyoError(
    "transition_refused",
    `${id} asks nothing any more: nobody answered in time; a note can say otherwise`,
    {
      try: ["ayo", "ticket", "note", id, "…"],
      data: { id, answer: last.text },
    },
  );
}
