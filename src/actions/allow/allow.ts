import { existsSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { differenceOf } from "../../store/allow/difference.ts";
import { effectsOf, KINDS } from "../../store/allow/kinds.ts";
import { unmatchedPatterns } from "../../store/allow/protectedPaths.ts";
import { problemOf } from "../../store/open/agents/problemOf.ts";
import { modeFaults } from "../../store/open/agents/promptFaults.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import {
  allowLine,
  type Effect,
  type EffectProblem,
  type EffectState,
  whyNotAllowed,
} from "../../store/open/effect.ts";
import { storeFlags } from "../../store/open/locate/storeFlags.ts";
import type { Store } from "../../store/open/store.ts";
import { PIPELINES_FOLDER } from "../../ticket/pipeline/pipeline.ts";
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
  /** What else there is to know: an agents.yml of which nothing takes effect, patterns that name nothing. */
  readonly notices: readonly string[];
  readonly dryRun?: true;
}

const input = v.object({
  what: optionalList(
    "events or paths of hooks, agents (@coder), pipelines, verify or verify.test, keys of config.yml or their URLs, the store's path",
  ),
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
  summary:
    "Show what takes effect here (hooks, agents, pipelines, commands, URLs), and allow it on this machine as it is now",
  writes: false,
  input,
  run: async (store, typed): Promise<Allowed> => {
    const input = { ...typed, ...(typed.what === undefined ? {} : { what: withoutKind(typed.what) }) };
    const decision = decisionOf(input);
    if (decision === undefined) {
      const effects = await shown(store, input);
      return { decided: null, effects, broken: [], notices: await noticesOf(store, effects) };
    }
    const isAllowing =
      decision === "allowed" && input.dryRun !== true && existsSync(path.join(store.dir, PIPELINES_FOLDER));
    const told = isAllowing ? await aroundPipelines("before", store) : [];
    const { effects, broken } = await decide(store, input, decision, MANNER);
    const hasPipeline = isAllowing && effects.some(({ kind }) => kind === "pipeline");
    const wentOn = hasPipeline ? await aroundPipelines("after", store) : [];
    return {
      notices: [...(decision === "allowed" ? await noticesOf(store, effects) : []), ...told, ...wentOn],
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

/** `pipeline nightly` is what `pipelines/nightly.yml` is. */
function withoutKind(what: readonly string[]): string[] {
  const [first, ...names] = what;
  return first === "pipeline" && names.length > 0 ? names.map((name) => `pipeline.${name}`) : [...what];
}

/** What pipelines did not hear of before, and what they go on with after it. */
async function aroundPipelines(when: "before" | "after", store: Store): Promise<readonly string[]> {
  const { beforeAllowing, goOnWithRuns } = await import("../pipeline/advance/allowing.ts");
  return when === "before" ? beforeAllowing(store) : goOnWithRuns(store);
}

/** What is wrong with agents.yml where nothing tells of it, and what of its patterns names nothing. */
async function noticesOf(store: Store, effects: readonly Pick<Effect, "kind" | "name">[]): Promise<string[]> {
  const parsed = await readAgents(store);
  const problem = problemOf(parsed);
  const isTold = effects.some(({ kind }) => kind === "agent" || kind === "verify");
  if (problem !== undefined) return isTold ? [] : [`${problem}; nothing of it takes effect`];
  const names = effects.flatMap(({ kind, name }) => (kind === "verify" ? [name.replace(/^verify\./, "")] : []));
  const prompts = effects.some(({ kind }) => kind === "agent") ? [...modeFaults(store).values()] : [];
  const unusable = prompts.map((why) => `${why}: no agent is started for tickets of that mode`);
  return [...unusable, ...(await unmatchedPatterns(store, parsed.config, names))];
}

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
  notNamed:
    "name what you mean (a hook's event or path, an agent, a pipeline, verify, a key of config.yml, a URL), or say --all",
  notFound: (word, known, store) => {
    const list = known.map(({ words }) => words[0]).join(", ");
    const fact = word === undefined ? "nothing takes effect here" : `nothing here is called '${word}'`;
    return new AyoError(
      "not_found",
      `${fact}; ${list === "" ? "the store has no hooks, no agents, no pipelines and names no URL" : `there are ${list}`}`,
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
  return whyNotAllowed(
    store,
    titleOf(effect),
    effect,
    effect.kind === "hook" || effect.kind === "verify" ? "run" : undefined,
  );
}

/** `hook hooks/ticket.closed`, `search.embeddings.url`. */
export function titleOf({ kind, name, approvalFolder }: Effect): string {
  if (kind === "url" || kind === "verify" || kind === "keys") return name;
  return `${kind} ${kind === "store" ? approvalFolder.dir : name}`;
}
