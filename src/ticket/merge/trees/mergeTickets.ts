import { categoryOf } from "../../rules/columns.ts";
import { parseFrontMatter } from "../../text/frontMatter.ts";
import { mergeTicket } from "../mergeTicket.ts";
import { patchSurely } from "../patchSurely.ts";
import { choose, type Loss, type Version } from "../sides.ts";
import type { Contents } from "./contents.ts";
import { type Identity, isGone, type Place } from "./identities.ts";
import { authorOf, type Content, folderIn, nameIn, type Told, type TreeJob, type TreeSide } from "./trees.ts";

const FINISHED = ["done", "failed", "cancelled"];

/** A ticket of the merge: where it lies, and what is in it. */
export interface MergedTicket extends Identity {
  readonly merged: Place;
}

/** Merges the tickets of two stores; those that a side took away, and the other left as they were, are gone. */
export function mergeTickets(all: readonly Identity[], job: TreeJob, contents: Contents): MergedTicket[] {
  return all.flatMap((one) => {
    if (isGone(one, contents)) return [];
    const merged = placed(one, mergedContent(one, job, contents), contents, job);
    return [{ ...one, merged }];
  });
}

function mergedContent(one: Identity, job: TreeJob, contents: Contents): Content {
  const { o, a, b } = withOneName(one, job, contents);
  if (a === undefined || b === undefined) {
    const left = (a ?? b) as Place;
    if (o !== undefined) tellUndone(left, o, a === undefined ? job.a : job.b, job);
    return left.content;
  }
  const same = (x: Content | undefined, y: Content | undefined): boolean => contents.isSame(x, y);
  const choice = choose<Content | undefined>(o?.content, a.content, b.content, same);
  const mode = modeOf(o?.content, a.content, b.content);
  if (choice !== "clash") return { ...(choice === "b" ? b.content : a.content), mode };
  return { ...mergedText(one, a, b, job, contents), mode };
}

/** A file's permissions: what a side made of them; runnable, where both made something else. */
export function modeOf(o: Content | undefined, a: Content, b: Content): string {
  const choice = choose<string | undefined>(o?.mode, a.mode, b.mode);
  if (choice === "clash") return a.mode > b.mode ? a.mode : b.mode;
  return choice === "b" ? b.mode : a.mode;
}

function tellUndone({ path }: Place, before: Place, deleter: TreeSide, job: TreeJob): void {
  const message = `${nameIn(path)} was deleted by ${authorOf(deleter, before.path)} and changed by the other side: it is back`;
  job.told.push({ code: "delete_undone", path, message });
}

function mergedText(one: Identity, a: Place, b: Place, job: TreeJob, contents: Contents): Content {
  const [base, left, right] = [one.o, a, b].map((place) => place && contents.text(place.content));
  if (left === undefined || right === undefined) {
    const [stays, gone] = right === undefined ? [a, b] : [b, a];
    job.setAside.push(gone);
    job.told.push({
      code: "set_aside",
      path: gone.path,
      message: `${gone.path} is no text on one side: it is set aside`,
    });
    return stays.content;
  }
  const version = (side: TreeSide, { path }: Place, text: string): Version => {
    const claim = side.claimOf?.(path);
    return { text, stamps: side.stampsOf(path), tip: side.tip, ...(claim === undefined ? {} : { claim }) };
  };
  const { at, board } = job.context;
  const context = { path: `${one.name}.md`, at, board, frontMatter: parseFrontMatter, parts: contents.parts };
  const { text, losses, setAside } = mergeTicket(base, version(job.a, a, left), version(job.b, b, right), context);
  if (setAside !== undefined) job.setAside.push(setAside === left ? a : b);
  for (const loss of losses) job.told.push({ ...toldOf(loss), path: `${one.name}.md` });
  return { mode: "", text };
}

function toldOf({ field, text }: Loss): Omit<Told, "path"> {
  return field === "file" ? { code: "set_aside", message: text } : { code: "overruled", field, message: text };
}

function placed(one: Identity, content: Content, contents: Contents, job: TreeJob): Place {
  const path = `${folderFor(one, content, contents, job)}${one.name}.md`;
  const isNamed = [one.a, one.b].some((place) => place !== undefined && nameIn(place.path) === one.name);
  return {
    path,
    content: isNamed ? asNamed(one, content, path, contents) : withName(one, content, path, contents, job),
  };
}

/** A ticket has the name of its file as id where no side has it otherwise. */
function asNamed({ a, b, name }: Identity, content: Content, path: string, contents: Contents): Content {
  const id = contents.facts(content)?.id;
  const text = contents.text(content);
  if (id === name || id === undefined || text === undefined) return content;
  const isOfSide = [a, b].some(
    (place) => place && nameIn(place.path) === name && contents.facts(place.content)?.id === id,
  );
  return isOfSide ? content : { mode: content.mode, text: patchSurely(text, { id: name }, path, parseFrontMatter) };
}

/** A ticket to which both sides gave another name: both texts have the one that stays, and say what else it was called. */
function withOneName(one: Identity, job: TreeJob, contents: Contents): Identity {
  const { o, a, b, name } = one;
  const [before, left, right] = [o, a, b].map((place) => place && nameIn(place.path));
  if (a === undefined || b === undefined || left === right || left === before || right === before) return one;
  const was = left === name ? right : left;
  const message = `the ticket ${was} is ${name} now: both sides gave ${before ?? "it"} another name`;
  job.told.push({ code: "renamed", path: `${name}.md`, message });
  const named = ({ path, content }: Place): Place => {
    const text = contents.text(content);
    if (text === undefined || contents.facts(content) === undefined) return { path, content };
    return {
      path,
      content: { mode: content.mode, text: patchSurely(text, { id: name, was }, path, parseFrontMatter) },
    };
  };
  return { ...one, a: named(a), b: named(b) };
}

/** Where a ticket lies: in the earlier month of two; one that both changed and that is not finished, in no archive. */
function folderFor({ o, a, b }: Identity, content: Content, contents: Contents, job: TreeJob): string {
  const [before = "", left, right] = [o, a, b].map((place) => place && folderIn(place.path));
  const [x, y] = [left ?? before, right ?? before];
  const choice = choose(before, x, y);
  const months = [x, y].filter((folder) => folder !== "").sort();
  const sides: Record<string, string> = { a: x, b: y, either: x, clash: months[0] ?? "" };
  const folder = sides[choice] ?? "";
  if (folder === "" || isAsBefore(o, a, contents) || isAsBefore(o, b, contents)) return folder;
  const status = contents.facts(content)?.status;
  const isFinished = status === undefined || FINISHED.includes(categoryOf(job.context.board, status) ?? "");
  return isFinished ? folder : "";
}

function isAsBefore(before: Place | undefined, now: Place | undefined, contents: Contents): boolean {
  return before?.path === now?.path && contents.isSame(before?.content, now?.content);
}

/** The ticket under another name, which says what it was called. */
function withName(one: Identity, content: Content, path: string, contents: Contents, job: TreeJob): Content {
  const was = nameIn(((one.a ?? one.b) as Place).path);
  const message = `the ticket ${was} that was made later is ${one.name} now: another had its id`;
  job.told.push({ code: "renamed", path, message });
  const text = contents.text(content);
  if (text === undefined || contents.facts(content) === undefined) return content;
  return { mode: content.mode, text: patchSurely(text, { id: one.name, was }, path, parseFrontMatter) };
}
