import * as v from "valibot";
import { columnOf } from "../ticket/rules/columns.ts";
import { action } from "./input/action.ts";
import { checkWord } from "./input/checkInput.ts";
import { moveInput, moveTickets } from "./lifecycle/moveTickets.ts";
import { isIn } from "./lifecycle/step.ts";

/** `ayo ticket block <id…> -m reason`. */
export const block = action({
  name: "block",
  summary: "Park tickets that wait for something outside the store",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) =>
    moveTickets(store, input, {
      verb: "block",
      step: (ticket, { view }) => {
        const to = columnOf(view.board, "blocked");
        return { to, fields: isIn(view, ticket, to) ? {} : reason(input.message) };
      },
    }),
});

function reason(message: string | undefined): Record<string, string> {
  const [first] = message?.trim().split("\n") ?? [];
  return first ? { blockedReason: checkWord("reason", first.slice(0, 200)) } : {};
}
