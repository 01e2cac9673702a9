import type { Action, InputSchema } from "./input/action.ts";
import { HOOKS_AND_AGENTS } from "./verbs/hooksAndAgents.ts";
import { PIPELINES } from "./verbs/pipelines.ts";
import { PROJECTS } from "./verbs/projects.ts";
import { RUNS } from "./verbs/runs.ts";
import { TICKET_VERBS } from "./verbs/ticketVerbs.ts";
import { TRACKERS } from "./verbs/trackers.ts";
import type { Verb } from "./verbs/verb.ts";
import { WHOLE } from "./verbs/whole.ts";

type Verbs = typeof TICKET_VERBS &
  typeof WHOLE &
  typeof PROJECTS &
  typeof PIPELINES &
  typeof TRACKERS &
  typeof RUNS &
  typeof HOOKS_AND_AGENTS;

/**
 * Every verb by its action's name, in the order of the help: commands, REST routes, tools, operations of a batch,
 * functions of the library and buttons of the board are made from these rows. No action is loaded before it is called.
 */
export const VERBS: Verbs = {
  ...TICKET_VERBS,
  ...WHOLE,
  ...PROJECTS,
  ...PIPELINES,
  ...TRACKERS,
  ...RUNS,
  ...HOOKS_AND_AGENTS,
};

/** The name of a verb: `close`, `dep add`. */
export type VerbName = keyof Verbs;

/** The action of a verb. */
export type ActionOf<N extends VerbName> = Awaited<ReturnType<Verbs[N]["load"]>>;

/** What a verb answers. */
export type AnswerOf<N extends VerbName> = Awaited<ReturnType<ActionOf<N>["run"]>>;

/** All rows, for who looks through them; `VERBS` knows each one's types. */
export const ROWS: ReadonlyMap<VerbName, Verb> = new Map(Object.entries(VERBS) as [VerbName, Verb][]);

/** Loads the action of a verb. */
export async function loadAction(name: VerbName): Promise<Action<InputSchema, unknown>> {
  return (await VERBS[name].load()) as unknown as Action<InputSchema, unknown>;
}
