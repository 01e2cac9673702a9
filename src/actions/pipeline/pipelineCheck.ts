import * as v from "valibot";
import { readStore } from "../../store/disk/view.ts";
import { pipelineFiles } from "../../store/pipelines/pipelineFile.ts";
import type { Problem } from "../../ticket/ticket.ts";
import { action, optionalText } from "../input/action.ts";
import { faultsOf } from "./pipelineFaults.ts";
import { fileOf } from "./pipelineJson.ts";

/** What `pipeline check` answers. */
export interface PipelineChecked {
  /** The pipelines that were looked at. */
  readonly checked: readonly string[];
  readonly problems: readonly Problem[];
}

/** `ayo pipeline check [pipeline]`: reads, and does nothing. */
export const pipelineCheck = action({
  name: "pipeline check",
  summary: "Tell what is wrong with pipelines, each fault with its file, line and step; does nothing else",
  writes: false,
  input: v.object({ pipeline: optionalText("only this one") }),
  run: async (store, { pipeline }): Promise<PipelineChecked> => {
    const files = pipeline === undefined ? pipelineFiles(store.dir) : [fileOf(store, pipeline)];
    const view = await readStore(store);
    const problems = await Promise.all(files.map((file) => faultsOf(store, view, file)));
    return { checked: files.map(({ name }) => name), problems: problems.flat() };
  },
});
