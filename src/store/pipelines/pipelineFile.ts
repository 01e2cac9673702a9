import { isUtf8 } from "node:buffer";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { ParsedPipeline } from "../../ticket/pipeline/parsePipeline.ts";
import { isPipelineName, PIPELINES_FOLDER, type Pipeline, pipelinePath } from "../../ticket/pipeline/pipeline.ts";
import type { Problem } from "../../ticket/ticket.ts";
import { bytesIn } from "../files/bytesIn.ts";
import { listStoreFolder, Unread } from "../files/storeFile.ts";

/** A longer file is a mistake or an attack; in bytes. */
const MAX_PIPELINE = 256 * 1024;

/** A file of pipelines/ as it lies in the store. */
export interface PipelineFile {
  readonly name: string;
  readonly path: string;
  /** Undefined where it could not be read. */
  readonly bytes: Buffer | undefined;
  readonly problems: readonly Problem[];
}

/** The files of pipelines/, by their names; not one of them is understood yet. */
export function pipelineFiles(dir: string): PipelineFile[] {
  const names = listStoreFolder(path.join(dir, PIPELINES_FOLDER));
  if (names === undefined) return [];
  if (names instanceof Unread) {
    const problem = { ...names.problem(PIPELINES_FOLDER), code: "bad_pipeline" };
    return [{ name: PIPELINES_FOLDER, path: PIPELINES_FOLDER, bytes: undefined, problems: [problem] }];
  }
  const files = names.filter((name) => /^[^.].*\.ya?ml$/is.test(name));
  return files.sort().map((name) => fileNamed(dir, name));
}

/** The file of a pipeline; undefined where there is none. */
export function pipelineFile(dir: string, name: string): PipelineFile | undefined {
  if (!isPipelineName(name)) return undefined;
  const bytes = bytesIn(dir, pipelinePath(name), MAX_PIPELINE);
  if (bytes === undefined) return undefined;
  return bytes instanceof Unread
    ? broken(name, pipelinePath(name), bytes.message)
    : { name, path: pipelinePath(name), bytes, problems: [] };
}

function fileNamed(dir: string, file: string): PipelineFile {
  const name = file.replace(/\.ya?ml$/i, "");
  const place = `${PIPELINES_FOLDER}/${file}`;
  if (place !== pipelinePath(name) || !isPipelineName(name))
    return broken(name, place, "is no name of a pipeline: lower-case letters, digits, '_' and '-', and .yml behind it");
  return pipelineFile(dir, name) ?? broken(name, place, "is gone");
}

function broken(name: string, file: string, message: string): PipelineFile {
  return { name, path: file, bytes: undefined, problems: [{ path: file, line: 0, code: "bad_pipeline", message }] };
}

/** What a file says, and what is wrong with it. */
export async function understood({ name, bytes, problems }: PipelineFile): Promise<ParsedPipeline> {
  if (bytes === undefined) return { pipeline: undefined, problems };
  if (!isUtf8(bytes))
    return { pipeline: undefined, problems: broken(name, pipelinePath(name), "is no UTF-8 text").problems };
  const { parsePipeline } = await import("../../ticket/pipeline/parsePipeline.ts");
  return parsePipeline(bytes.toString("utf8"), name);
}

/** Where a fault is, for people: `pipelines/nightly.yml:7: step plan: …`. */
export function placed({ path: file, line, message }: Problem): string {
  return `${file}${line > 0 ? `:${line}` : ""}: ${message}`;
}

/** The pipeline of a file that has no fault. @throws bad_pipeline with its place for the first one that it has */
export async function soundPipeline(file: PipelineFile): Promise<Pipeline> {
  const { pipeline, problems } = await understood(file);
  if (pipeline !== undefined) return pipeline;
  const [first] = problems;
  const message = first === undefined ? `${file.path} cannot be read` : placed(first);
  throw new AyoError("bad_pipeline", message, { data: { problems } });
}
