import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { EVENTS, type EventName, NOTICES } from "../../ticket/events/events.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";

/** The folder of the store that holds its hooks. */
export const HOOKS_FOLDER = "hooks";

/** Why a hook can never run as it is, and what to do about it. */
export interface HookProblem {
  /** Stable: `unknown_event`, `no_run_bit`, `unreadable`, `dangling_link`, `outside`, `not_a_file`, `too_large`. */
  readonly code: string;
  readonly message: string;
}

/** A place where a hook lies, by its name alone. */
export interface HookPlace {
  /** From the store's directory, with `/`: `hooks/ticket.closed.d/10-notify`. */
  readonly path: string;
  /** Undefined where the name is no event's. */
  readonly event: EventName | undefined;
  readonly problem?: HookProblem;
}

/** A larger hook is reported and not run, in bytes. */
const MAX_HOOK_BYTES = 64 * 1024 * 1024;

/**
 * Every place of a hook, in the order they run: by event, `hooks/<event>` before `hooks/<event>.d/*`, those by name.
 * What begins with a dot or ends in `~` is none; folders other than `<event>.d` are for what hooks need.
 */
export function findHooks(dir: string): HookPlace[] {
  const folder = path.join(dir, HOOKS_FOLDER);
  if (isLink(folder)) {
    const message = "the folder hooks is a link: make it a folder of the store";
    return [{ path: HOOKS_FOLDER, event: undefined, problem: { code: "outside", message } }];
  }
  const places = listed(HOOKS_FOLDER, folder, (name) => placesAt(dir, name));
  return places.sort((left, right) => order(left) - order(right));
}

/** Those without an event come last; the sort is stable, and `a` comes before `a.d`. */
function order({ event }: HookPlace): number {
  return event === undefined ? EVENTS.length : EVENTS.indexOf(event);
}

function placesAt(dir: string, name: string): HookPlace[] {
  const isFolder = isDirectory(path.join(dir, HOOKS_FOLDER, name));
  if (!isFolder || eventNamed(name) !== undefined) return [place(`${HOOKS_FOLDER}/${name}`, name)];
  if (!name.endsWith(".d")) return [];
  const event = name.slice(0, -2);
  const folder = `${HOOKS_FOLDER}/${name}`;
  const inside = listed(folder, path.join(dir, HOOKS_FOLDER, name), (one) => [place(`${folder}/${one}`, event)]);
  return eventNamed(event) === undefined ? inside.slice(0, 1).map(() => place(folder, event)) : inside;
}

function place(file: string, name: string): HookPlace {
  const event = eventNamed(name);
  if (event === undefined) return { path: file, event, problem: { code: "unknown_event", message: unknown(name) } };
  if (!NOTICES.includes(event)) return { path: file, event };
  const message = `${event} belongs to no commit, so it fires no hooks: follow it with 'ayo watch --json'`;
  return { path: file, event: undefined, problem: { code: "unknown_event", message } };
}

/** The event of this name, or undefined. */
export function eventNamed(name: string): EventName | undefined {
  return EVENTS.find((event) => event === name);
}

function unknown(name: string): string {
  const bare = name.replace(/\.[^.]*$/, "");
  const meant = [`ticket.${name}`, bare, `ticket.${bare}`, name.toLowerCase()].map(eventNamed).find(Boolean);
  if (meant !== undefined) return `no event is called '${name}': rename it to ${meant}`;
  return `no event is called '${name}': a hook bears an event's name, such as ticket.closed; what hooks need goes into a folder of its own`;
}

/** A hook's bytes, read once; what is run later are these and no others. */
export type HookContent = { readonly bytes: Buffer } | { readonly problem: HookProblem };

/** Reads a hook, unless it is one that must not run. */
export function readHook(dir: string, { path: file, problem }: HookPlace): HookContent {
  if (problem !== undefined) return { problem };
  const full = path.join(dir, ...file.split("/"));
  const refuse = (code: string, message: string): HookContent => ({ problem: { code, message } });
  try {
    if (!isInside(realpathSync(dir), realpathSync(full))) {
      return refuse("outside", "a link that leaves the store: put the file itself there");
    }
    const read = readStoreFile(full, { limit: MAX_HOOK_BYTES, follow: true });
    if (read === undefined) return refuse("unreadable", "cannot be read (ENOENT)");
    if (read instanceof Unread) return refuse(...whyUnread(read, full));
    return canRun(read.stat.mode) ? { bytes: read.bytes } : refuse("no_run_bit", `may not be run: chmod +x ${full}`);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (isLink(full) && ["ENOENT", "ELOOP", "ENOTDIR"].includes(code)) {
      return refuse("dangling_link", "a link to nothing: mend or remove it");
    }
    const advice = code === "EACCES" || code === "EPERM" ? `: chmod u+r ${full}` : "";
    return refuse("unreadable", `cannot be read (${code || message})${advice}`);
  }
}

function whyUnread({ kind, message }: Unread, full: string): [code: string, message: string] {
  if (kind === "too_large") return ["too_large", message];
  if (kind === "refused") return ["unreadable", `${message}: chmod u+r ${full}`];
  return ["not_a_file", "not a file: a hook is an executable file; several go into <event>.d/"];
}

/** Windows has no run bits. */
function canRun(mode: number): boolean {
  return path.sep === "\\" || (mode & 0o111) !== 0;
}

function isInside(dir: string, file: string): boolean {
  const relative = path.relative(dir, file);
  const [first = ""] = relative.split(path.sep);
  return first !== "" && first !== ".." && first !== ".git" && !path.isAbsolute(relative);
}

/** The places in a folder; one that cannot be listed is a place with a problem, one that is not there has none. */
function listed(file: string, folder: string, places: (name: string) => HookPlace[]): HookPlace[] {
  try {
    const names = readdirSync(folder).filter((name) => !name.startsWith(".") && !name.endsWith("~"));
    return names.sort().flatMap(places);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    const problem = { code: "unreadable", message: `cannot be listed (${code || message})` };
    return [{ path: file, event: undefined, problem }];
  }
}

/** Follows links: where they lead is looked at before anything is read. */
function isDirectory(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
