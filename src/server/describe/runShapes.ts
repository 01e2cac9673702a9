import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import { OUTCOMES, RUN_STATES } from "../../store/runs/record.ts";
import * as s from "./shapes.ts";

const run = {
  run: s.about("what people call it: mya-x7k2/3", s.text),
  ticket: s.text,
  n: s.count,
  agent: s.text,
  adapter: s.text,
  version: s.maybe,
  state: s.oneOf(...RUN_STATES),
  attended: s.about("whether a dispatcher looks after it", s.flag),
  gone: s.about("its program has ended, and the next dispatcher has to write down how", s.flag),
  outcome: s.orNull(s.oneOf(...OUTCOMES)),
  why: s.maybe,
  review: s.flag,
  tries: s.count,
  session: s.maybe,
  worktree: s.maybe,
  branch: s.maybe,
  at: s.text,
  started: s.time,
  ended: s.time,
  exit: s.about("its exit code, or the signal that ended it", { type: ["integer", "string", "null"] }),
  tokens: s.orNull(s.number),
  cost: s.orNull(s.number),
  said: s.maybe,
};

/** What an event of a run is: more keys than these are the event's own. */
const event: JsonSchema = {
  type: "object",
  properties: { at: s.text, type: s.text, offset: s.count },
  required: ["at", "type"],
  additionalProperties: true,
};

/** The shapes of what is told of runs. */
export const RUN_SHAPES: Readonly<Record<string, JsonSchema>> = {
  RunList: s.answer({
    runs: s.listOf(s.shape({ ...run, title: s.maybe })),
    total: s.count,
    tokens: s.number,
    cost: s.number,
  }),
  RunShown: s.answer({ run: s.shape({ ...run, title: s.maybe }), folder: s.text, events: s.listOf(event) }),
  RunLog: s.answer({
    run: s.shape(run),
    events: s.listOf(event),
    from: s.about("`before` of a call for earlier ones; below 0 in what was put away", s.number),
    hasEarlier: s.flag,
    next: s.about("`after` of the next call", s.number),
  }),
  RunStopped: s.answer({ run: s.shape(run), stopped: s.flag, notices: s.texts }, { dryRun: s.flag }),
};
