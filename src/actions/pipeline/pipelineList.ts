import * as v from "valibot";
import { readStore } from "../../store/disk/view.ts";
import { pipelineFiles } from "../../store/pipelines/pipelineFile.ts";
import { action } from "../input/action.ts";
import { type PipelineJson, pipelineJson } from "./pipelineJson.ts";

/** What `pipeline list` answers. */
export interface PipelineList {
  readonly pipelines: readonly PipelineJson[];
}

/** `ayo pipeline list`. */
export const pipelineList = action({
  name: "pipeline list",
  summary: "List pipelines: what begins them, whether they take effect here",
  writes: false,
  input: v.object({}),
  run: async (store): Promise<PipelineList> => {
    const view = await readStore(store);
    return { pipelines: await Promise.all(pipelineFiles(store.dir).map((file) => pipelineJson(store, view, file))) };
  },
});
