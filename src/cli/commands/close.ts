import { close as closeAction } from "../../actions/close.ts";
import { submit as submitAction } from "../../actions/submit.ts";
import { lifecycle } from "./moves.ts";

/** `ayo ticket close <id…>`. */
export const close = lifecycle(closeAction, [
  ["ayo ticket close ayo-x7k2", "says which tickets became ready"],
  ['ayo ticket close ayo-x7k2 ayo-9fq1 -m "12 tests pass"', "several at once, with a note"],
  ["ayo ticket close ayo-x7k2 --output plan.json", "with what the work made, which its schema may ask for"],
]);

/** `ayo ticket submit <id…>`. */
export const submit = lifecycle(submitAction, [
  ['ayo ticket submit ayo-x7k2 -m "12 tests pass"', "your lease ends; somebody else approves or rejects it"],
  ["ayo ticket submit ayo-x7k2 --output -", "with what the work made, as JSON from stdin"],
]);
