// The program of the worker that holds an output to a schema: schemas come by sync, and a pattern may take for ever.
import { type MessagePort, workerData } from "node:worker_threads";
import { type OutputUnit, type Schema, type SchemaDraft, Validator } from "@cfworker/json-schema";
import type { JsonFault } from "../../ticket/output/readJson.ts";

/** What the worker is handed; `stage` becomes 1 when it begins, and 2 when its answer was sent. */
export interface CheckJob {
  readonly schema: string;
  readonly output: string;
  readonly draft: SchemaDraft;
  readonly port: MessagePort;
  readonly stage: Int32Array;
}

/** How an output stands to a schema: what does not fit, or why nobody can say. */
export type Checked =
  | { readonly fits: true }
  | { readonly fits: false; readonly errors: readonly JsonFault[]; readonly more: number }
  | { readonly unusable: string };

/** So many errors are told. */
const MAX_ERRORS = 20;
const MAX_MESSAGE = 300;
/** What only says that something below it has errors. */
const AROUND = new Set(
  (
    "properties patternProperties additionalProperties unevaluatedProperties items prefixItems additionalItems " +
    "unevaluatedItems $ref allOf if dependentSchemas dependencies"
  ).split(" "),
);

/** A stack of so many calls has no end; a short one overflows only by more faults than one call can be handed. */
const ENDLESS_CALLS = 1_000;
Error.stackTraceLimit = ENDLESS_CALLS;

const job = workerData as CheckJob;
tell(1);
job.port.postMessage(check(job));
tell(2);

function tell(stage: number): void {
  Atomics.store(job.stage, 0, stage);
  Atomics.notify(job.stage, 0);
}

function check({ schema, output, draft }: CheckJob): Checked {
  try {
    const parsed = JSON.parse(schema) as Schema | boolean;
    // What its own name resolves to is nothing that is looked up.
    if (typeof parsed === "object") for (const name of ["$id", "id"]) delete parsed[name];
    // A schema that is true or false is as good as an object, though the type does not say so.
    const { valid, errors } = new Validator(parsed as Schema, draft, false).validate(JSON.parse(output));
    return valid ? { fits: true } : faultsOf(errors);
  } catch (error) {
    return { unusable: reasonOf(error as Error) };
  }
}

function reasonOf(error: Error): string {
  if (!(error instanceof RangeError)) return error.message.slice(0, MAX_MESSAGE);
  const calls = error.stack?.match(/\n {4}at /g)?.length ?? 0;
  return calls >= ENDLESS_CALLS ? "it refers to itself without an end" : "it finds more faults than can be told";
}

function faultsOf(all: readonly OutputUnit[]): Checked {
  const telling = all.filter(({ keyword }) => !AROUND.has(keyword));
  const faults = (telling.length === 0 ? all : telling).map(faultOf);
  const errors = [...new Map(faults.map((one) => [`${one.pointer}\n${one.message}`, one])).values()];
  return { fits: false, errors: errors.slice(0, MAX_ERRORS), more: Math.max(0, errors.length - MAX_ERRORS) };
}

function faultOf({ instanceLocation, keyword, error }: OutputUnit): JsonFault {
  const message = keyword === "false" ? "is not allowed here" : error;
  return { pointer: decodeURIComponent(instanceLocation.slice(1)), message: message.slice(0, MAX_MESSAGE) };
}
