import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  addNote,
  archiveTickets,
  assignTickets,
  closeTickets,
  createTicket,
  deleteTickets,
  linkTickets,
  openStore,
  redoChange,
  reopenTickets,
  startTickets,
  undoChange,
  updateTickets,
} from "../../../src/index.ts";
import { git } from "../../helpers/git.ts";
import { type TempStore, tempStore, testHost } from "../../helpers/tempStore.ts";

const HEAD = `---
id: x-1
status: open # as ever
deps: []
links: []
created: 2026-01-01T00:00:00Z
type: task
priority: 2
estimate: 3   # days
odd: {a: [1, 2]}
---
`;
const BODY = `# Build login

Text of mine.

## Acceptance Criteria

- [ ] one
- [ ] two
`;

/** A store with one ticket that has comments, unknown keys and boxes. */
async function withTicket(text = HEAD + BODY): Promise<TempStore & { readonly id: string }> {
  const store = await tempStore();
  store.write("x-1", text);
  await store.ayo("ticket", "note", "x-1", "adopted");
  return { ...store, id: "x-1" };
}

const commit = ({ repo }: TempStore, at = "HEAD") => git(repo, "rev-parse", at);

describe("every kind of change, taken back at once, leaves the bytes of before; taken back again, those of after", () => {
  test.each<[string, (store: TempStore) => Promise<unknown>]>([
    ["fields", (s) => updateTickets(s.open(), { ids: ["x-1"], priority: "0", addTag: ["a"], set: { estimate: "5" } })],
    ["title and text", (s) => updateTickets(s.open(), { ids: ["x-1"], title: "New", description: "n", replace: true })],
    ["start", (s) => startTickets(s.open(), { ids: ["x-1"] })],
    ["close with a note", (s) => closeTickets(s.open(), { ids: ["x-1"], message: "done\n\n## not a heading" })],
    ["note", (s) => addNote(s.open(), { id: "x-1", text: "a note" })],
    ["delete", (s) => deleteTickets(s.open(), { ids: ["x-1"], yes: true })],
    ["assign", (s) => assignTickets(s.open(), { ids: ["x-1"], assignee: "@b" })],
  ])("%s", async (_, change) => {
    const store = await withTicket();
    const before = store.text("x-1");
    await change(store);
    const after = existsSync(path.join(store.tickets, "x-1.md")) ? store.text("x-1") : undefined;
    const undone = await undoChange(store.open(), {});
    expect(undone.notUndone).toEqual([]);
    expect(store.text("x-1")).toBe(before);
    await redoChange(store.open(), {});
    const redone = existsSync(path.join(store.tickets, "x-1.md")) ? store.text("x-1") : undefined;
    expect(redone).toBe(after);
    expect(store.subjects()[0]).toMatch(/^redo /);
    store.judge();
  });
});

describe("field by field", () => {
  test("what others changed since stays and is named, the rest goes back", async () => {
    const store = await withTicket();
    await updateTickets(store.open(), { ids: ["x-1"], priority: "0", type: "bug", addTag: ["a"], title: "New" });
    const mine = commit(store);
    await updateTickets(store.open(), { ids: ["x-1"], priority: "4", as: "@rev" });
    await addNote(store.open(), { id: "x-1", text: "seen", as: "@rev" });
    store.write("x-1", store.text("x-1").replace("Text of mine.", "Text of theirs."));
    const { notUndone, tickets } = await undoChange(store.open(), { what: mine });
    expect(notUndone).toEqual([{ id: "x-1", field: "priority", reason: "changed since", by: ["@rev", "Test User"] }]);
    expect(Object.keys(tickets[0]?.changes ?? {}).sort()).toEqual(["tags", "title", "type"]);
    const text = store.text("x-1");
    expect(text.startsWith(HEAD.replace("priority: 2", "priority: 4"))).toBe(true);
    expect(text).toContain("# Build login\n\nText of theirs.\n");
    expect(text).toContain("@rev\n\nseen\n");
    store.judge();
  });

  test("a note goes although others were written after it; those stay byte for byte", async () => {
    const store = await withTicket();
    await closeTickets(store.open(), { ids: ["x-1"], message: "mine" });
    const mine = commit(store);
    const before = store.text("x-1");
    await addNote(store.open(), { id: "x-1", text: "theirs", as: "@rev" });
    const added = store.text("x-1").slice(before.length);
    await undoChange(store.open(), { what: mine });
    expect(store.text("x-1")).toContain(`adopted\n${added}`);
    expect(store.text("x-1")).not.toContain("mine\n\n**");
    expect(store.text("x-1")).toContain("status: open # as ever\n");
  });

  test("ticks are taken back one by one", async () => {
    const store = await withTicket();
    store.write("x-1", store.text("x-1").replace("[ ] one", "[x] one"));
    await addNote(store.open(), { id: "x-1", text: "n", as: "@a" });
    const tick = commit(store, "HEAD~1");
    store.write("x-1", store.text("x-1").replace("[ ] two", "[x] two"));
    const { notUndone } = await undoChange(store.open(), { what: tick });
    expect(notUndone).toEqual([]);
    expect(store.text("x-1")).toContain("- [ ] one\n- [x] two\n");
  });

  test("the times of a status go with it, and stay with it", async () => {
    const store = await withTicket();
    await startTickets(store.open(), { ids: ["x-1"], as: "@a" });
    const start = commit(store);
    await closeTickets(store.open(), { ids: ["x-1"], as: "@a" });
    const closed = store.text("x-1");
    await expect(undoChange(store.open(), { what: start })).rejects.toMatchObject({
      data: { notUndone: [{ id: "x-1", field: "status", reason: "changed since", by: ["@a"] }] },
    });
    expect(store.text("x-1")).toBe(closed);
    expect(closed).toMatch(/^started: .*$/m);
  });

  test("a changed text that others changed in the same place stays", async () => {
    const store = await withTicket();
    store.write("x-1", store.text("x-1").replace("Text of mine.", "Text one."));
    await addNote(store.open(), { id: "x-1", text: "n", as: "@a" });
    const edit = commit(store, "HEAD~1");
    store.write("x-1", store.text("x-1").replace("Text one.", "Text two."));
    const refused = undoChange(store.open(), { what: edit });
    await expect(refused).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("x-1 text changed since by @a, Test User"),
    });
    expect(store.text("x-1")).toContain("Text two.");
  });
});

describe("tickets that came, went and moved", () => {
  test("a new ticket goes for good, with what it blocked, and its id is not given out again", async () => {
    const store = await withTicket();
    const { ticket } = await createTicket(store.open(), { title: "Wrong", blocks: ["x-1"] });
    const { tickets, nowReady } = await undoChange(store.open(), {});
    expect(tickets.map(({ id, kind }) => [id, kind]).sort()).toEqual([
      [ticket.id, "deleted"],
      ["x-1", "changed"],
    ]);
    expect(nowReady.map(({ id }) => id)).toEqual(["x-1"]);
    expect(readFileSync(path.join(store.tickets, "archive/deleted"), "utf8")).toBe(`${ticket.id}\n`);
    store.judge();
  });

  test("a new ticket that somebody changed stays", async () => {
    const store = await tempStore();
    const { ticket } = await createTicket(store.open(), { title: "Wrong" });
    const made = commit(store);
    await addNote(store.open(), { id: ticket.id, text: "not wrong", as: "@rev" });
    await expect(undoChange(store.open(), { what: made })).rejects.toMatchObject({
      code: "conflict",
      data: { notUndone: [{ id: ticket.id, field: null, reason: "changed since", by: ["@rev"] }] },
    });
    expect(store.files()).toEqual([`${ticket.id}.md`]);
  });

  test("the archive: there and back, with the status", async () => {
    const store = await withTicket();
    await closeTickets(store.open(), { ids: ["x-1"] });
    const closed = store.text("x-1");
    await archiveTickets(store.open(), { before: "2100-01-01" });
    expect(store.files()).toEqual([]);
    await undoChange(store.open(), {});
    expect(store.text("x-1")).toBe(closed);
    await redoChange(store.open(), {});
    expect(store.files()).toEqual([]);
    await reopenTickets(store.open(), { ids: ["x-1"] });
    await undoChange(store.open(), { what: "x-1" });
    expect(store.files()).toEqual([]);
    store.judge();
  });

  test("a rename by hand is taken back", async () => {
    const store = await withTicket();
    renameSync(path.join(store.tickets, "x-1.md"), path.join(store.tickets, "login.md"));
    await addNote(store.open(), { id: "x-1", text: "n", as: "@a" });
    await undoChange(store.open(), {});
    expect(store.files()).toEqual(["x-1.md"]);
    expect(store.text("x-1")).toContain("@a\n\nn\n");
  });
});

describe("what is meant", () => {
  test("mine is mine: others' changes and the upkeep of the store are passed over", async () => {
    const store = await withTicket();
    await updateTickets(store.open(), { ids: ["x-1"], priority: "1", as: "@a" });
    await updateTickets(store.open(), { ids: ["x-1"], type: "bug", as: "@b" });
    const { undone } = await undoChange(store.open(), { as: "@a" });
    expect(undone.actor).toBe("@a");
    expect(store.text("x-1")).toMatch(/^priority: 2$/m);
    expect(store.text("x-1")).toMatch(/^type: bug$/m);
    await expect(undoChange(store.open(), { as: "@c" })).rejects.toMatchObject({
      code: "not_found",
      message: "nothing to undo: @c has changed nothing here",
    });
  });

  test("files that were taken in are never taken away", async () => {
    const dir = (await tempStore()).dir;
    const fresh = path.join(dir, "fresh/.tickets");
    const { mkdirSync } = await import("node:fs");
    mkdirSync(fresh, { recursive: true });
    writeFileSync(path.join(fresh, "x-1.md"), HEAD + BODY);
    const store = openStore({ dir: fresh }, testHost(path.dirname(fresh)));
    await addNote(store, { id: "x-1", text: "n", as: "@a" });
    await expect(undoChange(openStore({ dir: fresh }, testHost(dir)), {})).rejects.toMatchObject({ code: "not_found" });
    const adoption = git(fresh, "rev-parse", "HEAD~1");
    await expect(undoChange(store, { what: adoption })).rejects.toMatchObject({ code: "conflict" });
    await expect(undoChange(store, { what: git(fresh, "rev-parse", "HEAD~2") })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("of a commit of many one ticket, with its links' other ends", async () => {
    const store = await tempStore();
    const make = async (title: string) => (await createTicket(store.open(), { title })).ticket.id;
    const [a, b, c] = [await make("A"), await make("B"), await make("C")];
    await closeTickets(store.open(), { ids: [a, b, c] });
    const { tickets, others } = await undoChange(store.open(), { what: b });
    expect([tickets.map(({ id }) => id), [...others].sort()]).toEqual([[b], [a, c].sort()]);
    expect(store.subjects()[0]).toBe(`undo close 3 tickets: ${a}, ${b}, ${c} (only ${b})`);
    await linkTickets(store.open(), { ids: [a, b] });
    await undoChange(store.open(), { what: a });
    expect([store.text(a), store.text(b)].map((text) => /^links: .*$/m.exec(text)?.[0])).toEqual([
      "links: []",
      "links: []",
    ]);
  });

  test("a dry run tells who becomes ready and who waits, and writes nothing", async () => {
    const store = await tempStore();
    const { ticket: first } = await createTicket(store.open(), { title: "First" });
    const { ticket: second } = await createTicket(store.open(), { title: "Second" });
    await store.ayo("ticket", "dep", second.id, first.id);
    await closeTickets(store.open(), { ids: [first.id] });
    const head = commit(store);
    const planned = await undoChange(store.open(), { dryRun: true });
    expect(commit(store)).toBe(head);
    expect(store.text(first.id)).toContain("status: closed");
    const { nowReady, nowWaiting } = await undoChange(store.open(), {});
    expect([nowReady, nowWaiting]).toEqual([planned.nowReady, planned.nowWaiting]);
    expect(nowReady).toEqual([{ id: first.id, title: "First" }]);
    expect(nowWaiting).toMatchObject([{ id: second.id, reasons: [`waits for ${first.id} (open): First`] }]);
  });

  test("a live claim of somebody else is not taken away", async () => {
    const store = await withTicket(HEAD.replace("priority: 2", "priority: 2") + BODY);
    const claim = "status: in_progress\nclaimed-by: '@a'\nlease: 2100-01-01T00:00:00Z\nclaim: k1";
    store.write("x-1", store.text("x-1").replace("status: open # as ever", claim));
    await store.ayo("ticket", "note", "x-1", "n", "--as", "@z");
    const claimed = git(store.repo, "log", "--format=%H", "--grep=by hand", "-1");
    await expect(undoChange(store.open(), { what: claimed, as: "@b" })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("held by @a"),
    });
    await undoChange(store.open(), { what: claimed, as: "@a" });
    expect(store.text("x-1")).toContain("status: open");
    expect(store.text("x-1")).not.toMatch(/^(?:claimed-by|lease|claim):/m);
  });
});

test("in an inline store a change that waits for git is not passed over, and merges are refused", async () => {
  const store = await tempStore({ inline: true });
  const { ticket } = await createTicket(store.open(), { title: "A" });
  git(store.dir, "checkout", "--quiet", "-b", "side");
  await addNote(store.open(), { id: ticket.id, text: "side" });
  git(store.dir, "checkout", "--quiet", "main");
  git(store.dir, "commit", "--quiet", "--allow-empty", "--message=main");
  git(store.dir, "merge", "--quiet", "--no-edit", "side");
  await expect(undoChange(store.open(), { what: commit(store) })).rejects.toMatchObject({ code: "conflict" });
  await undoChange(store.open(), {});
  expect(store.text(ticket.id)).not.toContain("side");
  git(store.dir, "bisect", "start");
  await addNote(store.open(), { id: ticket.id, text: "waits" });
  await expect(undoChange(store.open(), {})).rejects.toMatchObject({ code: "git_busy" });
  git(store.dir, "bisect", "reset");
  await undoChange(store.open(), {});
  expect(store.text(ticket.id)).not.toContain("waits");
  store.judge();
});

test.each([
  [["undo", "nope"], 1, "error: ticket 'nope' not found\n"],
  [["undo", "0123456789012345678901234567890123456789"], 1, "the store's history has no commit"],
])("%j is refused with words", async (args, code, words) => {
  const store = await tempStore();
  await store.ayo("ticket", "create", "A");
  const run = await store.run(args);
  expect([run.code, run.stdout]).toEqual([code, ""]);
  expect(run.stderr).toContain(words);
});
