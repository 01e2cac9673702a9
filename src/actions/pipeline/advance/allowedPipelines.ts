import { judge } from "../../../store/open/effect.ts";
import type { Store } from "../../../store/open/store.ts";
import { pipelineApprovals } from "../../../store/pipelines/pipelineEffect.ts";
import { type PipelineFile, pipelineFile, pipelineFiles, understood } from "../../../store/pipelines/pipelineFile.ts";
import { fileAsAllowed, standingPipelines } from "../../../store/pipelines/standing.ts";
import type { EventName } from "../../../ticket/events/events.ts";
import type { Pipeline } from "../../../ticket/pipeline/pipeline.ts";

/** A pipeline that takes effect on this machine. */
export interface AllowedPipeline {
  readonly name: string;
  /** Since when: `2026-11-21T03:40:00Z`; what happened before is not acted on. */
  readonly since: string;
  /** Whether its file may say something of one of these events; it is not understood for that. */
  readonly mayHear: (names: readonly EventName[]) => boolean;
  /** What it says; undefined where it makes no sense. */
  readonly read: () => Promise<Pipeline | undefined>;
  /** Why it does nothing though it was allowed: its file is another now. */
  readonly still?: string;
}

/** The pipelines that a person allowed on this machine, as they are now. */
export function allowedPipelines(store: Store): AllowedPipeline[] {
  return pipelineFiles(store.dir).flatMap((file) => allowed(store, file) ?? []);
}

/** One of them by its name. */
export function allowedPipeline(store: Store, name: string): AllowedPipeline | undefined {
  const file = pipelineFile(store.dir, name);
  return file === undefined ? undefined : allowed(store, file);
}

/** The pipelines that were allowed and stand still, as they were then: to know what they miss. */
export function stillPipelines(store: Store): AllowedPipeline[] {
  return standingPipelines(store).flatMap((one) => {
    const file = fileAsAllowed(store, one);
    if (file?.bytes === undefined) return [];
    return [{ ...heard(file, file.bytes, one.approval.at), still: one.why }];
  });
}

function allowed(store: Store, file: PipelineFile): AllowedPipeline | undefined {
  const { path, bytes } = file;
  if (bytes === undefined) return undefined;
  const { state, approval } = judge(pipelineApprovals(store), path, bytes);
  if (state !== "allowed" || approval === undefined) return undefined;
  return heard(file, bytes, approval.at);
}

function heard(file: PipelineFile, bytes: Buffer, since: string): AllowedPipeline {
  let pipeline: Promise<Pipeline | undefined> | undefined;
  const text = bytes.toString("utf8").toLowerCase();
  return {
    name: file.name,
    since,
    mayHear: (names) => names.some((event) => wordsFor(event).some((word) => text.includes(word))),
    read: () => {
      pipeline ??= understood(file).then((read) => read.pipeline);
      return pipeline;
    },
  };
}

/** Every name of an event has one of these in it. */
function wordsFor(event: EventName): string[] {
  const word = event.slice("ticket.".length);
  return word === "closed" ? [word, "completed"] : [word];
}
