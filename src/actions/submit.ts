import * as v from "valibot";
import { AyoError } from "../error.ts";
import { isFinished } from "../store/disk/view.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action } from "./input/action.ts";
import { type Move, moveInput, moveTickets } from "./lifecycle/moveTickets.ts";
import { toCategory } from "./lifecycle/step.ts";

/** How finished work is handed in: the lease ends, its author stays known. */
export const SUBMITTING: Move = {
  verb: "submit",
  step: toCategory("review"),
  check: (ticket, { view }) => {
    if (isFinished(view.board, ticket.status)) throw finished(ticket);
  },
};

/** `ayo ticket submit <id…>`: hands finished work in for review. */
export const submit = action({
  name: "submit",
  summary: "Hand finished work in: somebody else approves or rejects it",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) => moveTickets(store, input, SUBMITTING),
});

function finished({ id, status }: Ticket): AyoError {
  return new AyoError("transition_refused", `${id} is ${status} already`, {
    try: ["ayo", "ticket", "show", id],
    data: { id, from: status },
  });
}
