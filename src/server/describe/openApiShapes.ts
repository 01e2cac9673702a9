import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import { EVENTS } from "../../ticket/events/events.ts";
import { CATEGORIES } from "../../ticket/rules/board.ts";
import { MOST_TEXTS } from "../markdown/mostTexts.ts";
import { PROBLEM_CODES } from "../problem.ts";
import { CHANGE_SHAPES } from "./changeShapes.ts";
import { PIPELINE_SHAPES } from "./pipelineShapes.ts";
import { PROJECT_SHAPES } from "./projectShapes.ts";
import { READ_SHAPES } from "./readShapes.ts";
import { RUN_SHAPES } from "./runShapes.ts";
import * as s from "./shapes.ts";
import { TICKET_SHAPES } from "./ticketShapes.ts";
import { TRACKER_SHAPES } from "./trackerShapes.ts";

const brief = s.shape({
  id: s.text,
  title: s.text,
  status: s.text,
  category: s.category,
  type: s.maybe,
  priority: s.count,
  assignee: s.maybe,
  claimedBy: s.maybe,
  tags: s.texts,
  parent: s.maybe,
  path: s.text,
  version: s.text,
});
const column = s.shape(
  { id: s.text, name: s.text, category: s.category },
  { phase: s.text, limit: s.count, refuse: s.flag, role: s.text, prompt: s.text, enter: s.texts },
);
const board = s.shape(
  { columns: s.listOf(column), initial: s.text, types: s.texts },
  {
    transitions: s.mapOf(s.texts),
    review: { type: ["string", "array"], items: s.text },
    criteria: s.oneOf("required"),
  },
);
const offers = s.listOf(s.shape({ verb: s.text }, { asks: s.text }));

/** The shapes of answers. Fields may be added; nothing else changes while `schema` is 1. */
export const COMPONENTS: Readonly<Record<string, JsonSchema>> = {
  ...TICKET_SHAPES,
  ...READ_SHAPES,
  ...PIPELINE_SHAPES,
  ...TRACKER_SHAPES,
  ...PROJECT_SHAPES,
  ...RUN_SHAPES,
  ...CHANGE_SHAPES,
  Texts: s.shape({
    texts: {
      ...s.listOf(
        s.shape(
          { text: s.text },
          { isLine: s.about("one line: words and links, nothing that stands apart; false unless told", s.flag) },
        ),
        "markdown",
      ),
      maxItems: MOST_TEXTS,
    },
  }),
  Trees: s.answer({
    trees: s.listOf(
      s.orNull(s.listOf(s.ref("Value"))),
      "of each text its pieces: words, or a list of an element's name, its attributes and the pieces in it; null for a text that is to be shown as it is written; fewer than texts where they take too long together",
    ),
  }),
  Workflows: s.answer({ workflows: s.listOf(s.shape({ id: s.text, dir: s.text })) }),
  Config: s.answer({
    workflow: s.text,
    dir: s.text,
    actor: s.shape({ name: s.text, agent: s.flag }),
    board,
    settings: s.listOf(s.ref("Setting")),
    version: s.text,
    events: s.listOf(s.oneOf(...EVENTS)),
    verbs: s.about("what can be done with a ticket: the last words of addresses", s.texts),
    views: s.about(
      "filters that config.yml names",
      s.listOf(s.shape({ name: s.text, filter: s.text }, { sort: s.text, group: s.text, lanes: s.text })),
    ),
    offers: s.about(
      "what a page offers for a ticket, by its category",
      s.shape(Object.fromEntries([...CATEGORIES, "unconfirmed"].map((name) => [name, offers]))),
    ),
    position: s.about("a Last-Event-ID for who reads everything now", s.maybe),
    config: s.about("another text for another config.yml, as `hello` and `config` of the events say it", s.text),
  }),
  Event: s.answer(
    {
      id: s.text,
      event: s.oneOf(...EVENTS),
      at: s.text,
      actor: s.text,
      store: s.text,
      ticket: brief,
      changes: s.ref("Changes"),
      cause: s.shape(
        { commit: s.maybe, subject: s.text },
        { byHand: s.flag, byDefault: s.flag, run: s.shape({ n: s.count, outcome: s.text }), tickets: s.texts },
      ),
    },
    {
      position: s.about(
        "where to resume behind it, where that is not its id: between the lines that a merge joins",
        s.text,
      ),
      notes: s.about(
        "in the channel of a ticket: its notes in full; `was` is the id before an edit, `gone` taken back, `back` brought back",
        s.listOf(
          s.shape({ id: s.text, at: s.text, by: s.maybe, text: s.text }, { was: s.text, gone: s.flag, back: s.flag }),
        ),
      ),
      progress: s.about(
        "of run_progress, in the channel of a ticket: what the agent of a run here did within a second",
        s.shape({ run: s.text, lines: s.texts }),
      ),
      rejected: s.about(
        "of output_rejected, in the channel of a ticket: what does not fit in the answer of a run here",
        s.shape({ run: s.text, errors: s.listOf(s.shape({ pointer: s.text, message: s.text })) }),
      ),
      mention: s.about(
        "of mentioned: whom, and in which note; null for the description",
        s.shape({ note: s.maybe, names: s.texts }),
      ),
    },
  ),
  Problem: s.shape(
    {
      type: s.text,
      title: s.text,
      status: s.count,
      detail: s.text,
      code: s.oneOf(...PROBLEM_CODES.keys()),
    },
    {
      instance: s.text,
      data: s.mapOf(s.ref("Value")),
      try: s.about("a command line that helps", s.texts),
    },
  ),
};
