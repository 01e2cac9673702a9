import { AyoError } from "../../error.ts";
import { EVENTS, type EventName, NOTICES } from "../events/events.ts";
import { parseYaml } from "../text/frontMatter.ts";
import type { Problem } from "../ticket.ts";
import { MAX_RUNS, type Pipeline, pipelinePath, type Trigger } from "./pipeline.ts";
import { linesOf, type PipelineLines } from "./pipelineLines.ts";
import { isMapping, strangers, type Tell } from "./shape.ts";
import { parseSteps } from "./stepsOf.ts";

/** What a file of pipelines/ says, and everything that is wrong with it: as long as anything is, it does nothing. */
export interface ParsedPipeline {
  /** Undefined where anything is wrong. */
  readonly pipeline: Pipeline | undefined;
  readonly problems: readonly Problem[];
}

const TOP = ["about", "on", "max-runs", "steps"];
const ON = ["event", "where", "foreign", "self"];
/** More a day than anybody means. */
const MOST_RUNS = 10_000;

/** What other tools call events that have another name here. */
const OTHER_NAMES: Readonly<Record<string, EventName>> = {
  ticketassigned: "ticket.assigned",
  ticketcompleted: "ticket.closed",
  "ticket.completed": "ticket.closed",
  ticketcreated: "ticket.created",
  ticketcancelled: "ticket.cancelled",
  ticketfailed: "ticket.failed",
};

/** Reads a pipeline; every fault has its line, and its step where it is in one. */
export function parsePipeline(text: string, name: string): ParsedPipeline {
  const path = pipelinePath(name);
  const problems: Problem[] = [];
  const tell: Tell = (line, message) => {
    problems.push({ path, line, code: "bad_pipeline", message });
    return undefined;
  };
  const value = yamlOf(text, path, tell);
  if (problems.length > 0) return { pipeline: undefined, problems };
  if (!isMapping(value)) {
    tell(1, "must be a mapping of keys to values: on, steps");
    return { pipeline: undefined, problems };
  }
  const lines = linesOf(text);
  for (const key of strangers(value, TOP)) tell(lines.top(key), `'${key}' is no key here; there are ${TOP.join(", ")}`);
  const { about } = value;
  if (about !== undefined && about !== null && typeof about !== "string")
    tell(lines.top("about"), "about takes a text");
  const pipeline: Pipeline = {
    name,
    ...(typeof about === "string" ? { about: about.replaceAll(/\s+/g, " ").trim() } : {}),
    on: triggerFrom(value.on, lines, tell),
    maxRuns: maxRunsFrom(value["max-runs"], lines, tell),
    steps: parseSteps(value.steps, lines, tell),
  };
  problems.sort((one, other) => one.line - other.line);
  return { pipeline: problems.length === 0 ? pipeline : undefined, problems };
}

function yamlOf(text: string, path: string, tell: Tell): unknown {
  try {
    return parseYaml(text, { path, firstLine: 1 });
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    return tell(Number(error.data?.line ?? 1), error.message);
  }
}

function triggerFrom(value: unknown, lines: PipelineLines, tell: Tell): Trigger | null {
  if (value === undefined || value === null) return null;
  const written = typeof value === "string" || Array.isArray(value) ? { event: value } : value;
  if (!isMapping(written)) {
    tell(lines.top("on"), "on takes an event: {event: ticket.closed, where: 'type:bug'}");
    return null;
  }
  for (const key of strangers(written, ON))
    tell(lines.top("on", key), `'${key}' is no key of on; there are ${ON.join(", ")}`);
  const { event, where } = written;
  const names: unknown[] = Array.isArray(event) && event.length > 0 ? event : [event];
  const events = names.flatMap((name) => eventFrom(name, lines, tell) ?? []);
  if (where !== undefined && where !== null && typeof where !== "string")
    tell(lines.top("on", "where"), "where takes a filter: 'type:bug tag:ui'");
  const isOn = (key: "foreign" | "self"): boolean => {
    const one = written[key] ?? false;
    if (typeof one !== "boolean") tell(lines.top("on", key), `${key} must be true or false`);
    return one === true;
  };
  const filter = typeof where === "string" && where.trim() !== "" ? { where } : {};
  return { events, ...filter, foreign: isOn("foreign"), self: isOn("self") };
}

function eventFrom(name: unknown, lines: PipelineLines, tell: Tell): EventName | undefined {
  const line = lines.top("on", "event");
  if (typeof name !== "string" || name.trim() === "") return tell(line, "on needs an event: ticket.closed");
  const word = name.trim();
  const known = new Map<string, EventName>(EVENTS.map((one) => [one, one]));
  const found = known.get(word) ?? OTHER_NAMES[word.toLowerCase()] ?? known.get(`ticket.${word}`);
  if (found === undefined)
    return tell(line, `no event is called '${word}'; ticket.closed and ticket.assigned are some`);
  if (NOTICES.includes(found)) return tell(line, `${found} belongs to no commit: nothing can be begun by it once`);
  return found;
}

function maxRunsFrom(value: unknown, lines: PipelineLines, tell: Tell): number {
  if (value === undefined || value === null) return MAX_RUNS;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MOST_RUNS) return value;
  tell(lines.top("max-runs"), `max-runs must be a whole number from 1 to ${MOST_RUNS}: how many runs begin on one day`);
  return MAX_RUNS;
}
