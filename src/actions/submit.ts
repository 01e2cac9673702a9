import * as v from "valibot";
import { AyoError } from "../error.ts";
import { isFinished } from "../store/disk/view.ts";
import type { Store } from "../store/open/store.ts";
import { columnOf } from "../ticket/rules/columns.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action } from "./input/action.ts";
import { type Move, moveInput, moveTickets, outputInput } from "./lifecycle/moveTickets.ts";
import { wished } from "./lifecycle/proven.ts";
import { toCategory } from "./lifecycle/step.ts";
import { verifyFirst } from "./verify/verifyFirst.ts";

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
  input: v.object({ ...moveInput, ...outputInput }),
  run: async (store, input) => {
    await verifyFirst(store, input, (board) => columnOf(board, "review"));
    return moveTickets(store, input, submitting(store));
  },
});

/** The same as an agent's wish, inside a run whose work ayo verifies first. */
export function submitting(store: Store): Move {
  const { step } = SUBMITTING;
  return { ...SUBMITTING, step: (ticket, draft) => wished(store, draft, ticket, "submit") ?? step(ticket, draft) };
}

function finished({ id, status }: Ticket): AyoError {
  return new AyoError("transition_refused", `${id} is ${status} already`, {
    try: ["ayo", "ticket", "show", id],
    data: { id, from: status },
  });
}
