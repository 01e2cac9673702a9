import { graph as graphAction } from "../../actions/graph/graph.ts";
import { invoke } from "../../actions/input/action.ts";
import { warnProblems } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** Mermaid refuses a drawing with more edges unless it is configured otherwise. */
const MERMAID_EDGES = 500;

/** `ayo ticket graph [id]`. */
export const graph: Command = {
  name: "ticket graph",
  summary: graphAction.summary,
  positionals: [{ name: "id", required: false, complete: "id" }],
  flags: flagsOf(graphAction.input, { omit: ["id"] }),
  examples: [
    ["ayo ticket graph ayo-x7k2", "what comes before and after it, for a mermaid block"],
    ["ayo ticket graph --format dot | dot -Tsvg > graph.svg", "everything, drawn by graphviz"],
    ["ayo ticket graph --format json", "nodes and edges for programs"],
  ],
  run: async (context, { words, flags }) => {
    const [id] = words;
    const drawn = await invoke(graphAction, context.store(), {
      ...flags,
      ...(id === undefined ? {} : { id }),
    } as never);
    warnProblems(context, drawn.problems);
    const { nodes, edges, text, problems } = drawn;
    if (nodes.length === 0) context.warn("no ticket waits for another; --all draws the tickets alone");
    if ((flags.format ?? "mermaid") === "mermaid" && flags.json !== true && edges.length > MERMAID_EDGES) {
      context.warn(
        `note: ${edges.length} edges; mermaid draws ${MERMAID_EDGES} by default: name a ticket, or --format dot`,
      );
    }
    const shape = { nodes, edges, problems };
    const json = flags.format === undefined || text === null ? shape : { ...shape, format: flags.format, text };
    return { json, text: text ?? JSON.stringify({ schema: 1, ...shape }), ids: nodes.map((node) => node.id) };
  },
};
