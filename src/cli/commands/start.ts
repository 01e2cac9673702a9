import { start as startAction } from "../../actions/start.ts";
import { lifecycle } from "./moves.ts";

/** `ayo ticket start <id…>`. */
export const start = lifecycle(startAction, [
  ["ayo ticket start ayo-x7k2", "moves it to in_progress; a person becomes its assignee, an agent claims it"],
]);
