import path from "node:path";
import type { EventName } from "../../ticket/events/events.ts";
import { type Approval, type ApprovalFolder, copyOf } from "../open/approvals.ts";
import { type Effect, type EffectState, judge, whyNotAllowed } from "../open/effect.ts";
import type { Store } from "../open/store.ts";
import { findHooks, HOOKS_FOLDER, type HookPlace, type HookProblem, readHook } from "./findHooks.ts";

/** Whether a hook runs: only `allowed` ones do. */
export type HookState = EffectState;

/** A hook as it stands: its place, its bytes, and what was decided about them. */
export interface Hook extends Pick<HookPlace, "path" | "event"> {
  readonly state: HookState;
  readonly problem?: HookProblem;
  /** Undefined where it could not be read. */
  readonly sha256?: string;
  readonly bytes?: Buffer;
  readonly approval?: Approval;
  /** Why what was decided about it cannot be read. */
  readonly trouble?: string;
}

/** Every hook of a store, in the order they run. */
export function hooksOf(store: Store): Hook[] {
  return findHooks(store.dir).map((place) => inspectHook(store, place));
}

/** Reads one hook, and what was decided about it. */
export function inspectHook(store: Store, place: HookPlace): Hook {
  const { path: file, event } = place;
  const content = readHook(store.dir, place);
  if ("problem" in content) return { path: file, event, state: "broken", problem: content.problem };
  return { path: file, event, ...judge(approvalFolderOf(store), file, content.bytes) };
}

/** Where the decisions about a store's hooks are kept. */
export function approvalFolderOf({ host, dir }: Store): ApprovalFolder {
  return { host, dir, folder: "hooks" };
}

/**
 * The file to start for an allowed hook.
 * @throws store_not_writable, disk_full where its copy was lost and cannot be made again
 */
export function executableOf(store: Store, { approval, bytes }: Hook): string {
  return copyOf(approvalFolderOf(store), approval as Approval, bytes as Buffer);
}

/** What a person types for a hook: its event where that names it alone, else its path. */
export function wordFor({ path: file, event }: Pick<Hook, "path" | "event">): string {
  return event !== undefined && file === `${HOOKS_FOLDER}/${event}` ? event : file;
}

/** Why a hook does not run, in one sentence that says what to do; undefined where it runs or was denied. */
export function whyNot(store: Store, hook: Hook): string | undefined {
  return whyNotAllowed(store, `hook ${hook.path}`, { ...hook, words: [wordFor(hook)] }, "run");
}

/** A hook among all that takes effect. */
export function hookEffect(store: Store, { path: file, event, ...judged }: Hook): Effect {
  const word = wordFor({ path: file, event });
  const more = [file, ...(event === undefined ? [] : [event]), file.replace(`${HOOKS_FOLDER}/`, "")];
  const words = [word, ...more, path.join(store.dir, ...file.split("/"))] as const;
  const about = event === undefined ? "a hook of no event" : `runs after ${event}, with your rights`;
  return { kind: "hook", name: file, words, about, approvalFolder: approvalFolderOf(store), ...judged };
}

/** The hooks of one event, in the order they run. */
export function hooksFor(hooks: readonly Hook[], event: EventName): Hook[] {
  return hooks.filter((hook) => hook.event === event);
}
