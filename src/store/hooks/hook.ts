import path from "node:path";
import { quoteWord } from "../../error.ts";
import type { EventName } from "../../ticket/events.ts";

import type { Store } from "../store.ts";
import { type Approval, copyOf, fingerprint, readApproval } from "./approvals.ts";
import { findHooks, HOOKS_FOLDER, type HookPlace, type HookProblem, readHook } from "./findHooks.ts";

/**
 * Whether a hook runs: only `allowed` ones do. `new`: nobody decided yet; `changed`: somebody decided about other
 * bytes; `broken`: it could not run whatever anybody decides.
 */
export type HookState = "allowed" | "new" | "changed" | "denied" | "broken";

/** A hook as it stands: its place, its bytes, and what was decided about them. */
export interface Hook extends Pick<HookPlace, "path" | "event"> {
  readonly state: HookState;
  readonly problem?: HookProblem;
  /** Undefined where it could not be read. */
  readonly sha256?: string;
  readonly bytes?: Buffer;
  readonly approval?: Approval;
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
  const { bytes } = content;
  const sha256 = fingerprint(bytes);
  const approval = readApproval(store, file);
  const common = { path: file, event, sha256, bytes };
  if (approval === undefined) return { ...common, state: "new" };
  return { ...common, approval, state: approval.sha256 === sha256 ? approval.decision : "changed" };
}

/**
 * The file to start for an allowed hook.
 * @throws store_not_writable, disk_full where its copy was lost and cannot be made again
 */
export function executableOf(store: Store, { approval, bytes }: Hook): string {
  return copyOf(store, approval as Approval, bytes as Buffer);
}

/** What a person types to allow a hook. */
export function allowLine(store: Store, { path: file, event }: Pick<Hook, "path" | "event">): string[] {
  const name = event !== undefined && file === `${HOOKS_FOLDER}/${event}` ? event : file;
  return ["ayo", "hooks", "allow", name, ...storeFlags(store)];
}

/** Why a hook does not run, in one sentence that says what to do; undefined where it runs or was denied. */
export function whyNot(store: Store, hook: Hook): string | undefined {
  const allow = allowLine(store, hook).map(quoteWord).join(" ");
  if (hook.state === "broken") return `hook ${hook.path} cannot run: ${hook.problem?.message}`;
  if (hook.state === "new") return `hook ${hook.path} is not allowed yet; run: ${allow}`;
  if (hook.state === "changed") {
    return `hook ${hook.path} was changed since it was allowed; look at it, then run: ${allow}`;
  }
  return undefined;
}

function storeFlags({ dir, source }: Store): string[] {
  if (source === "dir") return ["--dir", dir];
  if (source === "global") return ["--global"];
  return source === "named" ? ["--session", path.basename(path.dirname(dir))] : [];
}

/** The hooks of one event, in the order they run. */
export function hooksFor(hooks: readonly Hook[], event: EventName): Hook[] {
  return hooks.filter((hook) => hook.event === event);
}
