import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import * as s from "./shapes.ts";

const seconds: JsonSchema = { type: ["number", "null"] };
/** How long something took. */
export const durations = s.shape({ count: s.count, medianSeconds: seconds, p85Seconds: seconds });
const slowest = s.shape({
  count: s.count,
  medianSeconds: seconds,
  p85Seconds: seconds,
  longest: s.about("the longest, 50 at most", s.listOf(s.shape({ id: s.text, seconds: s.number }))),
});
const list = s.about("the filter that lists what was counted, with the archive; null where none can", s.maybe);
const group = s.shape({
  name: s.about("null for those without one", s.maybe),
  total: s.count,
  open: s.count,
  inHand: s.about("worked on or in review", s.count),
  done: s.about("since then", s.count),
  leadTime: durations,
  cycleTime: durations,
  lists: s.shape({ total: list, open: list, inHand: list, done: list }),
});
const spent = {
  runs: s.count,
  cost: s.about("in dollars; null where no run told it", { type: ["number", "null"] }),
  unknown: s.about("runs that did not tell what they cost", s.count),
  tokens: s.maybeCount,
  tickets: s.about("whose runs they were, a hundred at most", s.texts),
};
const spentBy = s.listOf(s.shape({ name: s.maybe, ...spent }));

/** What statistics answer where they are asked for more than counts. */
export const STATS_PARTS: Readonly<Record<string, JsonSchema>> = {
  by: s.about(
    "what `by` names",
    s.shape(
      {},
      {
        column: s.listOf(
          s.shape({ name: s.text, id: s.text, category: s.category, count: s.count, stays: slowest, list }),
        ),
        project: s.listOf(group),
        agent: s.listOf(group),
      },
    ),
  ),
  forecast: s.about(
    "with `forecast`",
    s.shape({
      open: s.count,
      weeks: s.about("done in each of the last spans of seven days, the oldest first", s.listOf(s.count)),
      created: s.about("in those weeks", s.count),
      why: s.about("why there is none", {
        type: ["string", "null"],
        enum: ["nothing_open", "short_history", "little_done", null],
      }),
      by: s.listOf(s.shape({ percent: s.count, days: s.maybeCount, date: s.maybe })),
      list,
    }),
  ),
  cost: s.about(
    "with `cost`: runs that ended on this machine",
    s.shape({ ...spent, agents: spentBy, projects: spentBy, weeks: spentBy }),
  ),
  flow: s.about(
    "with `flow`",
    s.shape({
      days: s.about("waiting, working, finished at the end of each day since `since`", s.listOf(s.listOf(s.count))),
      weeks: s.listOf(s.shape({ week: s.text, created: s.count, done: s.count })),
      done: s.count,
      leadTime: durations,
      cycleTime: durations,
      waits: slowest,
      undated: s.count,
      took: s.about(
        "id, when, cycle time in seconds of what was done last",
        s.listOf(s.listOf({ type: ["string", "number"] })),
      ),
      lists: s.shape({ done: list, undated: list }),
    }),
  ),
};
