import { blocked as blockedAction } from "../../actions/blocked.ts";
import { listCommand } from "./listing.ts";

/** `ayo ticket blocked`. */
export const blocked = listCommand("blocked", blockedAction, {
  empty: "nothing is blocked",
  examples: [["ayo ticket blocked", "tickets that wait, and for which"]],
});
