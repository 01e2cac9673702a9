import path from "node:path";
import { withoutGit } from "../../git/binary/gitBinary.ts";
import { discoverRepository } from "../../git/repository/repository.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import { formatDuration, formatTime, parseDuration } from "../../ticket/time.ts";
import type { Store } from "../open/store.ts";
import { executableOf, type Hook, hooksFor, whyNot } from "./hook.ts";
import { HOOK_VARIABLE } from "./inHook.ts";
import { type HookEnd, runHook } from "./runHook.ts";
import { type HookRun, logRun } from "./runLog.ts";

/** How long a hook may take unless config.yml says `hooks: {timeout: 10s}`. */
const TIMEOUT_MS = 30_000;

/**
 * Runs the allowed ones of `hooks` for events, one after the other in their order, and returns what the user should know:
 * hooks that failed, and those that would have run but may not. Never throws.
 */
export async function fireHooks(
  store: Store,
  hooks: readonly Hook[],
  events: readonly TicketEvent[],
): Promise<string[]> {
  const skipped = new Set<string>();
  const failures = new Map<Hook, string[]>();
  for (const event of events) {
    for (const hook of hooksFor(hooks, event.event)) {
      const why = whyNot(store, hook);
      if (why !== undefined) skipped.add(why);
      if (hook.state !== "allowed") continue;
      const failure = failureOf(await runOne(store, hook, event));
      if (failure !== undefined) failures.set(hook, [...(failures.get(hook) ?? []), failure]);
    }
  }
  const failed = [...failures].map(([{ path: file }, [first, ...others]]) => {
    const more = others.length === 0 ? "" : ` (and ${others.length} times more)`;
    return `hook ${file} ${first}${more}; the change stands; see: ayo hooks log`;
  });
  return [...skipped, ...failed];
}

/** Runs one allowed hook for one event and logs the run. */
export async function runOne(store: Store, hook: Hook, event: TicketEvent): Promise<HookRun> {
  const at = formatTime(store.host.now());
  const { code, signal, timedOut, error, ms, output } = await start(store, hook, event);
  const run: HookRun = {
    at,
    hook: hook.path,
    event: event.event,
    eventId: event.id,
    ticket: event.ticket.id,
    code,
    signal,
    timedOut,
    error: error ?? null,
    ms,
    output,
  };
  if (store.journal !== undefined) logRun(store.journal, run);
  return run;
}

async function start(store: Store, hook: Hook, event: TicketEvent): Promise<HookEnd> {
  try {
    const file = executableOf(store, hook);
    const input = `${JSON.stringify(event)}\n`;
    const env = environment(store, hook, event);
    return await runHook({ file, cwd: directoryFor(store), env, input, timeoutMs: timeoutOf(store) });
  } catch (error) {
    return { code: null, signal: null, timedOut: false, error: (error as Error).message, ms: 0, output: "" };
  }
}

/** What went wrong in a run, or undefined: `failed for ayo-x7k2 (exit 3): no such host`. */
export function failureOf({ code, signal, timedOut, error, ticket, ms, output }: HookRun): string | undefined {
  if (error !== null) return `could not be started for ${ticket}: ${error}`;
  if (timedOut) return `took too long for ${ticket} and was ended after ${formatDuration(ms)}`;
  if (code === 0) return undefined;
  const last = output.trimEnd().split("\n").at(-1)?.slice(0, 200) ?? "";
  const how = code === null ? `ended by ${signal}` : `exit ${code}`;
  return `failed for ${ticket} (${how})${last === "" ? "" : `: ${last}`}`;
}

/** Hooks start at the top of the project that the store belongs to; without one, in the folder around the store. */
function directoryFor(store: Store): string {
  const around = path.dirname(store.dir);
  const project = discoverRepository(around);
  return project === undefined || project.bare ? around : project.worktree;
}

function environment(store: Store, hook: Hook, event: TicketEvent): Record<string, string | undefined> {
  return {
    ...withoutGit(store.host.env),
    AYO_EVENT: event.event,
    AYO_EVENT_ID: event.id,
    AYO_TICKET: event.ticket.id,
    AYO_TITLE: inVariable(event.ticket.title),
    AYO_STATUS: inVariable(event.ticket.status),
    AYO_ACTOR: inVariable(event.actor),
    AYO_COMMIT: event.cause.commit ?? "",
    AYO_STORE: store.dir,
    // Whatever `ayo` the hook calls works on this store.
    TICKETS_DIR: store.dir,
    [HOOK_VARIABLE]: path.join(store.dir, ...hook.path.split("/")),
  };
}

/** A variable holds no NUL, and a few long ones would keep a program from starting; the JSON has it all. */
function inVariable(text: string): string {
  return text.replaceAll("\0", "").slice(0, 1_000);
}

/** How long a hook may take, in milliseconds; config.ts has made sure that a setting is a duration. */
function timeoutOf(store: Store): number {
  const settings = store.index?.config.settings.hooks as { readonly timeout?: string } | undefined;
  return parseDuration(settings?.timeout ?? "") ?? TIMEOUT_MS;
}
