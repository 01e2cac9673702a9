import { pipelineFiles } from "../../store/pipelines/pipelineFile.ts";
import type { Finding } from "../../store/repair/finding.ts";
import { PIPELINES_FOLDER, pipelinePath } from "../../ticket/pipeline/pipeline.ts";
import { fieldOf } from "../../ticket/ticket.ts";
import { faultsOf } from "../pipeline/pipelineFaults.ts";
import { isOpenRun } from "../pipeline/pipelineJson.ts";
import type { Examination } from "./shape.ts";

/** Pipelines that make no sense, and open runs of those that are not there any more. */
export async function pipelineFindings({ store, view, problems, places }: Examination): Promise<Finding[]> {
  const files = pipelineFiles(store.dir);
  // What is told of any file of a store is told once.
  const told = new Set([...problems.map(({ path }) => path), ...places.links, ...places.misplaced]);
  const faults = (await Promise.all(files.map((file) => faultsOf(store, view, file)))).flat();
  const findings = faults
    .filter(({ path }) => !told.has(path))
    .map(({ path, line, message }): Finding => {
      return { code: "bad_pipeline", severity: "warning", path, ...(line > 0 ? { line } : {}), message };
    });
  const known = new Set(files.map(({ name }) => name));
  const left = view.tickets.filter((ticket) => {
    const name = fieldOf(ticket, "pipeline");
    return name !== undefined && !known.has(name) && isOpenRun(view, ticket);
  });
  return [
    ...findings,
    ...left.map(({ id, path, fields }): Finding => {
      const file = fields.pipeline === undefined ? PIPELINES_FOLDER : pipelinePath(fields.pipeline);
      const message = `is a run of a pipeline that is not there any more (${file}): 'ayo pipeline cancel ${id}' ends it`;
      return { code: "pipeline_gone", severity: "warning", path, id, message };
    }),
  ];
}
