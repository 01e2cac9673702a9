import { type Approval, allowedBytes, approvalsIn, fingerprint } from "../open/approvals.ts";
import type { Store } from "../open/store.ts";
import { pipelineApprovals } from "./pipelineEffect.ts";
import { type PipelineFile, pipelineFile } from "./pipelineFile.ts";

/** A pipeline that a person allowed on this machine and whose file is not as it was then: it does nothing. */
export interface Standing {
  readonly name: string;
  /** `pipelines/nightly.yml was changed since it was allowed`. */
  readonly why: string;
  readonly isGone: boolean;
  readonly approval: Approval;
}

/** The pipelines that stand still. */
export function standingPipelines(store: Pick<Store, "dir" | "host">): Standing[] {
  return approvalsIn(pipelineApprovals(store)).flatMap((approval): Standing[] => {
    const { path, decision, sha256 } = approval;
    const name = /^pipelines\/(.+)\.yml$/.exec(path)?.[1];
    if (decision !== "allowed" || name === undefined) return [];
    const file = pipelineFile(store.dir, name);
    if (file === undefined) return [{ name, why: `${path} is gone`, isGone: true, approval }];
    if (file.bytes !== undefined && fingerprint(file.bytes) === sha256) return [];
    const what = file.bytes === undefined ? "cannot be read" : "was changed since it was allowed";
    return [{ name, why: `${path} ${what}`, isGone: false, approval }];
  });
}

/** Its file as it was allowed; undefined where nobody kept that. */
export function fileAsAllowed(
  store: Pick<Store, "dir" | "host">,
  { name, approval }: Standing,
): PipelineFile | undefined {
  const bytes = allowedBytes(pipelineApprovals(store), approval);
  return bytes === undefined ? undefined : { name, path: approval.path, bytes, problems: [] };
}
