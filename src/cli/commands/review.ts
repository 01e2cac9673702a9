import { approve as approveAction } from "../../actions/approve.ts";
import { reject as rejectAction } from "../../actions/reject.ts";
import { submit as submitAction } from "../../actions/submit.ts";
import { lifecycle } from "./moves.ts";

/** `ayo ticket submit <id…>`. */
export const submit = lifecycle(submitAction, [
  ['ayo ticket submit ayo-x7k2 -m "12 tests pass"', "your lease ends; somebody else approves or rejects it"],
]);

/** `ayo ticket approve <id…>`. */
export const approve = lifecycle(
  approveAction,
  [
    ["ayo ticket approve ayo-x7k2", "closes it; says which tickets became ready"],
    ["ayo ticket approve --all --project web", "all of a project that is not your own work"],
  ],
  { required: false },
);

/** `ayo ticket reject <id…>`. */
export const reject = lifecycle(rejectAction, [
  ['ayo ticket reject ayo-x7k2 -m "fails without a network"', "back to the first column, with the reason"],
]);
