import { attachmentAt, attachmentLink, attachmentPath, foldedName, freeName } from "../../attachments.ts";
import { parseFrontMatter } from "../../text/frontMatter.ts";
import { patchSurely } from "../patchSurely.ts";
import { choose, otherOf, type Version, type Which, winnerOf } from "../sides.ts";
import type { Contents } from "./contents.ts";
import type { Identity, Place } from "./identities.ts";
import type { MergedTicket } from "./mergeTickets.ts";
import { authorOf, type Content, type Files, nameIn, type TreeJob, type TreeSide } from "./trees.ts";

/** Tickets and the sides that they are of. */
export interface Sides {
  readonly identities: readonly Identity[];
  readonly job: TreeJob;
}

/** Old paths of a side's attached files to the new ones. */
type Moves = Map<string, string>;

/**
 * The same sides with the files of each ticket in the folder of the name that it has in the merge, and with two names
 * where both sides have other files under one: nothing that somebody attached gives way. A side's texts name its files so.
 */
export function withFilesApart(base: Files, { identities, job }: Sides, contents: Contents): Sides {
  const all = [base, job.a.files, job.b.files];
  if (!all.some((files) => [...files.keys()].some((path) => attachmentAt(path) !== undefined)))
    return { identities, job };
  const moves = { a: renamedFolders("a", identities, job), b: renamedFolders("b", identities, job) };
  settleTwins(base, moves, job, contents);
  if (moves.a.size + moves.b.size === 0) return { identities, job };
  return {
    job: { ...job, a: movedSide(job.a, moves.a, base), b: movedSide(job.b, moves.b, base) },
    identities: identities.map((one) => ({
      ...one,
      ...(one.a === undefined ? {} : { a: renamedIn(one.a, moves.a, base, contents) }),
      ...(one.b === undefined ? {} : { b: renamedIn(one.b, moves.b, base, contents) }),
    })),
  };
}

/** Puts what the merged tickets list where it belongs, also where a side took ticket and files away. */
export function settleAttachments(
  files: Map<string, Content>,
  tickets: readonly MergedTicket[],
  sides: { readonly [side in "o" | "a" | "b"]: Files },
  contents: Contents,
): void {
  for (const { merged } of tickets) {
    if (!contents.text(merged.content)?.includes("attachments/")) continue;
    for (const path of listedIn(merged, contents)) {
      const content = sides.a.get(path) ?? sides.b.get(path) ?? sides.o.get(path);
      if (!files.has(path) && content !== undefined && attachmentAt(path)?.id === nameIn(merged.path))
        files.set(path, content);
    }
  }
}

/** The files of tickets that have another name in the merge than on this side. */
function renamedFolders(which: Which, identities: readonly Identity[], job: TreeJob): Moves {
  const names = new Map<string, string>();
  for (const { name, [which]: place } of identities) {
    if (place !== undefined && nameIn(place.path) !== name) names.set(nameIn(place.path), name);
  }
  const moves: Moves = new Map();
  for (const path of job[which].files.keys()) {
    const { id = "", name = "" } = attachmentAt(path) ?? {};
    const other = names.get(id);
    if (other !== undefined) moves.set(path, attachmentPath(other, name));
  }
  return moves;
}

/** Gives the losing side's file another name where both sides have other files under names that are one somewhere. */
function settleTwins(base: Files, moves: Readonly<Record<Which, Moves>>, job: TreeJob, contents: Contents): void {
  const places = { a: placesOf(job.a.files, moves.a), b: placesOf(job.b.files, moves.b) };
  const taken = new Set([...placesOf(base, new Map()).keys(), ...places.a.keys(), ...places.b.keys()]);
  for (const folded of [...places.a.keys()].sort()) {
    const [left, right] = [places.a.get(folded), places.b.get(folded)];
    if (left === undefined || right === undefined || !isClash(base, [left, right], job, contents)) continue;
    const winner = winnerOf({ a: versionOf(job.a, left.from), b: versionOf(job.b, right.from) }, "file");
    const loser = otherOf(winner);
    const gone = loser === "a" ? left : right;
    const { id = "", name = "" } = attachmentAt(gone.to) ?? {};
    const free = attachmentPath(
      id,
      freeName(name, (one) => taken.has(`${foldedName(id)}/${one}`)),
    );
    taken.add(keyOf(free));
    moves[loser].set(gone.from, free);
    const author = authorOf(job[loser], gone.from);
    const message = `${gone.to} of ${author} is ${free} now: the other side attached another file of that name`;
    job.told.push({ code: "renamed", path: free, message });
  }
}

/** Where a side has a file, and where it is to have it. */
interface Moved {
  readonly from: string;
  readonly to: string;
}

function placesOf(files: Files, moves: Moves): Map<string, Moved> {
  const places = new Map<string, Moved>();
  for (const from of files.keys()) {
    if (attachmentAt(from) === undefined) continue;
    const to = moves.get(from) ?? from;
    places.set(keyOf(to), { from, to });
  }
  return places;
}

function keyOf(path: string): string {
  const { id = "", name = "" } = attachmentAt(path) ?? {};
  return `${foldedName(id)}/${foldedName(name)}`;
}

/** One name in two cases is two files, of which some machines can have one only. */
function isClash(base: Files, [left, right]: readonly [Moved, Moved], { a, b }: TreeJob, contents: Contents): boolean {
  const [x, y] = [a.files.get(left.from), b.files.get(right.from)];
  if (left.to !== right.to) return !(a.files.has(right.from) || b.files.has(left.from));
  return choose<Content | undefined>(base.get(left.to), x, y, (one, other) => contents.isSame(one, other)) === "clash";
}

function versionOf({ stampsOf, tip }: TreeSide, path: string): Version {
  return { text: "", stamps: stampsOf(path), tip };
}

/** A side with its files moved; what the base had at the old place of one is there, as the base had it. */
function movedSide(side: TreeSide, moves: Moves, base: Files): TreeSide {
  if (moves.size === 0) return side;
  const files = new Map<string, Content>();
  for (const [path, content] of side.files) {
    const to = moves.get(path);
    const before = base.get(path);
    if (to === undefined) files.set(path, content);
    else {
      files.set(to, content);
      if (before !== undefined && attachmentAt(path)?.id === attachmentAt(to)?.id) files.set(path, before);
    }
  }
  const from = new Map([...moves].map(([old, fresh]) => [fresh, old]));
  return { ...side, files, stampsOf: (path) => side.stampsOf(from.get(path) ?? path) };
}

/** A ticket whose list and texts name its files by their new names. */
function renamedIn(place: Place, moves: Moves, base: Files, contents: Contents): Place {
  const own = [...moves].filter(([path]) => attachmentAt(path)?.id === nameIn(place.path));
  const text = contents.text(place.content);
  if (own.length === 0 || text === undefined || contents.facts(place.content) === undefined) return place;
  const listed = listedIn(place, contents);
  const attachments = listed.flatMap((path) => {
    const to = moves.get(path);
    if (to === undefined) return path;
    // What the base has stays beside what one side made of it.
    return base.has(path) && attachmentAt(path)?.id === attachmentAt(to)?.id ? [path, to] : to;
  });
  const shown = own.reduce((before, [from, to]) => withPath(before, from, to), text);
  const changed = listed.length === 0 ? shown : patchSurely(shown, { attachments }, place.path, parseFrontMatter);
  return { path: place.path, content: { mode: place.content.mode, text: changed } };
}

/** A text in which links to a file lead to its new place. */
function withPath(text: string, from: string, to: string): string {
  const [old, fresh] = [attachmentAt(from), attachmentAt(to)];
  if (old === undefined || fresh === undefined) return text;
  const link = attachmentLink(fresh.id, fresh.name);
  return [from, attachmentLink(old.id, old.name)].reduce(
    (before, one) => before.replaceAll(`(${one})`, `(${link})`),
    text,
  );
}

function listedIn({ content }: Place, contents: Contents): readonly string[] {
  const text = contents.text(content);
  const value = text === undefined ? undefined : contents.parts(text)?.front.get("attachments")?.value;
  return Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];
}
