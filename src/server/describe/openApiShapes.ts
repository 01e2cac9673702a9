import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import { EVENTS } from "../../ticket/events/events.ts";
import { PLAIN_FIELDS } from "../../ticket/plainFields.ts";
import { CATEGORIES } from "../../ticket/rules/board.ts";
import { FIELDS } from "../../ticket/ticket.ts";
import { PROBLEM_CODES } from "../problem.ts";

const text: JsonSchema = { type: "string" };
const maybe: JsonSchema = { type: ["string", "null"] };
const time: JsonSchema = { type: ["string", "null"], description: "2026-11-21T03:40:00Z" };
const texts: JsonSchema = { type: "array", items: text };
const flag: JsonSchema = { type: "boolean" };
const count: JsonSchema = { type: "integer", minimum: 0 };

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items: JsonSchema): JsonSchema => ({ type: "array", items });
const shape = (properties: Readonly<Record<string, JsonSchema>>, required = Object.keys(properties)): JsonSchema => ({
  type: "object",
  properties,
  required,
});

/** The names of shapes that several places use. */
export const ANSWERS = { written: "TicketsWritten" } as const;

const named = shape({ id: text, title: text, status: text });
const category: JsonSchema = { enum: [...CATEGORIES, null] };
const schema: JsonSchema = { const: 1 };

const ticket = {
  id: text,
  title: text,
  status: text,
  category,
  type: maybe,
  priority: { type: "integer", minimum: 0, maximum: 4, description: "0 is the highest" },
  assignee: maybe,
  deps: texts,
  links: texts,
  parent: maybe,
  tags: texts,
  project: maybe,
  created: time,
  started: time,
  closed: time,
  ready: flag,
  blockedBy: texts,
  blocks: texts,
  children: texts,
  claim: { anyOf: [ref("Claim"), { type: "null" }] },
  commits: texts,
  version: { ...text, description: "the git blob id of its file; its ETag" },
  path: text,
  extra: { type: "object", description: "keys of the front matter that ayo does not know" },
};

/** Those that are there where they are set. */
const plainFields = Object.fromEntries(
  PLAIN_FIELDS.filter((name) => !(name in ticket)).map((name) => [name, FIELDS[name].kind === "list" ? texts : text]),
);

const written = {
  commit: { ...maybe, description: "null where nothing was changed, or the commit waits" },
  deferred: text,
  notices: texts,
  dryRun: flag,
  affected: {
    ...listOf(ref("Ticket")),
    description:
      "with include=affected: the tickets of the change, and others that became ready or wait for others by it, as they are now",
  },
  gone: { ...texts, description: "with include=affected: ids of tickets that were deleted or archived" },
};
const problems = listOf(shape({ path: text, line: count, code: text, message: text }));
const list = { schema, tickets: listOf(ref("Ticket")), total: count, truncated: flag, problems };

/** The shapes of answers. Fields may be added; nothing else changes while `schema` is 1. */
export const COMPONENTS: Readonly<Record<string, JsonSchema>> = {
  Ticket: shape(
    {
      ...ticket,
      ...plainFields,
      shortVersion: {
        ...text,
        description: "the first ten digits of version, only where `fields` names it; enough for If-Match",
      },
      authors: { ...texts, description: "everybody who held it since it was opened; none of them approves it" },
      unconfirmed: { ...texts, description: "what was changed by hand, past a gate, and waits for a person's confirm" },
    },
    Object.keys(ticket),
  ),
  Claim: shape({ by: text, until: time, token: maybe, branch: maybe, head: maybe }),
  Tickets: shape(
    { ...list, cursor: { ...maybe, description: "for the next page; null on the last" } },
    Object.keys(list),
  ),
  TicketMade: shape({ schema, ticket: ref("Ticket"), tickets: listOf(ref("Ticket")), created: flag, ...written }, [
    "schema",
    "ticket",
    "tickets",
    "created",
    "commit",
    "notices",
  ]),
  TicketShown: shape(
    {
      schema,
      ticket: {
        allOf: [
          ref("Ticket"),
          shape({
            body: text,
            notes: listOf(shape({ at: text, by: maybe, text })),
            checklist: listOf(shape({ n: count, done: flag, text })),
            reasons: texts,
          }),
        ],
      },
      waitsFor: listOf({ type: "object" }),
      unlocks: listOf(named),
      parent: { anyOf: [named, { type: "null" }] },
      children: listOf(named),
      links: listOf(named),
      linkedCommits: listOf({ type: "object" }),
      overdue: flag,
      text: { ...text, description: "the whole file, not on the command line" },
    },
    ["schema", "ticket", "waitsFor", "unlocks", "parent", "children", "links", "linkedCommits", "overdue"],
  ),
  TicketsWritten: shape(
    {
      schema,
      tickets: { ...listOf(ref("Ticket")), description: "as they are after it; deleted ones as they were" },
      ticket: {
        anyOf: [ref("Ticket"), { type: "null" }],
        description: "where it is one, of verbs of one ticket; null where there was none to claim",
      },
      ...written,
    },
    ["schema", "tickets", "commit", "notices"],
  ),
  Written: shape({ schema, ...written }, ["schema", "commit", "notices"]),
  Board: shape({
    schema,
    columns: listOf(
      shape({
        id: text,
        name: text,
        category,
        limit: { type: ["integer", "null"] },
        count,
        tickets: listOf(ref("Ticket")),
      }),
    ),
    problems,
  }),
  Graph: shape({
    schema,
    nodes: listOf(shape({ id: text, title: text, status: text, category: { enum: [...CATEGORIES, "missing", null] } })),
    edges: listOf(shape({ from: text, to: text, kind: { enum: ["dependency", "part"] } })),
    problems,
  }),
  History: shape({ schema, entries: listOf({ type: "object" }), total: count, truncated: flag }),
  Commits: shape({ schema, commits: listOf({ type: "object" }), total: count, truncated: flag }),
  Workflows: shape({ schema, workflows: listOf(shape({ id: text, dir: text })) }),
  Event: shape({
    schema,
    id: text,
    event: { enum: EVENTS },
    at: text,
    actor: text,
    store: text,
    ticket: named,
    changes: { type: "object" },
    cause: { type: "object" },
  }),
  Answer: shape({ schema }),
  Problem: shape(
    {
      type: text,
      title: text,
      status: count,
      detail: text,
      instance: text,
      code: { enum: [...PROBLEM_CODES.keys()] },
      data: { type: "object" },
      try: { ...texts, description: "a command line that helps" },
    },
    ["type", "title", "status", "detail", "code"],
  ),
};
