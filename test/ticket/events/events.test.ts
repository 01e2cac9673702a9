import { describe, expect, it } from "vitest";
import { advance } from "../../../src/ticket/events/advance.ts";
import { changesOf, type Snapshot } from "../../../src/ticket/events/changes.ts";
import type { EventCommit, TicketChange } from "../../../src/ticket/events/events.ts";
import { worldOf } from "../../../src/ticket/events/world.ts";
import { DEFAULT_BOARD } from "../../../src/ticket/rules/board.ts";
import { parseTicket } from "../../../src/ticket/text/parseTicket.ts";

let versions = 0;

/** A ticket of `lines` of front matter, in a file of its own. */
function ticket(id: string, lines: string, body = "", file = `${id}.md`): Snapshot {
  const text = `---\nid: ${id}\n${lines}\n---\n# Title of ${id}\n${body}`;
  return { ticket: parseTicket(text, file, String(++versions)), text };
}

const COMMIT: EventCommit = {
  oid: "c0ffee",
  at: "2026-11-21T03:40:00Z",
  actor: "@coder",
  store: "/store",
  subject: "did it",
  byHand: false,
  event: undefined,
};

/** The events, as `name id`, of one commit on a store of `all`. */
function eventsOf(
  all: readonly Snapshot[],
  changed: readonly TicketChange[],
  commit: Partial<EventCommit> = {},
  board = DEFAULT_BOARD,
) {
  const world = worldOf(
    all.map((one) => one.ticket),
    board,
    { get: () => undefined },
  );
  return advance(world, { ...COMMIT, ...commit }, changed);
}

function named(events: ReturnType<typeof eventsOf>): string[] {
  return events.map(({ event, ticket: { id } }) => `${event} ${id}`);
}

describe("advance", () => {
  it("publishes a closed ticket, then the dependents that it made ready", () => {
    const before = ticket("a", "status: in_progress");
    const after = ticket("a", "status: closed\nclosed: 2026-11-21T03:40:00Z");
    const waits = ticket("b", "status: open\ndeps: [a]");
    const waitsForTwo = ticket("c", "status: open\ndeps: [a, d]");
    const events = eventsOf([before, waits, waitsForTwo, ticket("d", "status: open")], [{ before, after }]);
    expect(named(events)).toEqual(["ticket.closed a", "ticket.ready b"]);
    expect(events.map(({ id }) => id)).toEqual(["c0ffee:0", "c0ffee:1"]);
    expect(events[0]?.changes).toMatchObject({ status: { from: "in_progress", to: "closed" } });
    expect(events[1]).toMatchObject({ changes: {}, cause: { commit: "c0ffee", tickets: ["a"] } });
  });

  it("numbers what became ready the same, whatever order the store was read in", () => {
    const before = ticket("a", "status: in_progress");
    const after = ticket("a", "status: closed");
    const waiting = ["d", "b", "c"].map((id) => ticket(id, "status: open\ndeps: [a]"));
    const ready = ["ticket.closed a", "ticket.ready b", "ticket.ready c", "ticket.ready d"];
    expect(named(eventsOf([before, ...waiting], [{ before, after }]))).toEqual(ready);
    expect(named(eventsOf([...waiting.reverse(), before], [{ before, after }]))).toEqual(ready);
  });

  it("tells a parent ready when its last child is finished", () => {
    const before = ticket("a.1", "status: in_progress\nparent: a");
    const after = ticket("a.1", "status: cancelled\nparent: a");
    expect(named(eventsOf([ticket("a", "status: open"), before], [{ before, after }]))).toEqual([
      "ticket.cancelled a.1",
      "ticket.ready a",
    ]);
  });

  it("takes an archived dependency as what it was", () => {
    const before = ticket("a", "status: closed");
    const after = ticket("a", "status: closed", "", "archive/2026-11/a.md");
    const waits = ticket("b", "status: open\ndeps: [a]");
    const changed = [
      { before, after: undefined },
      { before: undefined, after },
    ];
    const events = eventsOf([before, waits], changed);
    expect(named(events)).toEqual(["ticket.archived a"]);
    expect(events[0]?.changes).toEqual({ path: { from: "a.md", to: "archive/2026-11/a.md" } });
  });

  it.each([
    ["status: open", "status: in_progress", undefined, ["started"]],
    ["status: open", "status: blocked\nblocked-reason: rain", undefined, ["blocked"]],
    ["status: in_progress", "status: in_review", "submitted", ["submitted"]],
    ["status: in_review", "status: closed", "approved", ["approved", "closed"]],
    ["status: in_review", "status: closed", "closed", ["closed"]],
    ["status: in_review\nclaimed-by: '@x'", "status: open", "rejected", ["rejected", "ready"]],
    ["status: closed", "status: open", undefined, ["reopened", "ready"]],
    ["status: in_progress", "status: open", undefined, ["moved", "ready"]],
    [
      "status: open",
      "status: in_progress\nclaimed-by: '@x'\nlease: 2099-01-01T00:00:00Z",
      "claimed",
      ["claimed", "started"],
    ],
    [
      "status: in_progress\nclaimed-by: '@x'\nlease: 2026-01-01T00:00:00Z",
      "status: open",
      "lease_expired",
      ["lease_expired", "ready"],
    ],
    [
      "status: in_progress\nclaimed-by: '@x'\nlease: 2026-01-01T00:00:00Z",
      "status: open",
      "released",
      ["released", "ready"],
    ],
    [
      "status: in_progress\nclaimed-by: '@x'\nlease: 2099-01-01T00:00:00Z",
      "status: in_progress\nclaimed-by: '@x'\nlease: 2099-02-01T00:00:00Z",
      "renewed",
      ["renewed"],
    ],
    [
      "status: in_progress\nclaimed-by: '@x'\nlease: 2099-01-01T00:00:00Z",
      "status: in_progress\nclaimed-by: '@x'\nlease: 2099-02-01T00:00:00Z",
      "noted",
      [],
    ],
    ["status: open", "status: open\nassignee: '@y'", undefined, ["assigned"]],
    ["status: open", "status: open\nquestion: why?", undefined, ["asked"]],
    ["status: open\nquestion: why?", "status: open", undefined, ["answered"]],
    ["status: open", "status: open\npriority: 0", undefined, ["updated"]],
    ["status: open", "status: open\nstory-points: 5", undefined, ["updated"]],
  ] as const)("names the change from %j to %j (%s)", (from, to, event, names) => {
    const change = { before: ticket("a", from), after: ticket("a", to) };
    const events = eventsOf([change.before], [change], { event });
    expect(named(events)).toEqual(names.map((name) => `ticket.${name} a`));
  });

  it("tells of a note that is edited or taken back as updated, and as noted only of a new one", () => {
    const notes = (...texts: string[]) =>
      ticket(
        "a",
        "status: open",
        `## Notes\n\n${texts.map((text, n) => `**2026-11-21T03:4${n}:00Z** @coder\n\n${text}\n`).join("\n")}`,
      );
    const [one, two] = [notes("first"), notes("first", "second")];
    const from = (before: Snapshot, after: Snapshot) => named(eventsOf([before], [{ before, after }]));
    expect(from(one, two)).toEqual(["ticket.noted a"]);
    expect(from(two, one)).toEqual(["ticket.updated a"]);
    expect(from(one, notes("first, in other words"))).toEqual(["ticket.updated a"]);
    expect(from(one, notes("first, in other words", "second"))).toEqual(["ticket.noted a", "ticket.updated a"]);
  });

  it("publishes a note with its text, apart from what else changed", () => {
    const before = ticket("a", "status: open");
    const after = ticket("a", "status: closed", "\n## Notes\n\n**2026-11-21T03:40:00Z** @coder\n\nDone.\n");
    const events = eventsOf([before], [{ before, after }]);
    expect(named(events)).toEqual(["ticket.closed a", "ticket.noted a"]);
    const note = { id: "fbae841c", at: "2026-11-21T03:40:00Z", by: "@coder", text: "Done." };
    expect(events[1]?.changes).toEqual({ notes: { from: [], to: [note] } });
  });

  it("tells new, ready and deleted tickets", () => {
    const fresh = ticket("a", "status: open");
    expect(named(eventsOf([], [{ before: undefined, after: fresh }]))).toEqual(["ticket.created a", "ticket.ready a"]);
    expect(named(eventsOf([fresh], [{ before: fresh, after: undefined }]))).toEqual(["ticket.deleted a"]);
  });

  it("tells that a ticket which is made for somebody was assigned, unless he has it already", () => {
    const made = (front: string) => eventsOf([], [{ before: undefined, after: ticket("a", front) }]);
    expect(named(made('status: open\nassignee: "@coder"'))).toEqual([
      "ticket.created a",
      "ticket.assigned a",
      "ticket.ready a",
    ]);
    const held =
      'status: in_progress\nassignee: "@coder"\nclaimed-by: "@coder"\nclaim: abc\nlease: 2026-11-21T04:00:00Z';
    expect(named(made(held))).toEqual(["ticket.created a"]);
  });

  it("says when a hand edit skipped a gate that commands have", () => {
    const before = ticket("b", "status: open\ndeps: [a]");
    const after = ticket("b", "status: closed\ndeps: [a]");
    const all = [ticket("a", "status: open"), before];
    expect(named(eventsOf(all, [{ before, after }], { byHand: true }))).toEqual([
      "ticket.closed b",
      "ticket.gate_skipped b",
    ]);
    expect(named(eventsOf(all, [{ before, after }]))).toEqual(["ticket.closed b"]);
  });

  it("says the same of what a column asks for, and of one that is full", () => {
    const column = (more: object) => ({
      ...DEFAULT_BOARD,
      columns: [...DEFAULT_BOARD.columns, { id: "t", name: "t", category: "active" as const, ...more }],
    });
    const [before, after, other] = [ticket("b", "status: open"), ticket("b", "status: t"), ticket("a", "status: t")];
    const events = (more: object) =>
      named(eventsOf([before, other], [{ before, after }], { byHand: true }, column(more)));
    expect(events({})).toEqual(["ticket.started b"]);
    expect(events({ enter: ["review"] })).toEqual(["ticket.started b", "ticket.gate_skipped b"]);
    expect(events({ limit: 1, refuse: true })).toEqual(["ticket.started b", "ticket.gate_skipped b"]);
    expect(events({ limit: 2, refuse: true })).toEqual(["ticket.started b"]);
    expect(events({ limit: 1 })).toEqual(["ticket.started b"]);
  });
});

describe("changesOf", () => {
  it("tells texts apart from fields", () => {
    const before = ticket("a", "status: open", "\nOld words.\n\n## Acceptance Criteria\n\n- [ ] one\n");
    const after = ticket("a", "status: open", "\nNew words.\n\n## Acceptance Criteria\n\n- [x] one\n");
    expect(changesOf(before, after)).toEqual({
      description: { from: "Old words.", to: "New words." },
      criteria: { from: { done: 0, total: 1 }, to: { done: 1, total: 1 } },
    });
  });

  it("cuts a long description and counts the lines of what else changed", () => {
    const before = ticket("a", "status: open", "\n## Design\n\nA.\n");
    const after = ticket("a", "status: open", "\n## Design\n\nA.\nB.\n");
    expect(changesOf(before, after)).toEqual({ body: { from: 9, to: 10 } });
    const long = ticket("a", "status: open", `\n${"x".repeat(1000)}\n`);
    expect(changesOf(before, long).description?.to).toBe(`${"x".repeat(500)}…`);
  });

  it("says that only bytes differ, and nothing of equal versions", () => {
    const before = ticket("a", "status: open");
    const after = ticket("a", "status:  open");
    expect(Object.keys(changesOf(before, after))).toEqual(["text"]);
    expect(changesOf(before, before)).toEqual({});
  });
});

describe("phases", () => {
  const testing = { id: "testing", name: "Testing", category: "active" as const, role: "tester" };
  const board = { ...DEFAULT_BOARD, columns: [...DEFAULT_BOARD.columns, testing] };
  const HELD = "claimed-by: '@a'\nlease: 2026-11-21T03:55:00Z\nclaim: t";
  const SUBMITTED = "status: in_review\nauthors: ['@a']\nclaimed-by: '@a'\nclaim: t";
  const REVIEWED = "status: in_review\nauthors: ['@a']\nclaimed-by: '@rex'\nlease: 2026-11-21T03:55:00Z\nclaim: r";

  it.each<[string, string, string, string | undefined, string[]]>([
    [
      "unblocked, an agent's",
      "status: blocked\nassignee: '@a'",
      "status: in_progress\nassignee: '@a'",
      undefined,
      ["started", "ready"],
    ],
    [
      "unblocked, a person's",
      "status: blocked\nassignee: Mara",
      "status: in_progress\nassignee: Mara",
      undefined,
      ["started"],
    ],
    [
      "given to an agent in work",
      "status: in_progress",
      "status: in_progress\nassignee: '@a'",
      undefined,
      ["assigned", "ready"],
    ],
    ["handed to a role", `status: in_progress\n${HELD}`, "status: testing", undefined, ["released", "moved", "ready"]],
    ["moved with its claim, by hand", `status: in_progress\n${HELD}`, `status: testing\n${HELD}`, undefined, ["moved"]],
    ["claimed in its column", "status: testing", `status: testing\n${HELD}`, "claimed", ["claimed"]],
    ["given back in its column", `status: testing\n${HELD}`, "status: testing", "released", ["released", "ready"]],
    [
      "run out in its column",
      `status: testing\n${HELD}`,
      "status: testing",
      "lease_expired",
      ["lease_expired", "ready"],
    ],
    ["claimed for review", SUBMITTED, REVIEWED, "claimed", ["claimed"]],
    [
      "claimed for review, of an old store",
      SUBMITTED.replace("authors: ['@a']\n", ""),
      REVIEWED,
      "claimed",
      ["claimed"],
    ],
    ["review given back", REVIEWED, "status: in_review\nauthors: ['@a']", "released", ["released"]],
    ["review run out", REVIEWED, "status: in_review\nauthors: ['@a']", "lease_expired", ["lease_expired"]],
    ["approved by who reviews it", REVIEWED, "status: closed\nauthors: ['@a']", "approved", ["approved", "closed"]],
    ["rejected by who reviews it", REVIEWED, "status: open\nauthors: ['@a']", "rejected", ["rejected", "ready"]],
    ["named a reviewer", SUBMITTED, `${SUBMITTED}\nreviewer: security`, undefined, ["updated"]],
  ])("a ticket that is %s", (_, from, to, event, names) => {
    const [before, after] = [ticket("x", from), ticket("x", to)];
    const events = eventsOf([before], [{ before, after }], { event, byHand: event === undefined }, board);
    expect(named(events)).toEqual(names.map((name) => `ticket.${name} x`));
  });
});

describe("mentioned", () => {
  const plain = ticket("a", "status: open");
  const noted = (text: string, by = "@coder") =>
    ticket("a", "status: open", `\n## Notes\n\n**2026-11-21T03:40:00Z** ${by}\n\n${text}\n`);
  const mentions = (events: ReturnType<typeof eventsOf>) => events.flatMap(({ mention }) => mention ?? []);

  it("is told once for each note, after all else, with the note in its changes", () => {
    const waits = ticket("b", "status: open\ndeps: [a]");
    const before = ticket("a", "status: in_progress");
    const after = ticket(
      "a",
      "status: closed",
      "\n## Notes\n\n**2026-11-21T03:40:00Z** @coder\n\n@mara and @rex: done.\n",
    );
    const events = eventsOf([before, waits], [{ before, after }]);
    expect(named(events)).toEqual(["ticket.closed a", "ticket.noted a", "ticket.ready b", "ticket.mentioned a"]);
    const last = events.at(-1);
    expect(last).toMatchObject({ id: "c0ffee:3", mention: { names: ["@mara", "@rex"] }, cause: { commit: "c0ffee" } });
    expect(last?.changes).toEqual(events[1]?.changes);
    expect(last?.mention?.note).toMatch(/^[0-9a-f]{8}$/);
  });

  it("has only its own note of several", () => {
    const after = ticket(
      "a",
      "status: open",
      "\n## Notes\n\n**2026-11-21T03:40:00Z** @coder\n\nDone.\n\n**2026-11-21T03:40:00Z** @coder\n\nSee it, @rex.\n",
    );
    const events = eventsOf([plain], [{ before: plain, after }]);
    expect(named(events)).toEqual(["ticket.noted a", "ticket.mentioned a"]);
    expect(events[1]?.changes).toMatchObject({ notes: { from: [], to: [{ text: "See it, @rex." }] } });
  });

  it("tells of a description, of a new ticket too", () => {
    const after = ticket("a", "status: open", "\nFor @rex.\n");
    expect(mentions(eventsOf([], [{ before: undefined, after }]))).toEqual([{ note: null, names: ["@rex"] }]);
    const events = eventsOf([plain], [{ before: plain, after }]);
    expect(named(events)).toEqual(["ticket.updated a", "ticket.mentioned a"]);
    expect(events[1]?.changes).toEqual({ description: { from: null, to: "For @rex." } });
  });

  it("is not told of what is imported, taken back, archived or copied", () => {
    const after = noted("@rex: look.");
    for (const event of ["imported", "undone"]) {
      expect(mentions(eventsOf([plain], [{ before: plain, after }], { event }))).toEqual([]);
      expect(mentions(eventsOf([], [{ before: undefined, after }], { event }))).toEqual([]);
    }
    expect(mentions(eventsOf([], [{ before: undefined, after }], { byHand: true }))).toEqual([]);
    const shelved = { ...after, ticket: { ...after.ticket, path: "archive/2026-11/a.md" } };
    expect(mentions(eventsOf([after], [{ before: after, after: shelved }]))).toEqual([]);
    expect(mentions(eventsOf([], [{ before: undefined, after: shelved }]))).toEqual([]);
    const many = Array.from({ length: 11 }, (_, n) => ({
      before: undefined,
      after: ticket(`t${n}`, "status: open", "\nFor @rex.\n"),
    }));
    expect(mentions(eventsOf([], many, { byHand: true }))).toEqual([]);
    expect(mentions(eventsOf([], many.slice(1), { byHand: true })).length).toBe(10);
  });

  it("is told of a note that somebody writes by hand, and of the names that an edit adds", () => {
    const after = noted("@rex: look.", "Mara");
    expect(mentions(eventsOf([plain], [{ before: plain, after }], { byHand: true })).length).toBe(1);
    const edited = noted("@rex: look. And @coder.", "Mara");
    const told = mentions(eventsOf([after], [{ before: after, after: edited }], { byHand: true }));
    expect(told.map(({ names }) => names)).toEqual([["@coder"]]);
  });

  it("is not told where the text of the version before is gone", () => {
    expect(mentions(eventsOf([plain], [{ before: { ...plain, text: "" }, after: noted("@rex") }]))).toEqual([]);
  });
});
