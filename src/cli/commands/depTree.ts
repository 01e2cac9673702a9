import { depCycle as cycleAction } from "../../actions/depCycle.ts";
import { depTree as treeAction } from "../../actions/depTree.ts";
import { invoke } from "../../actions/input/action.ts";
import { warnProblems } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket dep tree [id]`. */
export const depTree: Command = {
  name: "ticket dep tree",
  summary: treeAction.summary,
  positionals: [{ name: "id", required: false, complete: "id" }],
  flags: flagsOf(treeAction.input, { omit: ["id"] }),
  examples: [
    ["ayo ticket dep tree ayo-x7k2", "what it waits for, and what these wait for"],
    ["ayo ticket dep tree --full", "everything, with repetitions"],
  ],
  run: async (context, args) => {
    const [id] = args.words;
    const tree = await invoke(treeAction, context.store(), {
      ...args.flags,
      ...(id === undefined ? {} : { id }),
    } as never);
    return { json: { ...tree }, text: tree.lines.map((line) => plain(line)).join("\n"), ids: tree.roots };
  },
};

/** `ayo ticket dep cycle`. */
export const depCycle: Command = {
  name: "ticket dep cycle",
  summary: cycleAction.summary,
  positionals: [],
  flags: {},
  examples: [["ayo ticket dep cycle", "exits 1 when there is one"]],
  run: async (context) => {
    const { cycles, deadlocks, problems } = await invoke(cycleAction, context.store(), {});
    warnProblems(context, problems);
    const lines = [...cycles.map((cycle) => cycle.join(" -> ")), ...deadlocks.map(({ message }) => message)];
    const ids = [...new Set([...cycles, ...deadlocks.map(({ cycle }) => cycle)].flat())];
    const text = lines.length === 0 ? "no cycles" : plain(lines.join("\n"));
    return { json: { cycles, deadlocks }, text, ids, code: lines.length === 0 ? 0 : 1 };
  },
};
