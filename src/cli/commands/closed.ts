import { closed as closedAction } from "../../actions/closed.ts";
import { listCommand } from "./listing.ts";

/** `ayo ticket closed`. */
export const closed = listCommand("closed", closedAction, {
  empty: "nothing is closed",
  isPast: true,
  examples: [["ayo ticket closed --limit 10", "the ten that were finished last"]],
});
