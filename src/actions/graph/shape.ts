import type { Category } from "../../ticket/rules/board.ts";

/** Work goes along the arrow: `from` is done before `to`, as its dependency or as a part of it. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "dependency" | "part";
}

/** A ticket in the graph; `missing` is an id that some ticket names and nobody has. */
export interface GraphNode {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  /** Null where the status is no column of this board. */
  readonly category: Category | "missing" | null;
}

/** Nodes and edges, sorted; cycles that somebody made by hand are shown as they are. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
