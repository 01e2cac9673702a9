import { ready as readyAction } from "../../actions/ready.ts";
import { listCommand } from "./listing.ts";

/** `ayo ticket ready`. */
export const ready = listCommand("ready", readyAction, {
  empty: "nothing is ready",
  examples: [
    ["ayo ticket ready", "what can be begun now, best first"],
    ["ayo ticket ready -a @reviewer --limit 1 -q", "the id of the next ticket"],
    ["ayo ticket ready --explain", "and why the others are not"],
  ],
});
