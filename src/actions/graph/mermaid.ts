import { COLOURS, lineOf, titleOf } from "./colours.ts";
import type { Graph, GraphNode } from "./shape.ts";

/** The graph as a mermaid flowchart, which GitHub and GitLab draw; parts of a ticket have dashed arrows. */
export function formatMermaid({ nodes, edges }: Graph): string {
  const keys = keysOf(nodes);
  const classOf = ({ category }: GraphNode): keyof typeof COLOURS => category ?? "unknown";
  const used = [...new Set(nodes.map(classOf))].sort();
  return [
    "flowchart LR",
    ...nodes.map((node) => `  ${keys.get(node.id)}["${label(node)}"]:::${classOf(node)}`),
    ...edges.map(({ from, to, kind }) => `  ${keys.get(from)} ${kind === "part" ? "-.->" : "-->"} ${keys.get(to)}`),
    ...used.map((name) => `  classDef ${name} fill:${COLOURS[name][0]},stroke:${COLOURS[name][1]},color:#111827`),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** Ids hold dashes, dots and mermaid's own words; keys begin with `t_` and are the same for the same tickets. */
function keysOf(nodes: readonly GraphNode[]): Map<string, string> {
  const taken = new Set<string>();
  const keys = new Map<string, string>();
  for (const { id } of nodes) {
    const plain = `t_${id.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
    let key = plain;
    for (let n = 2; taken.has(key); n++) key = `${plain}_${n}`;
    taken.add(key);
    keys.set(id, key);
  }
  return keys;
}

function label(node: GraphNode): string {
  return `${encode(lineOf(node.id))}<br/>${encode(titleOf(node))}`;
}

/** Everything that mermaid, markdown or HTML could take for a sign becomes a character code, `#34;`. */
function encode(text: string): string {
  return text.replaceAll(/[^\u0080-\u{10ffff}A-Za-z0-9 .,()/+=!?'-]/gu, (char) => `#${char.codePointAt(0)};`);
}
