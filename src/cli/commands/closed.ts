import { closed as closedAction } from "../../actions/closed.ts";
import { ticketLine } from "../print/line.ts";
import { listCommand } from "./listing.ts";

/** `ayo ticket closed`. */
export const closed = listCommand("closed", closedAction, {
  empty: "nothing is closed",
  line: (ticket, context) => ticketLine(ticket, context.paint),
  examples: [["ayo ticket closed --limit 10", "the ten that were finished last"]],
});
