import type { ApprovalFolder } from "../open/approvals.ts";
import { type Effect, judge } from "../open/effect.ts";
import type { Store } from "../open/store.ts";
import { type PipelineFile, pipelineFiles, placed, understood } from "./pipelineFile.ts";

/** Where the decisions about a store's pipelines are kept. */
export function pipelineApprovals({ host, dir }: Pick<Store, "dir" | "host">): ApprovalFolder {
  return { host, dir, folder: "allow/pipelines" };
}

/** Every pipeline of a store, with what was decided about it. */
export function pipelineEffects(store: Store): Promise<Effect[]> {
  return Promise.all(pipelineFiles(store.dir).map((file) => effectOf(store, file)));
}

async function effectOf(store: Store, file: PipelineFile): Promise<Effect> {
  const { name, path, bytes } = file;
  const approvalFolder = pipelineApprovals(store);
  const words = [`pipeline.${name}`, name, path] as const;
  const { pipeline, problems } = await understood(file);
  const [first] = problems;
  const events = pipeline?.on?.events.join(", ");
  const when = events === undefined ? "when somebody runs it" : `after ${events}`;
  const common = {
    kind: "pipeline",
    name: path,
    words,
    about: `makes and moves tickets as @pipeline/${name}, ${when}`,
    approvalFolder,
  } as const;
  if (bytes === undefined || first !== undefined) {
    const message = first === undefined ? "it cannot be read" : placed(first);
    return { ...common, state: "broken", problem: { code: "bad_pipeline", message } };
  }
  return { ...common, ...judge(approvalFolder, path, bytes) };
}
