import type { Ticket } from "../ticket.ts";

/**
 * The cycle that making `from` wait for `to` would close, as ids along the way: `[from, to, …, from]`;
 * undefined where there would be none. Linear, without recursion.
 */
export function findCycle(deps: (id: string) => readonly string[], from: string, to: string): string[] | undefined {
  if (from === to) return [from, from];
  const way = findWay(deps, to, from);
  return way === undefined ? undefined : [from, ...way];
}

/** The shortest way along dependencies, both ends included. */
export function findWay(deps: (id: string) => readonly string[], start: string, goal: string): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[start, undefined]]);
  // A map iterates what is added on the way, so it is the queue too.
  for (const id of cameFrom.keys()) {
    for (const next of deps(id)) {
      if (!cameFrom.has(next)) cameFrom.set(next, id);
      if (next === goal) return [...wayBack(cameFrom, id), goal];
    }
  }
  return undefined;
}

function wayBack(cameFrom: ReadonlyMap<string, string | undefined>, end: string): string[] {
  const way: string[] = [];
  for (let id: string | undefined = end; id !== undefined; id = cameFrom.get(id)) way.push(id);
  return way.reverse();
}

/**
 * One cycle for every knot of tickets that wait for each other, as `[a, b, …, a]` from its smallest id; dependencies
 * on tickets that are not among `tickets` are left out.
 */
export function findCycles(tickets: Iterable<Ticket>): string[][] {
  const deps = new Map<string, readonly string[]>();
  for (const { id, fields } of tickets) deps.set(id, fields.deps ?? []);
  const cycles: string[][] = [];
  for (const knot of findKnots(deps)) {
    if (knot.length === 1 && !deps.get(knot[0] ?? "")?.includes(knot[0] ?? "")) continue;
    const members = new Set(knot);
    const inside = (id: string) => (deps.get(id) ?? []).filter((dep) => members.has(dep));
    const [first = ""] = knot.sort();
    const way = findWay(inside, first, first);
    if (way !== undefined) cycles.push(way);
  }
  return cycles.sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
}

/** Strongly connected components (Tarjan), with a stack of our own: chains of 100,000 tickets do not overflow. */
export function findKnots(deps: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const found: string[][] = [];

  const enter = (id: string): Frame => {
    order.set(id, order.size);
    low.set(id, order.size - 1);
    open.push(id);
    isOpen.add(id);
    return { id, next: 0 };
  };
  const lower = (id: string, to: number | undefined) => low.set(id, Math.min(low.get(id) ?? 0, to ?? 0));
  const leave = (id: string) => {
    if (low.get(id) !== order.get(id)) return;
    const knot = open.splice(open.lastIndexOf(id));
    for (const member of knot) isOpen.delete(member);
    found.push(knot);
  };
  const advance = (stack: Frame[], frame: Frame) => {
    const dep = deps.get(frame.id)?.[frame.next++];
    if (dep === undefined) {
      stack.pop();
      leave(frame.id);
      const parent = stack.at(-1);
      if (parent !== undefined) lower(parent.id, low.get(frame.id));
    } else if (deps.has(dep) && !order.has(dep)) stack.push(enter(dep));
    else if (isOpen.has(dep)) lower(frame.id, order.get(dep));
  };

  for (const id of deps.keys()) {
    const stack = order.has(id) ? [] : [enter(id)];
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) advance(stack, frame);
  }
  return found;
}

interface Frame {
  readonly id: string;
  next: number;
}

/** One line of a drawn tree; `repeat` says why its children are not drawn below it. */
export interface TreeNode {
  readonly id: string;
  /** 0 for a root. */
  readonly depth: number;
  /** The box-drawing characters before the id, as tk draws them. */
  readonly prefix: string;
  readonly repeat?: "shown above" | "cycle";
}

/** How much of a tree is drawn: a full one of diamonds has exponentially many lines. */
const MAX_NODES = 20_000;
const MAX_CHARACTERS = 4_000_000;

/** The nodes of {@link dependencyTree}, and whether it was too large to be drawn whole. */
export interface Tree {
  readonly nodes: readonly TreeNode[];
  readonly truncated: boolean;
}

/**
 * The tree below `rootIds` in the order it is printed. Every id is opened once, in linear time, however often it is
 * reached; with `full` it is opened wherever it stands, up to a limit. Without recursion.
 */
export function dependencyTree(
  rootIds: readonly string[],
  children: (id: string) => readonly string[],
  { full }: { readonly full: boolean },
): Tree {
  const nodes: TreeNode[] = [];
  const opened = new Set<string>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const waiting: Waiting[] = rootIds.map((id) => ({ id, depth: 0, prefix: "", indent: "" })).reverse();
  let characters = 0;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (nodes.length >= MAX_NODES || characters > MAX_CHARACTERS) return { nodes, truncated: true };
    const { id, depth, prefix, indent } = node;
    characters += prefix.length;
    for (const left of path.splice(depth)) onPath.delete(left);
    const below = [...new Set(children(id))];
    if (onPath.has(id)) nodes.push({ id, depth, prefix, repeat: "cycle" });
    else if (!full && opened.has(id) && below.length > 0) nodes.push({ id, depth, prefix, repeat: "shown above" });
    else {
      nodes.push({ id, depth, prefix });
      opened.add(id);
      path.push(id);
      onPath.add(id);
      waiting.push(...below.map((child, n) => branch(child, depth + 1, indent, n === below.length - 1)).reverse());
    }
  }
  return { nodes, truncated: false };
}

interface Waiting {
  readonly id: string;
  readonly depth: number;
  readonly prefix: string;
  /** What stands before the prefix of this node's children. */
  readonly indent: string;
}

function branch(id: string, depth: number, indent: string, isLast: boolean): Waiting {
  return { id, depth, prefix: indent + (isLast ? "└── " : "├── "), indent: indent + (isLast ? "    " : "│   ") };
}

/** The lines of {@link dependencyTree}; `label` gives what stands for an id. */
export function formatTree(
  rootIds: readonly string[],
  children: (id: string) => readonly string[],
  label: (id: string) => string,
  options: { readonly full: boolean },
): string[] {
  const { nodes, truncated } = dependencyTree(rootIds, children, options);
  const lines = nodes.map(
    ({ id, prefix, repeat }) => `${prefix}${label(id)}${repeat === undefined ? "" : ` (${repeat})`}`,
  );
  return truncated ? [...lines, `… cut after ${nodes.length} lines`] : lines;
}
