import { state } from "../../page/state.ts";
import { call } from "../api.ts";
import type { Named } from "../shapes.ts";

/** A pipeline of the store; see PipelineList in /api/openapi.json. */
export interface Pipeline {
  readonly name: string;
  readonly path: string;
  readonly about: string | null;
  readonly on: { readonly events: readonly string[]; readonly where?: string } | null;
  readonly steps: readonly { readonly id: string; readonly does: string; readonly for: string | null }[];
  readonly state: "allowed" | "new" | "changed" | "denied" | "broken";
  readonly try: readonly string[] | null;
  readonly problems: readonly { readonly path: string; readonly line: number; readonly message: string }[];
  readonly runs: { readonly open: number; readonly today: number };
}

/** A step of a run, and what it made. */
export interface RunStep {
  readonly id: string;
  readonly state: "open" | "made" | "done" | "due" | "waiting" | "unknown";
  readonly tickets: readonly Named[];
}

/** A run of a pipeline. */
export interface PipelineRun {
  readonly ticket: Named;
  readonly pipeline: string;
  readonly about: string | null;
  readonly steps: readonly RunStep[];
  readonly why: string | null;
}

/** The ids of the steps of each pipeline, by its name; empty until a card asks for them. */
export const stepsOf = state<ReadonlyMap<string, readonly string[]>>(new Map());

let asked = "";

/** Reads which steps pipelines have, once for each store. */
export async function wantSteps(store: string): Promise<void> {
  if (asked === store) return;
  asked = store;
  const answer = await call<{ pipelines: readonly Pipeline[] }>("/pipelines").catch(() => undefined);
  if (answer === undefined) asked = "";
  else stepsOf.set(new Map(answer.pipelines.map(({ name, steps }) => [name, steps.map(({ id }) => id)])));
}
