import { type Draft, openDraft } from "../../store/change/draft.ts";
import { viewWith } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { nextStep } from "../../ticket/pipeline/nextStep.ts";
import type { Pipeline } from "../../ticket/pipeline/pipeline.ts";
import { change } from "../input/action.ts";
import { actingStore } from "./advance/acting.ts";
import { carryOut } from "./advance/carryOut.ts";
import { madeSteps } from "./advance/madeSteps.ts";
import { type Cause, putRun } from "./advance/startRun.ts";

/** What a run would do at once, and what would come later. */
export interface Rehearsed {
  /** Null where the same cause began one already. */
  readonly id: string | null;
  readonly did: readonly { readonly step: string; readonly did: readonly string[] }[];
  /** The steps that wait for tickets of others. */
  readonly later: readonly string[];
}

/** Does on a draft that is thrown away what a run would do now. @throws what its first steps would be refused with */
export async function rehearse(store: Store, pipeline: Pipeline, cause: Cause): Promise<Rehearsed> {
  const acting = actingStore(store, pipeline.name);
  const { result } = await change(acting, { dryRun: true }, async (draft) => ({
    result: await rehearsed(acting, draft, pipeline, cause),
  }));
  return result;
}

async function rehearsed(store: Store, draft: Draft, pipeline: Pipeline, cause: Cause): Promise<Rehearsed> {
  const files = new Map<string, string | null>();
  let view = draft.view;
  const apart = async <T>(work: (part: Draft) => Promise<T>): Promise<T> => {
    const part = openDraft(store, view, draft.actor);
    for (const [file, text] of files) part.files.set(file, text);
    const result = await work(part);
    for (const [file, text] of part.files) files.set(file, text);
    view = await viewWith(store, draft.view, files);
    return result;
  };
  const { id, isNew } = await apart((part) => putRun(store, part, pipeline, cause));
  if (!isNew) return { id: null, did: [], later: [] };
  const did: { step: string; did: readonly string[] }[] = [];
  for (const _ of pipeline.steps) {
    const run = view.byId.get(id);
    if (run === undefined) break;
    const made = await madeSteps(store, { view }, id);
    const next = nextStep(pipeline.steps, { done: run.fields.pipelineSteps ?? [], made, board: view.board });
    if (next.state !== "due") break;
    const now = (part: Draft) => ({ store, draft: part, run, name: pipeline.name, made });
    const carried = await apart((part) => carryOut(now(part), next.step, pipeline.steps));
    did.push({ step: next.step.id, did: carried.did });
  }
  const done = did.map(({ step }) => step);
  return { id, did, later: pipeline.steps.map((step) => step.id).filter((step) => !done.includes(step)) };
}
