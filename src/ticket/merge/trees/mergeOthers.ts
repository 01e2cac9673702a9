import type { Project } from "../../project.ts";
import { DEFAULT_BOARD } from "../../rules/board.ts";
import { mergeText } from "../mergeText.ts";
import { choose, compareText, type Job, otherOf, stampName, stampOf, type Which, winnerOf } from "../sides.ts";
import { Contents } from "./contents.ts";
import { isConfig, mergeConfig } from "./mergeConfig.ts";
import { isProjectPath, mergeProject } from "./mergeProject.ts";
import { modeOf } from "./mergeTickets.ts";
import { projectOf, withRenamedProjects } from "./renamedProjects.ts";
import {
  authorOf,
  type Content,
  type Files,
  inOrder,
  isTicketFile,
  type TreeContext,
  type TreeJob,
  type TreeSide,
} from "./trees.ts";

/** Ids that must not be given out again: both records together, without what lives. */
export const DELETED = "archive/deleted";
const CONFIG = "config.yml";
/** Files that are merged by key, down to the values of mappings. */
const BY_KEY = [CONFIG, "agents.yml"];
/** Folders whose files are merged by line. */
const BY_LINE = /^(?:hooks|pipelines|templates)\//;
/** What a sync with a tracker remembers: whoever synced last knows best, and nobody has to hear of it. */
const REMEMBERED = /^sync\//;

/** Merges all files of two stores that are no tickets, but the record of deleted ids. */
export function mergeOthers(base: Files, given: TreeJob, contents: Contents): Map<string, Content> {
  const { o, job } = withRenamedProjects(base, given, contents);
  const merged = new Map<string, Content>();
  const { a, b } = job;
  const paths = new Set([...o.keys(), ...a.files.keys(), ...b.files.keys()]);
  for (const path of [...paths].sort()) {
    if (isTicketFile(path) || path === DELETED) continue;
    const [x, y] = [a.files.get(path), b.files.get(path)];
    const content = mergeOther(path, o.get(path), x, y, { job, contents });
    if (content !== undefined) merged.set(path, content);
  }
  return withoutBlocked(merged, job);
}

/**
 * The text of the merge's config.yml, as mergeTrees makes it of the same: its board is needed to merge tickets. A caller
 * that cannot read it says so (`isConfigWhole`) and asks again.
 */
export function settleConfig(
  base: Files,
  one: TreeSide,
  other: TreeSide,
  context: Omit<TreeContext, "board">,
): string | undefined {
  const [a, b] = inOrder(one, other);
  const job: TreeJob = { a, b, context: { ...context, board: DEFAULT_BOARD }, told: [], setAside: [] };
  const contents = new Contents(job.context);
  const [o, x, y] = [base, a.files, b.files].map((files) => files.get(CONFIG));
  const content = mergeOther(CONFIG, o, x, y, { job, contents });
  return content === undefined ? undefined : contents.text(content);
}

interface Merging {
  readonly job: TreeJob;
  readonly contents: Contents;
}

type Maybe = Content | undefined;

function mergeOther(path: string, o: Maybe, x: Maybe, y: Maybe, { job, contents }: Merging): Maybe {
  const choice = choose(o, x, y, (one, other) => contents.isSame(one, other));
  if (choice === "clash" && REMEMBERED.test(path)) return rememberedLast(path, x, y, job);
  if (choice !== "clash") {
    const one = choice === "b" ? y : x;
    return one === undefined || x === undefined || y === undefined ? one : { ...one, mode: modeOf(o, x, y) };
  }
  if (x === undefined || y === undefined) {
    tellKept(path, x === undefined, job);
    return x ?? y;
  }
  const winner = winnerFor(path, job);
  const merged = mergedText(path, [o, x, y], winner, { job, contents });
  if (merged !== undefined) return { mode: modeOf(o, x, y), text: merged };
  const stays = soundSide(path, [x, y], contents) ?? winner;
  const [kept, gone] = stays === "a" ? [x, y] : [y, x];
  tellLost(path, stays, "", job);
  job.setAside.push({ path, content: gone });
  return { ...kept, mode: modeOf(o, x, y) };
}

function rememberedLast(path: string, x: Maybe, y: Maybe, job: TreeJob): Maybe {
  const last = winnerFor(path, job) === "a" ? x : y;
  return last ?? x ?? y;
}

function tellKept(path: string, isGoneInA: boolean, { a, b, told }: TreeJob): void {
  const [deleter, changer] = (isGoneInA ? [a, b] : [b, a]).map((side) => authorOf(side, path));
  const message = `${path} was deleted by ${deleter} and changed by ${changer}: it stays`;
  told.push({ code: "delete_undone", path, message });
}

/** Undefined where it has to be one of the two as a whole. */
function mergedText(
  path: string,
  [o, x, y]: readonly [Maybe, Content, Content],
  winner: Which,
  { job, contents }: Merging,
): string | undefined {
  const [base, a, b] = [o, x, y].map((content) => content && contents.text(content));
  if (a === undefined || b === undefined) return undefined;
  if (BY_KEY.includes(path)) {
    if (path === CONFIG && job.context.isConfigWhole) return undefined;
    const config = mergeConfig(base ?? "", a, b, winner);
    for (const key of config?.lost ?? []) tellLost(path, winner, ` ${key}`, job);
    return config?.text;
  }
  if (isProjectPath(path)) return mergedProject(path, [base, a, b], winner, job);
  if (!BY_LINE.test(path)) return undefined;
  const lines = (text: string): string[] => text.split("\n");
  const { lines: merged, lost } = mergeText(base === undefined ? [] : lines(base), lines(a), lines(b), winner);
  return lost.length > 0 ? undefined : merged.join("\n");
}

/** A project's file by key and by line; of lines that both changed the losing side's file is set aside. */
function mergedProject(
  path: string,
  [base, a, b]: readonly [string | undefined, string, string],
  winner: Which,
  job: TreeJob,
): string | undefined {
  if (![a, b].every((text) => isProjectText(path, text))) return undefined;
  const merged = mergeProject(base, a, b, winner);
  if (merged === undefined || !isProjectText(path, merged.text)) return undefined;
  for (const key of merged.lost) tellLostValue(path, winner, { key, sides: { a, b } }, job);
  if (merged.lostLines) {
    tellLost(path, winner, " description", job);
    job.setAside.push({ path, content: { mode: "100644", text: winner === "a" ? b : a } });
  }
  return merged.text;
}

/** Whether a text can be read as a project. */
function isProjectText(path: string, text: string | undefined): boolean {
  return projectOf(path, text) !== undefined;
}

/** The one side whose config.yml, or project, can be read. */
function soundSide(path: string, sides: readonly Content[], contents: Contents): Which | undefined {
  const isSound = (text: string | undefined): boolean =>
    isProjectPath(path) ? isProjectText(path, text) : BY_KEY.includes(path) && isConfig(text);
  const [a, b] = sides.map((content) => isSound(contents.text(content)));
  if (a === b) return undefined;
  return a ? "a" : "b";
}

function winnerFor(path: string, { a, b }: TreeJob): Which {
  const version = (side: typeof a): Job["a"] => ({ text: "", stamps: side.stampsOf(path), tip: side.tip });
  return winnerOf({ a: version(a), b: version(b) }, "file");
}

function tellLost(path: string, winner: Which, what: string, job: TreeJob): void {
  const [stays, gone] = winner === "a" ? [job.a, job.b] : [job.b, job.a];
  const message = `${path}${what} of ${authorOf(stays, path)} stays; that of ${authorOf(gone, path)} gave way`;
  job.told.push({ code: "file_overruled", path, message });
}

/** Of a project's key both values are told, and who set them when, as of a ticket's field. */
function tellLostValue(
  path: string,
  winner: Which,
  { key, sides }: { readonly key: string; readonly sides: Readonly<Record<Which, string>> },
  job: TreeJob,
): void {
  const said = (which: Which): string => {
    const value = projectOf(path, sides[which])?.[key as keyof Project];
    const { stampsOf, tip } = job[which];
    const who = stampName(stampOf({ text: "", stamps: stampsOf(path), tip }, "file"));
    return `${value === undefined || value === null ? "the one" : `'${value}'`} of ${who}`;
  };
  const message = `${path}: ${key} ${said(winner)} stays; ${said(otherOf(winner))} gave way`;
  job.told.push({ code: "file_overruled", path, message });
}

/** A file where the other side has a folder cannot stay there. */
function withoutBlocked(merged: Map<string, Content>, job: TreeJob): Map<string, Content> {
  const folders = new Set([...merged.keys()].flatMap(foldersOf));
  for (const [path, content] of merged) {
    if (!folders.has(path)) continue;
    merged.delete(path);
    job.setAside.push({ path, content });
    job.told.push({ code: "set_aside", path, message: `${path} is a folder on one side: the file is set aside` });
  }
  return merged;
}

function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** The record of deleted ids: both together, in the base's order, without those that a ticket has. */
export function mergeDeleted(o: Files, job: TreeJob, contents: Contents, living: ReadonlySet<string>): Maybe {
  const [base, a, b] = [o, job.a.files, job.b.files].map((files) => {
    const content = files.get(DELETED);
    return content === undefined ? [] : idsIn(contents.text(content) ?? "");
  }) as [string[], string[], string[]];
  const known = new Set(base);
  const added = [...new Set([...a, ...b])].filter((id) => !known.has(id)).sort(compareText);
  const kept = base.filter((id) => a.includes(id) || b.includes(id));
  const ids = [...kept, ...added].filter((id) => !living.has(id));
  const text = ids.map((id) => `${id}\n`).join("");
  if (text === "") return undefined;
  const same = [job.a, job.b].map(({ files }) => files.get(DELETED)).find((one) => one && contents.text(one) === text);
  return same ?? { mode: "100644", text };
}

function idsIn(text: string): string[] {
  return [...new Set(text.split("\n").filter((line) => line !== ""))];
}
