import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { git } from "./git.ts";
import type { TempStore } from "./tempStore.ts";

/** Puts a pipeline into a store, and a person allows it. */
export async function allowedPipeline(project: TempStore, name: string, text: string): Promise<void> {
  putPipeline(project, name, text);
  await project.ayo("allow", "pipeline", name);
}

/** Puts a pipeline into a store. */
export function putPipeline({ tickets }: Pick<TempStore, "tickets">, name: string, text: string): void {
  mkdirSync(path.join(tickets, "pipelines"), { recursive: true });
  writeFileSync(path.join(tickets, "pipelines", `${name}.yml`), text);
}

/** As much of a ticket as tests of pipelines look at. */
export interface Listed {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly parent: string | null;
  readonly pipeline?: string;
  readonly pipelineRun?: string;
  readonly pipelineSteps?: readonly string[];
  readonly blockedReason?: string;
  readonly origin?: string;
  readonly assignee: string | null;
  readonly deps: readonly string[];
}

/** All tickets of a store. */
export async function allTickets(project: TempStore): Promise<readonly Listed[]> {
  return (await project.json<{ readonly tickets: readonly Listed[] }>("ticket", "list", "--all")).tickets;
}

/** The runs of a pipeline. */
export async function runsOf(project: TempStore, name: string): Promise<readonly Listed[]> {
  return (await allTickets(project)).filter(({ pipeline }) => pipeline === name);
}

/** What the commits say that began runs, oldest first: the pipeline, and the trigger. */
export function begun({ repo }: Pick<TempStore, "repo">): string[] {
  const log = git(
    repo,
    "log",
    "--reverse",
    "--format=%(trailers:key=Pipeline,valueonly,separator=)|%(trailers:key=Trigger,valueonly,separator=)",
  );
  return log.split("\n").filter((line) => line.includes("/begin|"));
}
