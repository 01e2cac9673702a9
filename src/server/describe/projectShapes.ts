import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import { PROJECT_STATES } from "../../ticket/project.ts";
import { CATEGORIES } from "../../ticket/rules/board.ts";
import { change } from "./changeShapes.ts";
import * as s from "./shapes.ts";

const project = {
  slug: s.text,
  name: s.text,
  color: s.maybe,
  status: s.about("null where only tickets name it", { type: ["string", "null"], enum: [...PROJECT_STATES, null] }),
  lead: s.maybe,
  due: s.maybe,
  was: s.about("slugs that it had before", s.texts),
  path: s.maybe,
  version: s.about("the git blob id of its file", s.maybe),
  tickets: s.shape({ total: s.count, open: s.count, closed: s.count, done: s.count }),
  progress: s.about("percent that is done, without what was cancelled", { type: ["integer", "null"] }),
};
const ticket = s.shape({
  id: s.text,
  title: s.text,
  status: s.text,
  category: s.category,
  priority: s.count,
  assignee: s.maybe,
});

const stored = s.shape({
  slug: s.text,
  name: s.text,
  color: s.maybe,
  status: s.oneOf(...PROJECT_STATES),
  lead: s.maybe,
  due: s.maybe,
  was: s.texts,
  description: s.text,
  path: s.text,
  version: s.text,
});

/** The shapes of what is told of projects. */
export const PROJECT_SHAPES: Readonly<Record<string, JsonSchema>> = {
  ProjectList: s.answer({
    projects: s.listOf(s.shape(project)),
    total: s.count,
    archived: s.count,
    problems: s.listOf(s.ref("Unread")),
  }),
  ProjectWritten: change({
    project: stored,
    changed: s.about("what became other in it", s.texts),
    renamed: s.about("tickets that name its new slug now", s.texts),
  }),
  ProjectMade: change({
    project: stored,
    renamed: s.about("tickets that named it otherwise, and name its slug now", s.texts),
  }),
  ProjectShown: s.answer({
    project: s.shape({ ...project, description: s.text }),
    tickets: s.listOf(ticket),
    total: s.count,
    truncated: s.flag,
    categories: s.shape(Object.fromEntries(CATEGORIES.map((name) => [name, s.count]))),
    weeks: s.listOf(s.shape({ week: s.text, created: s.count, closed: s.count, open: { type: "integer" } })),
  }),
};
