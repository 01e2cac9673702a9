import { deedFrom, type Reading, textsIn, VERBS } from "./deedOf.ts";
import { pathsIn, templateFault, wholePath } from "./fillTemplate.ts";
import { tellNowhere } from "./knownPaths.ts";
import type { Deed, PipelineStep } from "./pipeline.ts";
import type { PipelineLines } from "./pipelineLines.ts";
import { isMapping, strangers, type Tell } from "./shape.ts";

const STEP = ["id", "deps", "for", ...VERBS];
const ID = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
/** Where paths begin that are no step's. */
const ROOTS = ["ticket", "event", "run", "pipeline", "set", "item", "index"];
const MOST_STEPS = 50;
/** Reads the steps of a pipeline. */
export function parseSteps(value: unknown, lines: PipelineLines, tell: Tell): PipelineStep[] {
  if (!Array.isArray(value) || value.length === 0) {
    tell(lines.top("steps"), "steps must be a list of what is done: - create: {title: …}");
    return [];
  }
  if (value.length > MOST_STEPS) tell(lines.top("steps"), `there are ${value.length} steps, and ${MOST_STEPS} at most`);
  const ids = idsOf(value, lines, tell);
  const steps = value.flatMap((step, at) => {
    const id = ids[at] ?? "";
    const line = (key?: string): number => lines.step(at, key);
    const fail = (key: string, message: string): undefined => tell(line(key), `step ${id}: ${message}`);
    if (!isMapping(step)) return fail("", "must be a mapping: {id: plan, create: {title: …}}") ?? [];
    return stepFrom({ id, step, line, fail }, ids) ?? [];
  });
  tellCircle(steps, tell);
  tellNowhere(steps, textsOfStep, tell);
  return steps;
}

/** What each step is called: its id, else its verb, with its number where another is called so. */
function idsOf(steps: readonly unknown[], lines: PipelineLines, tell: Tell): string[] {
  const written = steps.map((step) => (isMapping(step) ? (step.id ?? undefined) : undefined));
  const taken = new Set(written.filter((id) => typeof id === "string"));
  const seen = new Set<unknown>();
  return steps.map((step, at) => {
    const id = written[at];
    if (typeof id === "string" && ID.test(id) && !ROOTS.includes(id)) {
      if (seen.has(id)) tell(lines.step(at, "id"), `step ${id}: another step is called so too`);
      seen.add(id);
      return id;
    }
    const verb = VERBS.find((one) => isMapping(step) && step[one] !== undefined) ?? "step";
    const made = taken.has(verb) ? `${verb}-${at + 1}` : verb;
    taken.add(made);
    if (id !== undefined) {
      const why = ROOTS.includes(String(id)) ? "has a meaning of its own" : "is no name: letters, digits, '_' and '-'";
      tell(lines.step(at, "id"), `step ${made}: its id '${String(id)}' ${why}`);
    }
    return made;
  });
}

function stepFrom(reading: Reading, ids: readonly string[]): PipelineStep | undefined {
  const { id, step, line, fail } = reading;
  for (const key of strangers(step, STEP)) fail(key, `'${key}' is no key here; there are ${STEP.join(", ")}`);
  const verbs = VERBS.filter((verb) => step[verb] !== undefined && step[verb] !== null);
  const [verb, second] = verbs;
  if (verb === undefined) return fail("", `does nothing: it needs one of ${VERBS.join(", ")}`);
  if (second !== undefined) return fail(second, `does two things, ${verb} and ${second}: make two steps of it`);
  const each = eachFrom(reading);
  const named = textsIn(reading, "deps", step.deps);
  const { does, deps } = deedFrom(reading, verb, ids);
  const texts = textsOfStep({ does, ...(each === undefined ? {} : { each }) });
  const used = usedSteps(reading, { texts, ids, isEach: each !== undefined });
  for (const one of named.filter((word) => !ids.includes(word))) fail("deps", `deps names '${one}', which is no step`);
  const all = [...new Set([...named.filter((one) => ids.includes(one)), ...deps, ...used])];
  if (all.includes(id)) fail("deps", "waits for itself");
  return { id, line: line(), deps: all, ...(each === undefined ? {} : { each }), does };
}

function eachFrom({ step, fail }: Reading): string | undefined {
  const value = step.for;
  if (value === undefined || value === null) return undefined;
  const path = typeof value === "string" ? wholePath(value) : undefined;
  if (path === undefined || templateFault(`{{${path}}}`) !== undefined)
    return fail("for", "for takes one path of a list: '{{plan.output.cases}}'");
  return path;
}

/** What the texts of a step are read by. */
interface Texts {
  readonly texts: readonly string[];
  readonly ids: readonly string[];
  readonly isEach: boolean;
}

/** The steps whose values are used; they have to be over before. */
function usedSteps({ id, fail }: Reading, { texts, ids, isEach }: Texts): string[] {
  const used = new Set<string>();
  for (const text of texts) {
    const fault = templateFault(text);
    if (fault !== undefined) fail("", fault);
    for (const path of fault === undefined ? pathsIn(text) : []) {
      const [root = ""] = path.split(".");
      if (ids.includes(root)) used.add(root);
      else tellRoot(path, root, isEach, fail);
    }
  }
  if (used.delete(id)) fail("", "uses its own values");
  return [...used];
}

function tellRoot(path: string, root: string, isEach: boolean, fail: Reading["fail"]): void {
  if (!ROOTS.includes(root)) fail("", `{{${path}}}: '${root}' is neither a step nor one of ${ROOTS.join(", ")}`);
  else if (!isEach && (root === "item" || root === "index")) fail("", `{{${path}}} is for steps with for`);
}

function textsOfStep({ each, does }: Pick<PipelineStep, "each" | "does">): string[] {
  return [...(each === undefined ? [] : [`{{${each}}}`]), ...textsOf(does)];
}

/** Every text of a deed that may have paths in it. */
function textsOf(does: Deed): string[] {
  if (does.verb === "create") return Object.values(does.values).flat();
  const { verb: _, ...texts } = does;
  return Object.values(texts);
}

/** Steps that wait for each other are never due. */
function tellCircle(steps: readonly PipelineStep[], tell: Tell): void {
  let left = steps;
  for (;;) {
    const ids = new Set(left.map(({ id }) => id));
    const next = left.filter(({ deps }) => deps.some((dep) => ids.has(dep)));
    if (next.length === left.length) break;
    left = next;
  }
  const [first] = left;
  if (first === undefined || left.every(({ id, deps }) => deps.includes(id))) return;
  tell(first.line, `step ${first.id}: waits for itself, by ${left.map(({ id }) => id).join(", ")}`);
}
