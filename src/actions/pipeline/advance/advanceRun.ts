import { AyoError } from "../../../error.ts";
import type { Draft } from "../../../store/change/draft.ts";
import { readFresh } from "../../../store/disk/view.ts";
import type { Store } from "../../../store/open/store.ts";
import { lostSteps, nextStep } from "../../../ticket/pipeline/nextStep.ts";
import { type Pipeline, type PipelineStep, pipelinePath, readRunInput } from "../../../ticket/pipeline/pipeline.ts";
import { categoryOf, columnOf } from "../../../ticket/rules/columns.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { change } from "../../input/action.ts";
import { makeStep } from "../../lifecycle/step.ts";
import { actingStore } from "./acting.ts";
import { carryOut } from "./carryOut.ts";
import { madeSteps } from "./madeSteps.ts";
import { isTransient, mayBeOfOne } from "./transient.ts";

/** Finds a pipeline that is allowed here; undefined for every other. */
export type FindAllowed = (name: string) => Promise<Pipeline | undefined>;

/**
 * Goes on with a run as far as it goes: each step that is due is a commit of its own. What a step cannot do is written
 * into the run, which then waits for somebody. Returns what to tell.
 */
export async function advanceRun(store: Store, id: string, find: FindAllowed): Promise<string[]> {
  const name = (await readFresh(store)).byId.get(id)?.fields.pipeline;
  const pipeline = name === undefined ? undefined : await find(name);
  if (pipeline === undefined) return [];
  const acting = actingStore(store, pipeline.name);
  const told: string[] = [];
  // Each turn does a step; one takes it up again, and one ends it.
  for (let turn = 0; turn <= pipeline.steps.length + 1; turn++) {
    const made = await oneStep(acting, id, pipeline);
    told.push(...made.told);
    if (!made.goesOn) break;
  }
  return told;
}

interface Stepped {
  readonly goesOn: boolean;
  readonly told: readonly string[];
}

const NOTHING: Stepped = { goesOn: false, told: [] };

async function oneStep(acting: Store, id: string, pipeline: Pipeline): Promise<Stepped> {
  let at: PipelineStep | undefined;
  try {
    const { result, written } = await change(acting, {}, async (draft) => {
      const run = runIn(draft, id, pipeline.name);
      if (run === undefined) return { result: NOTHING };
      if (categoryOf(draft.view.board, run.status) === "todo") return resumed(acting, draft, run, pipeline.name);
      const made = await madeSteps(acting, draft, id);
      const all = run.fields.pipelineSteps ?? [];
      const again = readRunInput(run.fields.pipelineInput).again ?? [];
      const lost = lostSteps(pipeline.steps, { done: all, made }).filter((step) => again.includes(step.id));
      const done = all.filter((step) => !lost.some(({ id: one }) => one === step));
      const next = nextStep(pipeline.steps, { done, made, board: draft.view.board });
      if (next.state === "waits") return { result: NOTHING };
      if (next.state === "over") return endRun(acting, draft, run, pipeline.name);
      at = next.step;
      if (next.state === "stuck")
        throw new AyoError("blocked", next.why, next.isLost === true ? { data: { lost: next.step.id } } : {});
      const { sentence } = await carryOut(
        { store: acting, draft, run, name: pipeline.name, made, again: again.includes(next.step.id) },
        next.step,
        pipeline.steps,
      );
      return { result: { goesOn: true, told: [sentence.subject] }, sentence };
    });
    return { ...result, told: [...result.told, ...written.notices] };
  } catch (error) {
    if (isTransient(error) && !mayBeOfOne(error)) throw error;
    const why = `${placeOfStep(pipeline.name, at)}${(error as Error).message}`;
    return await blockRun(acting, { id, name: pipeline.name, why, lost: lostIn(error) });
  }
}

/** The step whose ticket was deleted, where a run stands still for that. */
function lostIn(error: unknown): string | undefined {
  const lost = error instanceof AyoError ? error.data?.lost : undefined;
  return typeof lost === "string" ? lost : undefined;
}

/** `pipelines/nightly.yml:7: step plan: `. */
function placeOfStep(name: string, step: PipelineStep | undefined): string {
  return step === undefined ? `${pipelinePath(name)}: ` : `${pipelinePath(name)}:${step.line}: step ${step.id}: `;
}

/** The run, as long as it goes on by itself. */
function runIn({ view }: Draft, id: string, name: string): Ticket | undefined {
  const run = view.byId.get(id);
  const isOn = run?.fields.pipeline === name && run.fields.unconfirmed === undefined;
  const category = run && categoryOf(view.board, run.status);
  return isOn && (category === "active" || category === "todo") ? run : undefined;
}

/** Whoever reopens a run has it go on. */
async function resumed(store: Store, draft: Draft, run: Ticket, name: string) {
  const to = columnOf(draft.view.board, "active");
  await makeStep(store, draft, run, { to, isUngated: true }, { input: { ids: [run.id] }, tickets: [run] });
  const subject = `pipeline ${name}: go on with ${run.id}`;
  const sentence = { subject, event: "started", tickets: [run.id], pipeline: { step: `${name}/${run.id}/resume` } };
  return { result: { goesOn: true, told: [] }, sentence };
}

async function endRun(store: Store, draft: Draft, run: Ticket, name: string) {
  const to = columnOf(draft.view.board, "done");
  await makeStep(store, draft, run, { to, isUngated: true }, { input: { ids: [run.id] }, tickets: [run] });
  const subject = `pipeline ${name}: ${run.id} is over`;
  const sentence = { subject, event: "closed", tickets: [run.id], pipeline: { step: `${name}/${run.id}/end` } };
  return { result: { goesOn: false, told: [subject] }, sentence };
}

interface Stopped {
  readonly id: string;
  readonly name: string;
  readonly why: string;
  /** The step that is done again when the run goes on. */
  readonly lost: string | undefined;
}

/** Puts a run aside with why: it waits for whoever can mend it, and goes on when it is unblocked. */
async function blockRun(store: Store, { id, name, why, lost }: Stopped): Promise<Stepped> {
  const reason = why.replaceAll(/\s+/g, " ").slice(0, 500);
  const { written } = await change(store, {}, async (draft) => {
    const run = runIn(draft, id, name);
    if (run === undefined) return { result: undefined };
    const to = columnOf(draft.view.board, "blocked");
    const step = { to, isUngated: true as const, fields: { blockedReason: reason, ...withLost(run, lost) } };
    await makeStep(store, draft, run, step, { input: { ids: [id] }, tickets: [run] });
    const subject = `pipeline ${name}: ${id} cannot go on`;
    return {
      result: undefined,
      sentence: { subject, event: "blocked", tickets: [id], pipeline: { step: `${name}/${id}/block` } },
    };
  });
  return {
    goesOn: false,
    told: [`${reason}; run ${id} of pipeline ${name} waits: ayo ticket unblock ${id}`, ...written.notices],
  };
}

/** What a run was begun with, and the step that it does again. */
function withLost({ fields }: Ticket, lost: string | undefined): Pick<Ticket["fields"], "pipelineInput"> {
  if (lost === undefined) return {};
  const input = readRunInput(fields.pipelineInput);
  return { pipelineInput: JSON.stringify({ ...input, again: [...new Set([...(input.again ?? []), lost])] }) };
}
