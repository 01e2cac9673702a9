import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { HOOKS } from "../../store/allow/kinds.ts";
import { eventNamed, findHooks, HOOKS_FOLDER } from "../../store/hooks/findHooks.ts";
import type { Effect } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";
import { type DecideOptions, decide } from "../allow/decide.ts";
import { action, flag, optionalList, writeOptions } from "../input/action.ts";
import { type HookJson, hookJson } from "./hookJson.ts";

/** What `hooks allow` and `hooks deny` answer. */
export interface HooksDecided {
  /** The hooks that were decided about, as they stand now; with what is new in those that were allowed before. */
  readonly hooks: readonly (HookJson & { readonly difference?: string })[];
  /** With `--all`: those that nobody can allow as they are. */
  readonly broken: readonly HookJson[];
  readonly dryRun?: true;
}

const input = v.object({
  hooks: optionalList("events (ticket.closed) or paths (hooks/ticket.closed.d/10-mail)"),
  all: flag("every hook of the store"),
  as: writeOptions.as,
  dryRun: writeOptions.dryRun,
});

type Input = v.InferOutput<typeof input>;

/** `ayo hooks allow <hook…>`. */
export const hooksAllow = action({
  name: "hooks allow",
  summary: "Let hooks run on this machine, as they are now; a change needs another yes",
  writes: false,
  input,
  run: async (store, input): Promise<HooksDecided> => hooksDecided(store, input, "allowed"),
});

/** `ayo hooks deny <hook…>`. */
export const hooksDeny = action({
  name: "hooks deny",
  summary: "Keep hooks from running on this machine, and from being asked about",
  writes: false,
  input,
  run: async (store, input): Promise<HooksDecided> => hooksDecided(store, input, "denied"),
});

async function hooksDecided(store: Store, input: Input, decision: "allowed" | "denied"): Promise<HooksDecided> {
  const { hooks: what, ...rest } = input;
  const { effects, broken } = await decide(store, { ...rest, what }, decision, MANNER);
  const events = new Map(findHooks(store.dir).map(({ path: file, event }) => [file, event]));
  const json = ({ name, ...judged }: Effect): HookJson =>
    hookJson(store, { path: name, event: events.get(name), ...judged });
  return {
    hooks: effects.map((one) => ({ ...json(one), ...(one.difference === "" ? {} : { difference: one.difference }) })),
    broken: broken.map(json),
    ...(input.dryRun ? { dryRun: true as const } : {}),
  };
}

const MANNER: DecideOptions = {
  kinds: [HOOKS],
  notNamed: "name hooks by event or path, or say --all",
  notFound: (word, known, { dir }) => {
    const isEvent = word !== undefined && eventNamed(word) !== undefined;
    const fact =
      word === undefined ? "the store has no hooks" : isEvent ? `${word} has no hook` : `there is no hook '${word}'`;
    const hint = `a hook is an executable file ${path.join(dir, HOOKS_FOLDER)}/<event>`;
    const list = known.length === 0 ? hint : `there are ${known.map(({ name }) => name).join(", ")}`;
    return new AyoError("not_found", `${fact}; ${list}`, {
      try: ["ayo", "hooks", "list"],
      data: { hooks: known.map(({ name }) => name) },
    });
  },
};
