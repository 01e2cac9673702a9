import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../error.ts";
import { writeApproval } from "../store/hooks/approvals.ts";
import { eventNamed, HOOKS_FOLDER } from "../store/hooks/findHooks.ts";
import { type Hook, hooksOf, inspectHook } from "../store/hooks/hook.ts";
import { actorOf } from "../store/identity.ts";
import type { Store } from "../store/store.ts";
import { formatTime } from "../ticket/time.ts";
import { action, flag, optionalList, writeOptions } from "./action.ts";
import { type HookJson, hookJson } from "./hooks/hookJson.ts";

/** What `hooks allow` and `hooks deny` answer. */
export interface HooksDecided {
  /** The hooks that were decided about, as they stand now. */
  readonly hooks: readonly HookJson[];
  /** With `--all`: those that nobody can allow as they are. */
  readonly broken: readonly HookJson[];
}

const input = v.object({
  hooks: optionalList("events (ticket.closed) or paths (hooks/ticket.closed.d/10-mail)"),
  all: flag("every hook of the store"),
  as: writeOptions.as,
});

type Input = v.InferOutput<typeof input>;

/** `ayo hooks allow <hook…>`. */
export const hooksAllow = action({
  name: "hooks allow",
  summary: "Let hooks run on this machine, as they are now; a change needs another yes",
  writes: false,
  input,
  run: async (store, input): Promise<HooksDecided> => decide(store, input, "allowed"),
});

/** `ayo hooks deny <hook…>`. */
export const hooksDeny = action({
  name: "hooks deny",
  summary: "Keep hooks from running on this machine, and from being asked about",
  writes: false,
  input,
  run: async (store, input): Promise<HooksDecided> => decide(store, input, "denied"),
});

function decide(store: Store, input: Input, decision: "allowed" | "denied"): HooksDecided {
  const chosen = choose(store, input);
  const broken = chosen.filter(({ state }) => state === "broken");
  const [first] = broken;
  if (first !== undefined && input.all !== true) {
    const message = `${first.path} cannot be ${decision}: ${first.problem?.message}`;
    throw new AyoError("bad_input", message, { data: { path: first.path, ...first.problem } });
  }
  const common = { store: store.dir, decision, at: formatTime(store.host.now()), by: actorOf(input.as, store).name };
  const sound = chosen.filter(({ state }) => state !== "broken");
  // What was read is what is allowed, even if the file changes meanwhile.
  for (const { path: file, sha256 = "", bytes } of sound)
    writeApproval(store, { ...common, path: file, sha256 }, bytes);
  const json = (hook: Hook): HookJson => hookJson(store, hook);
  return { hooks: sound.map((hook) => json(inspectHook(store, hook))), broken: broken.map(json) };
}

/** @throws bad_usage for nothing named, not_found for a name that no hook bears */
function choose(store: Store, { hooks: names = [], all = false }: Input): Hook[] {
  if (all === names.length > 0) throw new AyoError("bad_usage", "name hooks by event or path, or say --all");
  const known = hooksOf(store);
  if (all && known.length === 0) throw none(store, "the store has no hooks", known);
  const chosen = all ? known : names.flatMap((name) => named(store, known, name));
  return [...new Set(chosen)];
}

function named(store: Store, known: readonly Hook[], name: string): Hook[] {
  const full = path.resolve(store.host.cwd, name);
  const found = known.filter(
    ({ path: file, event }) =>
      event === name || file === name || file === `${HOOKS_FOLDER}/${name}` || path.join(store.dir, file) === full,
  );
  if (found.length > 0) return found;
  throw none(store, eventNamed(name) === undefined ? `there is no hook '${name}'` : `${name} has no hook`, known);
}

function none({ dir }: Store, fact: string, known: readonly Hook[]): AyoError {
  const hint = `a hook is an executable file ${path.join(dir, HOOKS_FOLDER)}/<event>`;
  const list = known.length === 0 ? hint : `there are ${known.map(({ path: file }) => file).join(", ")}`;
  return new AyoError("not_found", `${fact}; ${list}`, {
    try: ["ayo", "hooks", "list"],
    data: { hooks: known.map(({ path: file }) => file) },
  });
}
