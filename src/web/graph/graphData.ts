import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import { type Category, isFinished } from "../data/shapes.ts";
import { ownScript } from "../page/ownScript.ts";
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

/** What is to be seen of a graph. */
export interface Wanted {
  /** The one ticket around which all stands; "" for the whole graph. */
  readonly focus: string;
  /** Whether a ticket passes the filter; undefined where there is none. */
  readonly fits: ((id: string) => boolean) | undefined;
  /** What is finished, too. */
  readonly finished: boolean;
}

/** The graph as it is wanted; undefined while it is worked out. */
export function useGraph(model: Model, { focus, fits, finished }: Wanted) {
  const [answer, setAnswer] = useState<Answer>();
  const [drawn, setDrawn] = useState<Drawn>();
  const [failure, setFailure] = useState("");
  const worker = useRef<Worker | undefined>(undefined);
  const request = useRef(0);
  useEffect(() => () => worker.current?.terminate(), []);
  useEffect(() => {
    const stop = new AbortController();
    const query = focus === "" ? "/graph" : `/tickets/${encodeURIComponent(focus)}/graph`;
    call<Answer>(query, { signal: stop.signal }).then(
      (found) => {
        setFailure("");
        setAnswer(found);
      },
      (error: Error) => error.name !== "AbortError" && setFailure(error.message),
    );
    return () => stop.abort();
  }, [model, focus]);
  useEffect(() => {
    if (answer === undefined) return;
    const mine = ++request.current;
    const shown = wantedOf(answer, { focus, fits, finished });
    const parts = numbered(shown, model.columns);
    worker.current ??= new Worker(ownScript("layoutWorker"), { type: "module" });
    worker.current.onmessage = ({ data }: MessageEvent<{ request: number; layout: Layout }>) => {
      if (data.request === request.current) setDrawn({ ...parts, layout: data.layout });
    };
    const open = Uint8Array.from(shown.nodes, ({ category }) => (isOpen(category) ? 1 : 0));
    worker.current.postMessage({ request: mine, input: { count: shown.nodes.length, edges: parts.edges, open } });
  }, [answer, fits, finished]);
  return { drawn, failure };
}

/** The nodes that are wanted and tied to another that is; the one in the middle stays whatever it is. */
function wantedOf({ nodes, edges }: Answer, { focus, fits, finished }: Wanted): Answer {
  const kept = new Set(
    nodes
      .filter(({ id, category }) => (finished || !isFinishedNode(category)) && (fits === undefined || fits(id)))
      .map(({ id }) => id),
  );
  if (focus !== "") kept.add(nodes.find(({ id }) => id === focus)?.id ?? "");
  const left = edges.filter(({ from, to }) => kept.has(from) && kept.has(to));
  const tied = new Set([focus, ...left.flatMap(({ from, to }) => [from, to])]);
  return { nodes: nodes.filter(({ id }) => kept.has(id) && tied.has(id)), edges: left };
}

function isFinishedNode(category: Node["category"]): boolean {
  return category !== "missing" && isFinished({ category });
}

function isOpen(category: Node["category"]): boolean {
  return category !== "missing" && !isFinishedNode(category);
}

function numbered({ nodes: all, edges }: Answer, columns: Model["columns"]): Omit<Drawn, "layout"> {
  const names = new Map(columns.map(({ id, name }) => [id, name]));
  const nodes = all.map((node) => ({ ...node, status: names.get(node.status) ?? node.status }));
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
