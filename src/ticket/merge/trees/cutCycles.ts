import { findWay } from "../../rules/graph.ts";
import { parseFrontMatter } from "../../text/frontMatter.ts";
import { addNote } from "../mergeTicket.ts";
import { patchSurely } from "../patchSurely.ts";
import { compareStamps, compareText, otherOf, type Stamp, stampName, type Which } from "../sides.ts";
import type { Contents } from "./contents.ts";
import type { Place } from "./identities.ts";
import type { MergedTicket } from "./mergeTickets.ts";
import { nameIn, type TreeJob } from "./trees.ts";

/** A line from one ticket to another that only one side has, and where that ticket lies there. */
interface Drawn {
  readonly from: string;
  readonly to: string;
  readonly side: Which;
  readonly path: string;
}

/** The same with who drew it. */
interface Edge extends Drawn {
  readonly stamp: Stamp;
}

const KINDS = {
  deps: { field: "deps", word: "to wait for" },
  parent: { field: "parent", word: "to be a part of" },
} as const;
type Kind = keyof typeof KINDS;

/** Takes dependencies and parents away with which both sides together close a circle: those that were added later. */
export function cutCycles(tickets: readonly MergedTicket[], job: TreeJob, contents: Contents): readonly MergedTicket[] {
  return cut("parent", cut("deps", tickets, job, contents), job, contents);
}

function cut(kind: Kind, tickets: readonly MergedTicket[], job: TreeJob, contents: Contents): readonly MergedTicket[] {
  const [left, right] = (["a", "b"] as const).map((side) => drawn(kind, side, tickets, contents)) as [Drawn[], Drawn[]];
  // What one side closed by itself was there before, and is for doctor to tell.
  if (left.length === 0 || right.length === 0) return tickets;
  const byName = new Map(tickets.map((one) => [nameIn(one.merged.path), one] as const));
  const edges = [...left, ...right]
    .filter(({ from, to }) => targetsOf(kind, byName.get(from)?.merged, contents).includes(to))
    .map((one) => ({ ...one, stamp: stampOf(kind, one, job) }));
  const open = new Set(edges.map(keyOf));
  const next = (id: string): string[] =>
    targetsOf(kind, byName.get(id)?.merged, contents).filter((to) => !open.has(keyOf({ from: id, to })));
  for (const edge of edges.sort(byAge)) {
    if (!open.has(keyOf(edge))) continue;
    const way = findWay(next, edge.to, edge.from);
    if (way === undefined) open.delete(keyOf(edge));
    else byName.set(edge.from, without(kind, byName.get(edge.from) as MergedTicket, edge, way, { job, contents }));
  }
  return tickets.map((one) => byName.get(nameIn(one.merged.path)) ?? one);
}

function keyOf({ from, to }: Pick<Edge, "from" | "to">): string {
  return `${from} ${to}`;
}

function byAge(one: Edge, other: Edge): number {
  return (
    compareStamps({ ...one.stamp, kind: "person" }, { ...other.stamp, kind: "person" }) ||
    compareText(keyOf(one), keyOf(other))
  );
}

function targetsOf(kind: Kind, place: Place | undefined, contents: Contents): readonly string[] {
  const facts = contents.facts(place?.content);
  if (facts === undefined) return [];
  if (kind === "deps") return facts.deps;
  return facts.parent === undefined ? [] : [facts.parent];
}

/** What a side has and the other has not: a circle that neither has is closed by what both bring. */
function drawn(kind: Kind, side: Which, tickets: readonly MergedTicket[], contents: Contents): Drawn[] {
  return tickets.flatMap((one) => {
    const [place, other] = [one[side], one[otherOf(side)]];
    if (place === undefined || contents.isSame(place.content, other?.content)) return [];
    const known = targetsOf(kind, other, contents);
    const fresh = targetsOf(kind, place, contents).filter((to) => !known.includes(to));
    return fresh.map((to) => ({ from: one.name, to, side, path: place.path }));
  });
}

/** When an edge was drawn: it is asked only where there may be a circle, since it takes a walk through history. */
function stampOf(kind: Kind, { side, path }: Drawn, job: TreeJob): Stamp {
  const { stampsOf, tip } = job[side];
  return stampsOf(path)[KINDS[kind].field] ?? tip;
}

interface Merging {
  readonly job: TreeJob;
  readonly contents: Contents;
}

function without(
  kind: Kind,
  one: MergedTicket,
  edge: Edge,
  way: readonly string[],
  { job, contents }: Merging,
): MergedTicket {
  const { path, content } = one.merged;
  const text = contents.text(content);
  if (text === undefined) return one;
  const rest = targetsOf(kind, one.merged, contents).filter((to) => to !== edge.to);
  const patched = patchSurely(text, { [KINDS[kind].field]: kind === "parent" ? null : rest }, path, parseFrontMatter);
  const circle = [edge.from, ...way].join(" → ");
  const said = `${edge.from} is not ${KINDS[kind].word} ${edge.to}, as ${stampName(edge.stamp)} would have it: with what the other side added that is a circle (${circle})`;
  job.told.push({ code: "cycle_cut", path, message: said });
  const noted = addNote(patched, { field: KINDS[kind].field, text: said }, job.context.at);
  return { ...one, merged: { path, content: { mode: content.mode, text: noted } } };
}
