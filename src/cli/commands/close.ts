import { close as closeAction } from "../../actions/close.ts";
import { lifecycle } from "./moves.ts";

/** `ayo ticket close <id…>`. */
export const close = lifecycle(closeAction, [
  ["ayo ticket close ayo-x7k2", "says which tickets became ready"],
  ['ayo ticket close ayo-x7k2 ayo-9fq1 -m "12 tests pass"', "several at once, with a note"],
]);
