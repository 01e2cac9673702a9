export { runTui } from "./app/run.ts";
export { LEAVE } from "./screen/terminal.ts";
