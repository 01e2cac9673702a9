import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import { JSON_FIELDS } from "../../ticket/plainFields.ts";
import { FIELDS } from "../../ticket/ticket.ts";
import * as s from "./shapes.ts";

const TICKET = {
  id: s.text,
  title: s.text,
  status: s.text,
  category: s.category,
  type: s.maybe,
  priority: { type: "integer", minimum: 0, maximum: 4, description: "0 is the highest" },
  assignee: s.maybe,
  deps: s.texts,
  links: s.texts,
  parent: s.maybe,
  tags: s.texts,
  project: s.maybe,
  created: s.time,
  started: s.time,
  closed: s.time,
  ready: s.flag,
  blockedBy: s.texts,
  blocks: s.texts,
  children: s.texts,
  claim: s.orNull(s.ref("Claim")),
  criteria: s.shape({ done: s.count, total: s.count }),
  commits: s.texts,
  version: s.about("the git blob id of its file; its ETag", s.text),
  path: s.text,
  extra: s.about("keys of the front matter that ayo does not know", s.mapOf(s.ref("Value"))),
  provider: s.about("where it is kept: in its store alone, or at a tracker too", s.oneOf("local", "linear", "github")),
};

/** Those that are there where they are set. */
const WHERE_SET = Object.fromEntries(
  JSON_FIELDS.filter((name) => !(name in TICKET)).map((name) => [
    name,
    FIELDS[name].kind === "list" ? s.texts : s.text,
  ]),
);

const OPTIONAL = {
  ...WHERE_SET,
  externalKey: s.about("what its tracker calls it: ENG-12; in lists only where `fields` names it", s.text),
  externalUrl: s.about("where a browser finds it at its tracker; in lists only where `fields` names it", s.text),
  pipelineStep: s.about("the step of the pipeline that made it", s.text),
  attachments: s.about("the paths of its files in the store's folder", s.texts),
  outputSchema: s.about("the name of the schema that its output has to fit: schemas/<name>.json", s.text),
  outputId: s.about("the git blob id of its output, outputs/<id>.json, as it was handed in", s.text),
  shortVersion: s.about("the first ten digits of version, only where `fields` names it; enough for If-Match", s.text),
  authors: s.about("everybody who held it since it was opened; none of them approves it", s.texts),
  landed: s.about("the commit of the base branch that its work came there with", s.text),
  unlanded: s.about("the commit of the base branch by which its work was taken back", s.text),
  unconfirmed: s.about("what was changed by hand, past a gate, and waits for a person's confirm", s.texts),
};

const commit = {
  oid: s.text,
  author: s.maybe,
  email: s.maybe,
  date: s.time,
  subject: s.maybe,
  found: s.oneOf("branch", "recorded", "elsewhere"),
};
const state = s.oneOf("done", "open", "cancelled", "failed", "missing", "unconfirmed", "unlanded");
const leftover = s.shape({ by: s.text, at: s.text, branch: s.maybe, head: s.maybe });
const full = {
  body: s.text,
  notes: s.listOf(s.ref("Note")),
  checklist: s.listOf(s.ref("Criterion")),
  reasons: s.texts,
};
const output = {
  output: s.about("what its work made; null where that is unverified", s.ref("Value")),
  outputState: s.oneOf("valid", "unverified"),
  outputWhy: s.about("why it is unverified", s.text),
  outputFaults: s.about(
    "where it does not fit its schema: what does not",
    s.listOf(s.shape({ pointer: s.text, message: s.text })),
  ),
  outputRefused: s.about("what was handed in and does not fit: for people to look at", s.ref("Value")),
};
const verification = {
  head: s.about("the newest commit of its work", s.maybe),
  branch: s.maybe,
  elsewhere: s.about("the ticket says that it passed, and this machine has not seen it", s.flag),
  entries: s.listOf(
    s.shape({
      name: s.text,
      state: s.oneOf("passed", "doubtful", "failed", "open"),
      why: s.text,
      run: s.about("the command, as agents.yml has it now", s.maybe),
      at: s.time,
      by: s.maybe,
      ms: s.orNull(s.count),
      exit: { type: ["integer", "null"] },
      tail: s.about("the end of what it printed", s.text),
      log: s.maybe,
    }),
  ),
};
const item = s.shape(
  {
    tracker: s.text,
    key: s.about("ENG-12; empty until the tracker has answered", s.text),
    url: s.text,
    state: s.about(
      "linked where both are kept the same",
      s.oneOf("creating", "linked", "archived", "detached", "severed", "unread"),
    ),
  },
  { why: s.about("why what is known of it cannot be read", s.text) },
);
const asOf = s.shape({ commit: s.text, at: s.text, actor: s.text });

/** A ticket with more about it than lists have. */
const ticketWith = (required: Readonly<Record<string, JsonSchema>>, optional = {}): JsonSchema =>
  s.shape({ ...TICKET, ...required }, { ...OPTIONAL, ...optional });

/** What tickets look like, in lists, alone, and after a change. */
export const TICKET_SHAPES: Readonly<Record<string, JsonSchema>> = {
  // A shape that names itself is more than the types of common clients can bear.
  Value: {
    description: "any JSON",
    anyOf: [
      { type: "string" },
      { type: "number" },
      { type: "boolean" },
      { type: "null" },
      s.listOf({}),
      { type: "object", additionalProperties: true },
    ],
  },
  Ticket: ticketWith({}),
  Claim: s.shape(
    { by: s.text, until: s.time, token: s.maybe, branch: s.maybe, head: s.maybe },
    { confirmed: s.about("false where others could not be asked yet whether it is theirs", s.flag) },
  ),
  Named: s.shape({ id: s.text, title: s.text, status: s.text }),
  Titled: s.shape({ id: s.text, title: s.text }),
  Criterion: s.shape({ n: s.count, done: s.flag, text: s.text }),
  Note: s.shape({ id: s.about("made of time, author and text", s.text), at: s.text, by: s.maybe, text: s.text }),
  Attachment: s.shape(
    {
      name: s.text,
      path: s.about("in the store's folder", s.text),
      size: s.about("in bytes; null where it cannot be read", { type: ["integer", "null"] }),
      type: s.about("of a picture what its bytes say, else what the name says", s.text),
    },
    { width: s.count, height: s.count, why: s.about("why it cannot be read", s.text) },
  ),
  Unread: s.about(
    "a file that cannot be read as a ticket, or only in part",
    s.shape({ path: s.text, line: s.count, code: s.text, message: s.text }),
  ),
  FullTicket: ticketWith(full, output),
  MovedTicket: ticketWith({ from: s.about("the column that it was in", s.text) }),
  UndoneTicket: ticketWith({ kind: s.oneOf("changed", "deleted", "restored"), changes: s.ref("Changes") }),
  ClaimedTicket: ticketWith({}, { leftover }),
  FoundTicket: ticketWith(
    {
      score: s.about("from 0 to 1", s.number),
      snippet: s.about("one line of its text", s.text),
      marks: s.about(
        "where the words stand in the snippet: from, and after",
        s.listOf({ type: "array", items: s.count, minItems: 2, maxItems: 2 }),
      ),
    },
    {
      why: s.about(
        "with explain",
        s.shape(
          {},
          {
            exact: s.flag,
            keyword: s.shape({ rank: s.count, score: s.number, terms: s.texts }),
            semantic: s.shape({ rank: s.count, cosine: s.number }),
          },
        ),
      ),
    },
  ),
  Commit: s.shape(commit),
  CodeCommit: s.shape({ ...commit, tickets: s.texts, branches: { type: ["array", "null"], items: s.text } }),
  Changes: s.about(
    "what each field was and is; null where the ticket did not have it",
    s.mapOf(s.shape({ from: s.ref("Value"), to: s.ref("Value") })),
  ),
  HistoryEntry: s.shape(
    {
      commit: s.maybe,
      at: s.text,
      actor: s.text,
      subject: s.text,
      event: s.maybe,
      byHand: s.flag,
      id: s.maybe,
      title: s.maybe,
      kind: {
        type: ["string", "null"],
        enum: ["created", "changed", "archived", "restored", "renamed", "deleted", null],
      },
      path: s.maybe,
      changes: s.ref("Changes"),
    },
    { pending: s.oneOf("deferred", "uncommitted"), ids: s.texts, patch: s.text },
  ),
  Verification: s.shape(verification),
  VerificationOf: s.shape({ id: s.text, ...verification }),
  TicketShown: s.answer(
    {
      ticket: s.ref("FullTicket"),
      waitsFor: s.listOf(
        s.shape(
          { id: s.text, state },
          {
            title: s.text,
            status: s.text,
            base: s.text,
            unlanded: s.about("what of it is not on base: itself, its parts, or both", s.texts),
          },
        ),
      ),
      unlocks: s.listOf(s.ref("Named")),
      parent: s.orNull(s.ref("Named")),
      children: s.listOf(s.ref("Named")),
      links: s.listOf(s.ref("Named")),
      linkedCommits: s.listOf(s.ref("Commit")),
      overdue: s.flag,
    },
    {
      text: s.about("the whole file, not on the command line", s.text),
      attachments: s.about("its files, where it has any", s.listOf(s.ref("Attachment"))),
      ranOut: s.about("whose claim ran out, where nothing has recorded that yet", s.text),
      verification: s.ref("Verification"),
      item: s.about("what its tracker calls it, where it has one", item),
      history: s.about("with history", s.listOf(s.ref("HistoryEntry"))),
      asOf: s.about("with at: the commit that everything is as of", asOf),
    },
  ),
};
