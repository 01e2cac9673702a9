import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { differenceOf } from "../../store/allow/difference.ts";
import { effectsOf, KINDS } from "../../store/allow/kinds.ts";
import {
  allowLine,
  type Effect,
  type EffectProblem,
  type EffectState,
  whyNotAllowed,
} from "../../store/open/effect.ts";
import { storeFlags } from "../../store/open/locate/storeFlags.ts";
import type { Store } from "../../store/open/store.ts";
import { action, flag, optionalList, optionalText, writeOptions } from "../input/action.ts";
import { choose, type DecideOptions, type Decision, decide } from "./decide.ts";

/** Something that takes effect, as JSON has it. */
export interface EffectJson {
  readonly kind: Effect["kind"];
  readonly name: string;
  /** What it does once it is allowed. */
  readonly about: string;
  readonly state: EffectState;
  readonly problem: EffectProblem | null;
  /** Why what was decided cannot be read; it then counts as not decided. */
  readonly trouble: string | null;
  /** Why it takes no effect and what to do; null where it does, or was denied. */
  readonly todo: string | null;
  /** The line that allows it; null where nothing is to be allowed. */
  readonly try: readonly string[] | null;
  readonly sha256: string | null;
  /** When and by whom it was allowed or denied. */
  readonly at: string | null;
  readonly by: string | null;
  /** Unified diff from what was last allowed, or from nothing; where it is asked for or was just allowed. */
  readonly difference?: string;
}

/** What `allow` answers. */
export interface Allowed {
  /** What was done with them; null: they were only shown. */
  readonly decided: Decision | null;
  readonly effects: readonly EffectJson[];
  /** With `--all`: those that nobody can decide about as they are. */
  readonly broken: readonly EffectJson[];
  readonly dryRun?: true;
}

const input = v.object({
  what: optionalList("events or paths of hooks, agents (@coder), keys of config.yml or their URLs, the store's path"),
  all: flag("everything that takes effect in the store; look at it first"),
  diff: flag("show what would be allowed, against what was allowed before; decide nothing"),
  deny: flag("say no: it takes no effect, and nothing asks for it"),
  remove: flag("take back what was said: it is as if nobody had decided"),
  sha256: optionalText("decide only while the content still has this SHA-256, or one that begins so"),
  as: writeOptions.as,
  dryRun: writeOptions.dryRun,
});

type Input = v.InferOutput<typeof input>;

/** `ayo allow [what…]`. */
export const allow = action({
  name: "allow",
  summary: "Show what takes effect here (hooks, agents, URLs), and allow it on this machine as it is now",
  writes: false,
  input,
  run: async (store, input): Promise<Allowed> => {
    const decision = decisionOf(input);
    if (decision === undefined) return { decided: null, effects: await shown(store, input), broken: [] };
    const { effects, broken } = await decide(store, input, decision, MANNER);
    return {
      decided: decision,
      effects: effects.map(({ difference, ...effect }) => ({
        ...effectJson(store, effect),
        ...(decision === "allowed" ? { difference } : {}),
      })),
      broken: broken.map((effect) => effectJson(store, effect)),
      ...(input.dryRun ? { dryRun: true as const } : {}),
    };
  },
});

/** @throws bad_usage */
function decisionOf({ what = [], all, diff, deny, remove }: Input): Decision | undefined {
  const modes = Object.entries({ diff, deny, remove }).filter(([, value]) => value === true);
  if (modes.length > 1) {
    throw new AyoError("bad_usage", `${modes.map(([name]) => `--${name}`).join(" and ")} exclude each other`);
  }
  if (diff === true) return undefined;
  if (deny === true) return "denied";
  if (remove === true) return "removed";
  return what.length > 0 || all === true ? "allowed" : undefined;
}

async function shown(store: Store, choice: Input): Promise<EffectJson[]> {
  const isNamed = (choice.what ?? []).length > 0;
  if (isNamed && choice.all) throw new AyoError("bad_usage", MANNER.notNamed);
  const effects = isNamed ? await choose(store, choice, MANNER) : await effectsOf(store);
  const json = (effect: Effect): EffectJson => effectJson(store, effect);
  return choice.diff ? effects.map((one) => ({ ...json(one), difference: differenceOf(one) })) : effects.map(json);
}

const MANNER: DecideOptions = {
  kinds: KINDS,
  notNamed: "name what you mean (a hook's event or path, a key of config.yml, a URL), or say --all",
  notFound: (word, known, store) => {
    const list = known.map(({ words }) => words[0]).join(", ");
    const fact = word === undefined ? "nothing takes effect here" : `nothing here is called '${word}'`;
    return new AyoError(
      "not_found",
      `${fact}; ${list === "" ? "the store has no hooks, no agents and names no URL" : `there are ${list}`}`,
      {
        try: ["ayo", "allow", ...storeFlags(store)],
        data: { known: known.map(({ words }) => words[0]) },
      },
    );
  },
};

/** The JSON shape of something that takes effect. */
export function effectJson(store: Store, effect: Effect): EffectJson {
  const { kind, name, about, state, problem, trouble, sha256, approval, words, approvalFolder } = effect;
  const isOpen = state === "new" || state === "changed";
  return {
    kind,
    name: kind === "store" ? approvalFolder.dir : name,
    about,
    state,
    problem: problem ?? null,
    trouble: trouble ?? null,
    todo: whyNot(store, effect) ?? null,
    try: isOpen ? allowLine(store, words[0]) : null,
    sha256: sha256 ?? null,
    at: approval?.at ?? null,
    by: approval?.by ?? null,
  };
}

/** Why something takes no effect, and what to do. */
export function whyNot(store: Store, effect: Effect): string | undefined {
  return whyNotAllowed(store, titleOf(effect), effect, effect.kind === "hook" ? "run" : undefined);
}

/** `hook hooks/ticket.closed`, `search.embeddings.url`. */
export function titleOf({ kind, name, approvalFolder }: Effect): string {
  if (kind === "url") return name;
  return `${kind} ${kind === "store" ? approvalFolder.dir : name}`;
}
