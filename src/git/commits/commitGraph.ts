import { type CommitParts, parseCommit } from "./commit.ts";
import type { CommitReader } from "./commitReader.ts";

/** Which commits there are and what their parents are; commits go by their place in the list. */
export interface CommitGraph {
  readonly oids: string[];
  readonly places: Map<string, number>;
  /** By place: the places of the parents. */
  readonly parents: (readonly number[])[];
  /** Places of commits that are not in the repository: beyond a shallow clone's edge, or lost. */
  readonly absent: Set<number>;
}

/** A graph without commits. */
export function emptyGraph(): CommitGraph {
  return { oids: [], places: new Map(), parents: [], absent: new Set() };
}

/** Adds what can be reached from `tips` and is not in the graph yet; each commit that is new is visited once. */
export function growGraph(
  graph: CommitGraph,
  tips: Iterable<string>,
  reader: CommitReader,
  visit: (oid: string, commit: CommitParts) => void,
): void {
  const { oids, places, parents, absent } = graph;
  const placeOf = (oid: string): number => {
    const known = places.get(oid);
    if (known !== undefined) return known;
    places.set(oid, oids.length);
    parents.push([]);
    todo.push(oids.length);
    return oids.push(oid) - 1;
  };
  // What was missing may have been fetched since.
  const todo = [...absent];
  for (const tip of tips) placeOf(tip);
  for (let place = todo.pop(); place !== undefined; place = todo.pop()) {
    const oid = oids[place] as string;
    const bytes = reader.read(oid);
    if (bytes === undefined) {
      absent.add(place);
      continue;
    }
    absent.delete(place);
    const commit = parseCommit(bytes);
    parents[place] = commit.parents.map(placeOf);
    visit(oid, commit);
  }
}

/** By place: how many commits lie below one on the longest way to a root; more than any of its ancestors. */
export function generations({ oids, parents }: CommitGraph): Uint32Array {
  const found = new Uint32Array(oids.length);
  const DONE = 2;
  const state = new Uint8Array(oids.length);
  const todo: number[] = [];
  for (let start = 0; start < oids.length; start++) {
    if (state[start] !== DONE) todo.push(start);
    for (let place = todo.pop(); place !== undefined; place = todo.pop()) {
      const above = parents[place] ?? [];
      if (state[place] === 0) {
        state[place] = 1;
        // Once more, when its parents are done.
        todo.push(place, ...above.filter((parent) => state[parent] === 0));
      } else if (state[place] === 1) {
        state[place] = DONE;
        found[place] = above.reduce((most, parent) => Math.max(most, (found[parent] as number) + 1), 0);
      }
    }
  }
  return found;
}

/** The graph of what can be reached from `tips`: itself where that is all of it. */
export function prunedGraph(graph: CommitGraph, tips: Iterable<string>): CommitGraph {
  const reached = reachedFrom(graph, tips);
  if (!reached.includes(0)) return graph;
  const pruned = emptyGraph();
  const moved = new Map<number, number>();
  for (const [place, oid] of graph.oids.entries()) {
    if (reached[place] === 0) continue;
    moved.set(place, pruned.oids.length);
    pruned.places.set(oid, pruned.oids.length);
    pruned.oids.push(oid);
    if (graph.absent.has(place)) pruned.absent.add(pruned.places.size - 1);
  }
  for (const place of moved.keys()) {
    pruned.parents.push((graph.parents[place] ?? []).map((parent) => moved.get(parent) as number));
  }
  return pruned;
}

/** More steps than this take too long to tell where commits are; half a second or so. */
const MAX_STEPS = 50_000_000;

/**
 * For each of `commits` the sorted names of the tips from which it can be reached; undefined where there are so many
 * tips and commits that it would take long to tell.
 */
export function tipsAbove(
  graph: CommitGraph,
  tips: ReadonlyMap<string, string>,
  commits: Iterable<string>,
): Map<string, string[]> | undefined {
  const namesOf = new Map<string, string[]>();
  for (const [name, oid] of tips) namesOf.set(oid, [...(namesOf.get(oid) ?? []), name]);
  if (namesOf.size * graph.oids.length > MAX_STEPS) return undefined;
  const found = new Map([...commits].map((oid): [string, string[]] => [oid, []]));
  for (const [tip, names] of namesOf) {
    const reached = reachedFrom(graph, [tip]);
    for (const [oid, list] of found) if (reached[graph.places.get(oid) ?? -1] === 1) list.push(...names);
  }
  for (const list of found.values()) list.sort();
  return found;
}

/** By place: 1 for what can be reached from `tips`, themselves included. */
function reachedFrom(graph: CommitGraph, tips: Iterable<string>): Uint8Array {
  const reached = new Uint8Array(graph.oids.length);
  const todo: number[] = [];
  const reach = (place: number | undefined): void => {
    if (place === undefined || reached[place] === 1) return;
    reached[place] = 1;
    todo.push(place);
  };
  for (const tip of tips) reach(graph.places.get(tip));
  for (let place = todo.pop(); place !== undefined; place = todo.pop()) graph.parents[place]?.forEach(reach);
  return reached;
}

/** The graph as bytes, for {@link decodeGraph}: ids, flags, where each one's parents begin, parents. */
export function encodeGraph({ oids, parents, absent }: CommitGraph): Buffer {
  const starts = new Uint32Array(oids.length + 1);
  for (const [place, list] of parents.entries()) starts[place + 1] = (starts[place] as number) + list.length;
  const edges = Uint32Array.from(parents.flat());
  const flags = Buffer.alloc(oids.length + ((4 - (oids.length % 4)) % 4));
  for (const place of absent) flags[place] = 1;
  const count = Uint32Array.of(oids.length, edges.length);
  return Buffer.concat([bytesOf(count), Buffer.from(oids.join(""), "hex"), flags, bytesOf(starts), bytesOf(edges)]);
}

/** The graph that bytes hold. @throws where they are cut short */
export function decodeGraph(bytes: Buffer): CommitGraph {
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError("the graph is cut short");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const [count = 0, edgeCount = 0] = numbersIn(take(8));
  const hex = take(count * 20).toString("hex");
  const oids = Array.from({ length: count }, (_, place) => hex.slice(place * 40, place * 40 + 40));
  const flags = take(count + ((4 - (count % 4)) % 4));
  const starts = numbersIn(take((count + 1) * 4));
  const edges = numbersIn(take(edgeCount * 4));
  const absent = new Set<number>();
  for (let place = 0; place < count; place++) if (flags[place] === 1) absent.add(place);
  return {
    oids,
    places: new Map(oids.map((oid, place) => [oid, place])),
    parents: oids.map((_, place) => [...edges.subarray(starts[place], starts[place + 1])]),
    absent,
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** A copy, since numbers must lie at a multiple of four. */
function numbersIn(bytes: Buffer): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}
