import { categoryOf } from "../../rules/columns.ts";
import { parseFrontMatter } from "../../text/frontMatter.ts";
import { addNote, inReview } from "../mergeTicket.ts";
import type { Contents } from "./contents.ts";
import type { Place } from "./identities.ts";
import type { MergedTicket } from "./mergeTickets.ts";
import { nameIn, type TreeJob } from "./trees.ts";

const FINISHED = ["done", "failed", "cancelled"];

/** Sends tickets back to review that a side closed while the other gave them an open part or dependency. */
export function reviewAgain(
  tickets: readonly MergedTicket[],
  job: TreeJob,
  contents: Contents,
): readonly MergedTicket[] {
  const { board } = job.context;
  const statusOf = (place: Place | undefined): string => contents.facts(place?.content)?.status ?? "";
  const isDone = (place: Place | undefined): boolean => categoryOf(board, statusOf(place)) === "done";
  const closed = tickets.flatMap((one) => {
    const closer = closerOf(one, isDone, contents);
    return closer === undefined ? [] : [{ one, other: closer === "a" ? ("b" as const) : ("a" as const) }];
  });
  if (closed.length === 0) return tickets;
  const byName = new Map(tickets.map((one) => [nameIn(one.merged.path), one.merged] as const));
  const isOpen = (id: string): boolean => {
    const place = byName.get(id);
    return place !== undefined && !FINISHED.includes(categoryOf(board, statusOf(place)) ?? "");
  };
  const sent = new Map<MergedTicket, MergedTicket>();
  for (const { one, other } of closed) {
    const waits = addedDeps(one, other, contents).filter(isOpen);
    const parts = tickets.filter((child) => isNewPart(child, one.name, other, contents)).map(({ name }) => name);
    const found = [...waits, ...parts.filter(isOpen)];
    if (found.length > 0) sent.set(one, reviewed(one, found, job, contents));
  }
  return tickets.map((one) => sent.get(one) ?? one);
}

/** The one side that closed a ticket that is closed now. */
function closerOf(
  { o, a, b, merged }: MergedTicket,
  isDone: (place: Place | undefined) => boolean,
  contents: Contents,
): "a" | "b" | undefined {
  if (contents.isSame(merged.content, o?.content) || !isDone(merged) || isDone(o)) return undefined;
  const [left, right] = [isDone(a), isDone(b)];
  if (left === right) return undefined;
  return left ? "a" : "b";
}

function addedDeps(one: MergedTicket, other: "a" | "b", contents: Contents): readonly string[] {
  const known = [one.o, one[other === "a" ? "b" : "a"]].flatMap((place) => contents.facts(place?.content)?.deps ?? []);
  const deps = contents.facts(one.merged.content)?.deps ?? [];
  return deps.filter((id) => !known.includes(id));
}

function isNewPart(child: MergedTicket, id: string, other: "a" | "b", contents: Contents): boolean {
  const place = child[other];
  if (place === undefined || contents.isSame(place.content, child.o?.content)) return false;
  const parentOf = (one: Place | undefined): string | undefined => contents.facts(one?.content)?.parent;
  const own = child[other === "a" ? "b" : "a"];
  return [place, child.merged].every((one) => parentOf(one) === id) && parentOf(child.o) !== id && parentOf(own) !== id;
}

function reviewed(one: MergedTicket, found: readonly string[], job: TreeJob, contents: Contents): MergedTicket {
  const { path, content } = one.merged;
  const text = contents.text(content);
  if (text === undefined) return one;
  const said = `closed by one side while the other added ${found.join(", ")}, which is open: in review`;
  job.told.push({ code: "review_again", path, message: `${one.name}: ${said}` });
  const context = { path, at: job.context.at, board: job.context.board, frontMatter: parseFrontMatter };
  const noted = addNote(inReview(text, context), { field: "status", text: said }, job.context.at);
  const top = path.slice(path.lastIndexOf("/") + 1);
  return { ...one, merged: { path: top, content: { mode: content.mode, text: noted } } };
}
