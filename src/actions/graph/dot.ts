import { COLOURS, lineOf, titleOf } from "./colours.ts";
import type { Graph, GraphNode } from "./shape.ts";

/** The graph for graphviz: `ayo ticket graph --format dot | dot -Tsvg`; parts of a ticket have dashed arrows. */
export function formatDot({ nodes, edges }: Graph): string {
  return [
    "digraph tickets {",
    "  rankdir=LR;",
    '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontcolor="#111827"];',
    ...nodes.map((node) => `  ${quote(node.id)} [${attributes(node)}];`),
    ...edges.map(
      ({ from, to, kind }) => `  ${quote(from)} -> ${quote(to)}${kind === "part" ? " [style=dashed]" : ""};`,
    ),
    "}",
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function attributes(node: GraphNode): string {
  const name = node.category ?? "unknown";
  const [fill, line] = COLOURS[name];
  const label = `"${escaped(lineOf(node.id))}\\n${escaped(titleOf(node))}"`;
  return `label=${label}, class="${name}", fillcolor="${fill}", color="${line}"`;
}

function quote(text: string): string {
  return `"${escaped(lineOf(text))}"`;
}

/** A backslash before a letter would mean something to graphviz, and so do character references: `&amp;`. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("&", "&amp;");
}
