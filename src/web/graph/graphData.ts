import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import { type Category, isFinished } from "../data/shapes.ts";
import type { Layout } from "./layout.ts";

/** A ticket in the graph. */
export interface Node {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly category: Category | "missing" | null;
}

/** The graph with the place of everything in it. */
export interface Drawn {
  readonly nodes: readonly Node[];
  /** Pairs of numbers of nodes; with `parts` what kind each is. */
  readonly edges: Int32Array;
  /** 1 for an edge from a part to its whole, 0 for a dependency. */
  readonly parts: Uint8Array;
  readonly layout: Layout;
  /** The number of a node by its id. */
  readonly numbers: ReadonlyMap<string, number>;
}

interface Answer {
  readonly nodes: readonly Node[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly kind: string }[];
}

/** The graph of all, or of what comes before and after one ticket; undefined while it is worked out. */
export function useGraph(model: Model, focus: string): { readonly drawn: Drawn | undefined; readonly failure: string } {
  const [drawn, setDrawn] = useState<Drawn>();
  const [failure, setFailure] = useState("");
  const worker = useRef<Worker | undefined>(undefined);
  const request = useRef(0);
  useEffect(() => () => worker.current?.terminate(), []);
  useEffect(() => {
    const mine = ++request.current;
    const query = focus === "" ? "/graph" : `/tickets/${encodeURIComponent(focus)}/graph`;
    call<Answer>(query).then(
      (answer) => {
        if (mine !== request.current) return;
        setFailure("");
        worker.current ??= new Worker("/layoutWorker.js", { type: "module" });
        const parts = numbered(answer);
        worker.current.onmessage = ({ data }: MessageEvent<{ request: number; layout: Layout }>) => {
          if (data.request === request.current) setDrawn({ ...parts, layout: data.layout });
        };
        const open = Uint8Array.from(answer.nodes, ({ category }) => (isOpen(category) ? 1 : 0));
        worker.current.postMessage({ request: mine, input: { count: answer.nodes.length, edges: parts.edges, open } });
      },
      (error: Error) => mine === request.current && setFailure(error.message),
    );
  }, [model, focus]);
  return { drawn, failure };
}

function isOpen(category: Node["category"]): boolean {
  return category !== "missing" && !isFinished({ category });
}

function numbered({ nodes, edges }: Answer): Omit<Drawn, "layout"> {
  const numbers = new Map(nodes.map(({ id }, n) => [id, n]));
  const pairs = new Int32Array(2 * edges.length);
  const parts = new Uint8Array(edges.length);
  edges.forEach(({ from, to, kind }, n) => {
    pairs[2 * n] = numbers.get(from) ?? 0;
    pairs[2 * n + 1] = numbers.get(to) ?? 0;
    parts[n] = kind === "part" ? 1 : 0;
  });
  return { nodes, edges: pairs, parts, numbers };
}

/** Everything before and after a node, with it. */
export function around({ edges, nodes }: Drawn, start: number): ReadonlySet<number> {
  const reach = (from: 0 | 1): number[] => {
    const lists: number[][] = nodes.map(() => []);
    for (let at = 0; at < edges.length; at += 2) {
      lists[edges[at + from] as number]?.push(edges[at + 1 - from] as number);
    }
    const reached = new Set([start]);
    // A set iterates what is added on the way, so it is the queue too.
    for (const node of reached) for (const other of lists[node] as number[]) reached.add(other);
    return [...reached];
  };
  return new Set([...reach(0), ...reach(1)]);
}
