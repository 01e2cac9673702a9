import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import { change } from "./changeShapes.ts";
import * as s from "./shapes.ts";

const problem = s.shape({
  path: s.text,
  line: s.about("0 where no line can be named", s.count),
  code: s.text,
  message: s.text,
});

const trigger = s.shape({ events: s.texts, foreign: s.flag, self: s.flag }, { where: s.text });

const step = s.shape({
  id: s.text,
  line: s.count,
  does: s.oneOf("create", "complete", "cancel", "move", "note"),
  deps: s.texts,
  for: s.about("the path of the list of which it is done once for each item", s.maybe),
});

const pipeline = s.shape({
  name: s.text,
  path: s.text,
  about: s.maybe,
  on: s.about("what begins its runs; null: it is run by hand alone", s.orNull(trigger)),
  maxRuns: s.about("so many runs begin on one day", { type: ["integer", "null"] }),
  steps: s.listOf(step),
  state: s.about("whether it takes effect on this machine", s.oneOf("allowed", "new", "changed", "denied", "broken")),
  try: s.about("the line that allows it", s.orNull(s.texts)),
  problems: s.listOf(problem),
  runs: s.shape({ open: s.count, today: s.count }),
});

const run = s.shape({
  ticket: s.ref("Ticket"),
  pipeline: s.text,
  about: s.about("the ticket that {{ticket}} is", s.maybe),
  event: s.maybe,
  set: s.mapOf(s.text),
  steps: s.listOf(
    s.shape({
      id: s.text,
      state: s.oneOf("open", "made", "done", "due", "waiting", "unknown"),
      tickets: s.listOf(s.ref("Ticket")),
    }),
  ),
  why: s.about("why it does not go on", s.maybe),
});

/** The shapes of what is told of pipelines. */
export const PIPELINE_SHAPES: Readonly<Record<string, JsonSchema>> = {
  PipelineList: s.answer({ pipelines: s.listOf(pipeline) }),
  PipelineChecked: s.answer({ checked: s.texts, problems: s.listOf(problem) }),
  PipelineShown: s.answer({ pipeline: s.orNull(pipeline), runs: s.listOf(s.ref("Ticket")), run: s.orNull(run) }),
  PipelineRan: change({
    pipeline: s.text,
    run: s.about("null in a dry run, and where the event begins none", s.orNull(run)),
    isNew: s.about("false where the same key, or event, began it before", s.flag),
    did: s.about("what was done, or would be", s.texts),
    later: s.about("in a dry run: the steps that would wait for tickets of others", s.texts),
    why: s.about("why the event begins no run", s.maybe),
  }),
};
