import type { EventName } from "../events/events.ts";

/** The folder of the store that holds its pipelines. */
export const PIPELINES_FOLDER = "pipelines";

/** How many runs of a pipeline begin on one day where its file does not say. */
export const MAX_RUNS = 100;
/** So many items a step with `for` takes at most. */
export const MAX_ITEMS = 50;
/** So many runs follow from each other at most: one whose ticket comes from the third of them is not begun. */
export const MAX_CHAIN = 3;

/** What a file of pipelines/ says: which events begin a run, and what a run does. Data only. */
export interface Pipeline {
  readonly name: string;
  /** What it is for, in one line. */
  readonly about?: string;
  /** Null: it is run by hand alone. */
  readonly on: Trigger | null;
  /** So many runs begin on one day at most. */
  readonly maxRuns: number;
  readonly steps: readonly PipelineStep[];
}

/** What begins a run. */
export interface Trigger {
  readonly events: readonly EventName[];
  /** Only tickets that pass this filter. */
  readonly where?: string;
  /** Also what came from elsewhere and nobody here has accepted. */
  readonly foreign: boolean;
  /** Also what its own runs made. */
  readonly self: boolean;
}

/** One thing that a run does, when what it needs is there. */
export interface PipelineStep {
  readonly id: string;
  /** Where it stands in the file, from 1. */
  readonly line: number;
  /** Steps that have to be over before: those it names, and those whose values it uses. */
  readonly deps: readonly string[];
  /** The path of a list: it is done once for each item. */
  readonly each?: string;
  readonly does: Deed;
}

/** What a step does; texts may have `{{path}}` in them. */
export type Deed =
  | { readonly verb: "create"; readonly values: CreateValues }
  | { readonly verb: "complete" | "cancel"; readonly ticket: string }
  | { readonly verb: "move"; readonly ticket: string; readonly to: string }
  | { readonly verb: "note"; readonly ticket: string; readonly text: string };

/** By the long flags of `ayo ticket create`. */
export type CreateValues = Readonly<Record<string, string | readonly string[]>>;

/** The flags of `ayo ticket create` that a step may give, with which of them are lists. */
export const CREATE_KEYS: Readonly<Record<string, "text" | "list">> = {
  title: "text",
  description: "text",
  type: "text",
  priority: "text",
  assignee: "text",
  deps: "list",
  blocks: "list",
  tags: "list",
  project: "text",
  role: "text",
  review: "text",
  reviewer: "text",
  "output-schema": "text",
  verify: "text",
  "external-ref": "text",
  due: "text",
  team: "text",
  mode: "text",
  design: "text",
  acceptance: "text",
  template: "text",
};

/** Where a pipeline lies in the store. */
export function pipelinePath(name: string): string {
  return `${PIPELINES_FOLDER}/${name}.yml`;
}

/** Whether a text can name a pipeline: a file on every platform, and the name of who acts for it. */
export function isPipelineName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,47}$/.test(name) && !/^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/.test(name);
}

/** Who acts for a pipeline: an agent, with an agent's rights. */
export function pipelineActor(name: string): { readonly name: string; readonly email: string; readonly agent: true } {
  return { name: `@pipeline/${name}`, email: `${name}@pipelines.ayo.invalid`, agent: true };
}

/** The pipeline that an actor acts for; undefined for everybody else. */
export function pipelineOfActor(actor: string): string | undefined {
  const name = actor.startsWith("@pipeline/") ? actor.slice("@pipeline/".length) : "";
  return isPipelineName(name) ? name : undefined;
}

/** What makes a run the one that it is, on every machine: what began it. */
export function runKey(name: string, cause: string): string {
  return `pipeline/${name}/${cause}`;
}

/** The same for a ticket that a step of a run makes; `item` tells those of one step apart. */
export function stepKey(run: string, step: string, item?: string): string {
  return `pipeline/${run}/${step}${item === undefined ? "" : `/${item}`}`;
}

/** The step of a run that made the ticket with this `once`; undefined where none did. */
export function stepOfKey(once: string | undefined, run: string): string | undefined {
  const start = `pipeline/${run}/`;
  return once?.startsWith(start) ? once.slice(start.length).split("/")[0] : undefined;
}

/** What a run was begun with, as its parent ticket keeps it. */
export interface RunInput {
  /** The ticket that `{{ticket}}` is. */
  readonly ticket?: string;
  /** The event that began it. */
  readonly event?: string;
  readonly name?: string;
  readonly actor?: string;
  /** Who stands behind the actor: an agent under another's name, or what caused the step of a pipeline. */
  readonly by?: string;
  readonly set?: Readonly<Record<string, string>>;
  /** Steps whose ticket was deleted: they are done again when the run goes on. */
  readonly again?: readonly string[];
  /** Its place in a row of runs that follow from each other, from 1. */
  readonly chain: number;
}

/** As the parent ticket keeps it; what is no such text says nothing. */
export function readRunInput(text: string | undefined): RunInput {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return inputFrom(value);
  } catch {
    // Somebody edited it: the run has no ticket then, and says so where it needs one.
  }
  return { chain: MAX_CHAIN };
}

function inputFrom(value: object): RunInput {
  const read = (key: string): Record<string, string> => {
    const one = (value as Record<string, unknown>)[key];
    return typeof one === "string" ? { [key]: one } : {};
  };
  const { set, chain, again } = value as { readonly set?: unknown; readonly chain?: unknown; readonly again?: unknown };
  const pairs = typeof set === "object" && set !== null ? Object.entries(set) : [];
  const texts = pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return {
    ...read("ticket"),
    ...read("event"),
    ...read("name"),
    ...read("actor"),
    ...read("by"),
    ...(texts.length === 0 ? {} : { set: Object.fromEntries(texts) }),
    ...(Array.isArray(again) && again.length > 0 ? { again: again.filter((one) => typeof one === "string") } : {}),
    chain: typeof chain === "number" && chain >= 1 ? Math.floor(chain) : MAX_CHAIN,
  };
}
