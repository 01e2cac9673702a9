import { nearest } from "../nearest.ts";
import { FIELDS } from "../ticket.ts";
import { pathsIn } from "./fillTemplate.ts";
import type { PipelineStep } from "./pipeline.ts";
import type { Tell } from "./shape.ts";

/** What is at `event`, `run`, `pipeline`, and at a step with `for`. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  event: ["id", "name", "actor"],
  run: ["id", "title"],
  pipeline: ["name"],
};
const KEYS_OF_MANY = ["ids", "titles", "outputs"];
/** Tickets may have keys of their own too: of those only what looks like a slip of these is told. */
const TICKET_KEYS = [...Object.values(FIELDS).map(({ key }) => key), ...["title", "category", "description"]];

/** Tells of paths that lead nowhere, whatever ticket begins the run. */
export function tellNowhere(
  steps: readonly PipelineStep[],
  textsOf: (step: PipelineStep) => string[],
  tell: Tell,
): void {
  for (const step of steps) {
    for (const path of new Set(textsOf(step).flatMap(pathsIn))) {
      const why = whyNowhere(steps, path);
      if (why !== undefined) tell(step.line, `step ${step.id}: nothing is at {{${path}}}: ${why}`);
    }
  }
}

function whyNowhere(steps: readonly PipelineStep[], path: string): string | undefined {
  const [root = "", key] = path.split(".");
  if (key === undefined) return undefined;
  const made = steps.find(({ id }) => id === root);
  if (made !== undefined && made.does.verb !== "create") return `step ${root} makes no ticket`;
  const keys = made?.each === undefined ? KEYS[root] : KEYS_OF_MANY;
  if (keys !== undefined) return keys.includes(key) ? undefined : `there are ${keys.join(", ")}`;
  if ((root !== "ticket" && made === undefined) || TICKET_KEYS.includes(key)) return undefined;
  const [near] = nearest(key, TICKET_KEYS);
  return near === undefined ? undefined : `'${near}' looks like it`;
}
