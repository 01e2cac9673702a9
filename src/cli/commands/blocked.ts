import { blocked as blockedAction } from "../../actions/blocked.ts";
import { ticketLine } from "../print/line.ts";
import { listCommand } from "./listing.ts";

/** `ayo ticket blocked`. */
export const blocked = listCommand("blocked", blockedAction, {
  empty: "nothing is blocked",
  line: (ticket, context) => ticketLine(ticket, context.paint, { priority: true, arrow: ticket.blockedBy }),
  examples: [["ayo ticket blocked", "tickets that wait, and for which"]],
});
