import { followChanges } from "../input/followers.ts";

/** Has pipelines go on after each change of this process; every face calls it once. It loads nothing before. */
export function runPipelines(): void {
  followChanges(async () => (await import("./advance/advance.ts")).advance);
}
