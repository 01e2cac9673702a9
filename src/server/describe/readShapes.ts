import { INBOX_KINDS } from "../../actions/inbox/item.ts";
import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import { CATEGORIES } from "../../ticket/rules/board.ts";
import * as s from "./shapes.ts";
import { durations, STATS_PARTS } from "./statsShapes.ts";

const problems = s.listOf(s.ref("Unread"));
const cut = { total: s.count, truncated: s.flag };
const cursor = s.about("for the next page; null on the last", s.maybe);
const list = { tickets: s.listOf(s.ref("Ticket")), ...cut, problems };
const group = s.shape({ name: s.maybe, total: s.count, unfinished: s.count });
const limit: JsonSchema = { type: ["integer", "null"] };
const column = { id: s.text, name: s.text, category: s.category, limit };
const phased = { phase: s.text, refuse: s.about("past its limit nothing comes in", s.flag), role: s.text };
const recapped = { id: s.text, title: s.text, by: s.maybe, at: s.time };
const held = s.listOf(s.shape({ id: s.text, title: s.text, until: s.time }));
const heldByAgent = s.listOf(
  s.shape({
    id: s.text,
    title: s.text,
    since: s.about("when the work on it began", s.time),
    until: s.time,
    branch: s.maybe,
    said: s.about("its last note there", s.orNull(s.shape({ at: s.text, text: s.text }))),
  }),
);
const primed = s.listOf(
  s.shape({ id: s.text, title: s.text, status: s.text, priority: s.count, until: s.time }, { review: s.flag }),
);
const part = s.shape({
  id: s.text,
  title: s.text,
  status: s.text,
  category: { type: ["string", "null"], enum: [...CATEGORIES, null] },
  assignee: s.maybe,
  delegatedBy: s.maybe,
  above: s.about("the ticket above it in the tree", s.maybe),
  depth: s.count,
  run: s.about("how its last run on this machine is, or ended", s.maybe),
  cost: s.about("of its runs on this machine, in dollars", s.number),
});

/** What reads of tickets and of the whole store answer. */
export const READ_SHAPES: Readonly<Record<string, JsonSchema>> = {
  Tickets: s.answer(list, { cursor, archived: s.about("how many the archive has, where this list is empty", s.count) }),
  ReadyTickets: s.answer(list, {
    cursor,
    notReady: s.about("with explain", s.listOf(s.shape({ id: s.text, title: s.text, reasons: s.texts }))),
  }),
  Searched: s.answer(
    {
      tickets: s.listOf(s.ref("FoundTicket")),
      ...cut,
      mode: s.oneOf("hybrid", "keyword", "semantic"),
      notices: s.texts,
      problems,
    },
    { weights: s.shape({ semantic: s.number, keyword: s.number }) },
  ),
  Count: s.answer({ count: s.count }),
  Channel: s.answer({
    id: s.text,
    title: s.text,
    events: s.listOf(s.ref("Event")),
    position: s.about("what `since` takes to go on from here", s.maybe),
  }),
  Board: s.answer({
    columns: s.listOf(s.shape({ ...column, count: s.count, tickets: s.listOf(s.ref("Ticket")) }, phased)),
    problems,
  }),
  Graph: s.answer(
    {
      nodes: s.listOf(
        s.shape({
          id: s.text,
          title: s.text,
          status: s.text,
          category: { type: ["string", "null"], enum: [...CATEGORIES, "missing", null] },
        }),
      ),
      edges: s.listOf(s.shape({ from: s.text, to: s.text, kind: s.oneOf("dependency", "part") })),
      problems,
    },
    { text: s.about("not on the command line", s.maybe) },
  ),
  Parts: s.answer({
    roots: s.texts,
    tickets: s.listOf(part),
    lines: s.about("the tree as a terminal shows it", s.texts),
  }),
  Tree: s.answer({ roots: s.texts, lines: s.about("the tree as a terminal shows it", s.texts) }),
  Cycles: s.answer({
    cycles: s.listOf(s.texts),
    deadlocks: s.listOf(s.shape({ cycle: s.texts, message: s.text })),
    problems,
  }),
  Duplicates: s.answer({
    pairs: s.listOf(s.shape({ first: s.ref("Named"), second: s.ref("Named"), score: s.number })),
    ...cut,
    problems,
  }),
  History: s.answer({ id: s.maybe, entries: s.listOf(s.ref("HistoryEntry")), ...cut }),
  Commits: s.answer(
    {
      id: s.maybe,
      commits: s.listOf(s.ref("CodeCommit")),
      ...cut,
      unknown: s.listOf(s.shape({ id: s.text, near: s.texts, deleted: s.flag, commits: s.texts })),
    },
    { repository: s.about("not on the command line", s.maybe), unreadable: s.maybe },
  ),
  TicketDiff: s.answer({
    id: s.text,
    branch: s.about("the branch that has the work; null where its commits are known by their messages", s.maybe),
    base: s.about("what it is compared with", s.maybe),
    from: s.about("the commit where the branch left the base", s.maybe),
    to: s.about("the branch's newest commit", s.maybe),
    pullRequestUrl: s.about("where a pull request of the branch is made, once it is pushed", s.maybe),
    commits: s.about("those that name the ticket, the oldest first", s.texts),
    files: s.listOf(
      s.shape(
        { path: s.text, added: s.about("lines; null for what is no text", s.maybeCount), removed: s.maybeCount },
        { from: s.about("what it was called before", s.text) },
      ),
    ),
    diff: s.about('as git shows it; "" where only the files are wanted', s.text),
    truncated: s.about("whether the end of a very long diff is left out", s.flag),
  }),
  CommitDiff: s.answer({ commit: s.ref("CodeCommit"), diff: s.about("as git shows it", s.text) }),
  Stats: s.answer(
    {
      total: s.count,
      archived: s.count,
      unfinished: s.count,
      ready: s.count,
      blocked: s.count,
      columns: s.listOf(s.shape({ ...column, count: s.count }, { role: s.text })),
      categories: s.shape(Object.fromEntries(CATEGORIES.map((name) => [name, s.count]))),
      types: s.listOf(group),
      assignees: s.listOf(group),
      leadTime: durations,
      cycleTime: durations,
      weeks: s.listOf(s.shape({ week: s.text, created: s.count, done: s.count })),
      oldestInProgress: s.listOf(s.shape({ id: s.text, title: s.text, by: s.maybe, since: s.text, seconds: s.number })),
      problems,
      since: s.about("when the time begins that the rest looks at", s.text),
    },
    STATS_PARTS,
  ),
  Recap: s.answer({
    actor: s.text,
    since: s.text,
    from: s.oneOf("asked", "last_look", "first_look"),
    needsYou: s.listOf(
      s.shape({ ...recapped, kind: s.oneOf("question", "human", "overdue", "unreadable"), text: s.text }),
    ),
    review: s.listOf(s.shape(recapped, { reviewer: s.text })),
    unconfirmed: s.listOf(s.shape({ ...recapped, text: s.text })),
    lookTwice: s.listOf(s.shape({ ...recapped, kind: s.oneOf("gate_skipped", "taken_over", "stale"), text: s.text })),
    closed: s.listOf(s.shape({ ...recapped, status: s.text })),
    inWork: s.listOf(s.shape(recapped)),
    readyNext: s.listOf(s.shape({ ...recapped, priority: s.count, unlocks: s.count })),
    readyTotal: s.count,
  }),
  Inbox: s.answer({
    actor: s.text,
    items: s.listOf(
      s.shape(
        {
          key: s.about("what `inbox/done` and `inbox/snooze` call it", s.text),
          kind: s.oneOf(...INBOX_KINDS),
          ...recapped,
          text: s.text,
          act: s.about("the command to act", s.text),
        },
        {
          note: s.text,
          options: s.texts,
          defaultAnswer: s.text,
          answerBy: s.text,
          state: s.oneOf("done", "snoozed"),
          until: s.text,
        },
      ),
    ),
    total: s.count,
    truncated: s.flag,
    counts: s.about("how many of each kind", { type: "object", additionalProperties: s.count }),
    notices: s.texts,
  }),
  InboxPutAway: s.answer({ actor: s.text, keys: s.texts, until: s.maybe, notices: s.texts }),
  AgentList: s.answer({
    agents: s.listOf(s.shape({ name: s.text, worktree: s.maybe, holds: heldByAgent, assigned: s.count })),
  }),
  Whoami: s.answer({
    actor: s.shape({ name: s.text, agent: s.flag }),
    holds: held,
    agents: s.listOf(s.shape({ name: s.text, worktree: s.text, here: s.flag })),
  }),
  Primed: s.answer({
    actor: s.text,
    store: s.maybe,
    holds: primed,
    holdsTotal: s.count,
    ready: primed,
    readyTotal: s.count,
    inbox: s.listOf(s.shape({ key: s.text, kind: s.oneOf(...INBOX_KINDS), by: s.maybe, text: s.text })),
    inboxTotal: s.count,
    text: s.about("all of that and how to work, for a model", s.text),
  }),
  HookList: s.answer({
    hooks: s.listOf(
      s.shape({
        event: s.maybe,
        path: s.text,
        state: s.text,
        problem: s.orNull(s.shape({ code: s.text, message: s.text })),
        todo: s.maybe,
        sha256: s.maybe,
        at: s.time,
        by: s.maybe,
      }),
    ),
  }),
  HookLog: s.answer({
    runs: s.listOf(
      s.shape({
        at: s.text,
        hook: s.text,
        event: s.text,
        eventId: s.text,
        ticket: s.text,
        code: limit,
        signal: s.maybe,
        timedOut: s.flag,
        error: s.maybe,
        ms: s.number,
        output: s.text,
        ok: s.flag,
      }),
    ),
    ...cut,
  }),
  Setting: s.shape({
    key: s.text,
    value: s.ref("Value"),
    source: s.oneOf("default", "config.yml"),
    line: limit,
  }),
};
