import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { exportTickets } from "../../src/actions/export/export.ts";
import {
  answerQuestion,
  applyBatch,
  askPerson,
  assignTickets,
  blockTickets,
  claimTickets,
  closeTickets,
  createTicket,
  moveTickets,
  readyTickets,
  rejectTickets,
  releaseTickets,
  startTickets,
  submitTickets,
  unblockTickets,
  updateTickets,
} from "../../src/index.ts";
import type { Store } from "../../src/store/open/store.ts";
import { givePhases } from "../helpers/phases.ts";
import { tempStore } from "../helpers/tempStore.ts";

const START = Date.parse("2026-11-21T10:00:00Z");

/** A store with phases and one ticket; `at(minutes)` opens it at that time. */
async function desk(ticket: object = {}) {
  const project = await tempStore();
  givePhases(project);
  const at = (minutes = 0): Store => project.open({ now: () => START + minutes * 60_000 });
  const { id } = (await createTicket(at(), { title: "One", ...ticket })).ticket;
  /** To whom it is offered, of those who ask; with a role by theirs. */
  const offeredTo = async (minutes = 0): Promise<string[]> => {
    const offered: string[] = [];
    const askers = [["@coder"], ["@other"], ["@tess", "tester"], ["@will", "worker"], ["@rex", "reviewer"]] as const;
    for (const [as, role] of askers) {
      const input = { next: true, as, dryRun: true, ...(role === undefined ? {} : { role }) };
      if ((await claimTickets(at(minutes), input)).tickets.length > 0) offered.push(as);
    }
    return offered;
  };
  return { project, at, id, ids: [id], offeredTo };
}

test("what was unblocked is offered to the agent that it is assigned to, whoever unblocked it", async () => {
  for (const as of [{}, { as: "@lead" }]) {
    const { at, id, ids, offeredTo, project } = await desk({ assignee: "@coder" });
    await claimTickets(at(), { ids, as: "@coder" });
    await blockTickets(at(), { ids, message: "No key", as: "@coder" });
    expect(await offeredTo()).toEqual([]);
    const { tickets } = await unblockTickets(at(), { ids, ...as });
    expect(tickets).toMatchObject([{ status: "in_progress", claim: null, ready: true }]);
    expect((await readyTickets(at(), { assignee: "@coder" })).tickets.map((one) => one.id)).toEqual([id]);
    expect(await offeredTo()).toEqual(["@coder"]);
    const [claimed] = (await claimTickets(at(), { next: true, as: "@coder" })).tickets;
    expect(claimed).toMatchObject({ id, status: "in_progress", claim: { by: "@coder" } });
    project.judge();
  }
});

test("whoever unblocks its own work holds it; a person's is not offered", async () => {
  const agents = await desk({ assignee: "@coder" });
  await claimTickets(agents.at(), { ids: agents.ids, as: "@coder" });
  await blockTickets(agents.at(), { ids: agents.ids, as: "@coder" });
  const { tickets } = await unblockTickets(agents.at(), { ids: agents.ids, as: "@coder" });
  expect(tickets).toMatchObject([{ claim: { by: "@coder" } }]);
  const persons = await desk({ assignee: "Mara Lind" });
  await startTickets(persons.at(), { ids: persons.ids });
  expect(await persons.offeredTo()).toEqual([]);
  await blockTickets(persons.at(), { ids: persons.ids });
  await unblockTickets(persons.at(), { ids: persons.ids, as: "@lead" });
  expect([persons.project.text(persons.id).includes("claimed-by"), await persons.offeredTo()]).toEqual([false, []]);
});

test("a move into a column of a role hands the ticket on: its claim ends, and that role is offered it", async () => {
  const ways: ((store: Store, id: string) => Promise<unknown>)[] = [
    (store, id) => moveTickets(store, { ids: [id], column: "testing", as: "@coder" }),
    (store, id) => updateTickets(store, { ids: [id], set: { status: "testing" }, as: "@coder" }),
    (store, id) => applyBatch(store, { operations: [{ op: "status", id, column: "testing" }], as: "@coder" }),
  ];
  for (const way of ways) {
    const { at, id, ids, offeredTo, project } = await desk();
    await claimTickets(at(), { ids, as: "@coder" });
    await way(at(), id);
    expect(project.text(id)).toMatch(/^status: testing$/m);
    expect(project.text(id)).not.toMatch(/^(claimed-by|lease|claim)/m);
    expect(await offeredTo()).toEqual(["@coder", "@other", "@tess"]);
    const [claimed] = (await claimTickets(at(), { next: true, role: "tester", as: "@tess" })).tickets;
    expect(claimed).toMatchObject({ status: "testing", claim: { by: "@tess" }, authors: ["@coder", "@tess"] });
    await submitTickets(at(), { ids, as: "@tess" });
    expect(await offeredTo()).toEqual(["@rex"]);
    project.judge();
  }
});

test("a person who worked without a claim is an author of what goes on to a role", async () => {
  const { at, ids, project, id } = await desk();
  await startTickets(at(), { ids });
  await moveTickets(at(), { ids, column: "testing" });
  await assignTickets(at(), { ids, assignee: "" });
  await claimTickets(at(), { next: true, role: "tester", as: "@tess" });
  expect(project.text(id)).toContain("authors: [Test User, '@tess']");
});

test("what was held in a column of a role waits there when it is given back or runs out", async () => {
  const { at, ids, offeredTo, project, id } = await desk();
  await moveTickets(at(), { ids, column: "testing" });
  await claimTickets(at(), { ids, as: "@tess" });
  await updateTickets(at(), { ids, set: { status: "testing" }, as: "@tess" });
  expect(await offeredTo()).toEqual([]);
  expect((await releaseTickets(at(), { ids, as: "@tess" })).tickets).toMatchObject([
    { status: "testing", claim: null },
  ]);
  expect(await offeredTo()).toEqual(["@coder", "@other", "@tess"]);
  await claimTickets(at(), { ids, as: "@tess" });
  expect(await offeredTo(20)).toEqual(["@coder", "@other", "@tess"]);
  const [next] = (await claimTickets(at(20), { next: true, role: "tester", as: "@tom" })).tickets;
  expect(next).toMatchObject({ id, status: "testing", leftover: { by: "@tess" } });
  expect(project.text(id)).toContain("authors: ['@tess', '@tom']");
  project.judge();
});

test("what was rejected, answered or given back is offered again, and to nobody but whom it is assigned to", async () => {
  const { at, id, ids, offeredTo } = await desk({ assignee: "@coder" });
  const again: (() => Promise<unknown>)[] = [
    () => releaseTickets(at(), { ids, as: "@coder" }),
    async () => {
      await submitTickets(at(), { ids, as: "@coder" });
      expect(await offeredTo()).toEqual(["@rex"]);
      await rejectTickets(at(), { ids, message: "No tests", as: "@rex" });
    },
    async () => {
      await askPerson(at(), { id, question: "Which?", as: "@coder" });
      expect(await offeredTo()).toEqual([]);
      await answerQuestion(at(), { id, answer: "Both" });
    },
  ];
  for (const back of again) {
    await claimTickets(at(), { ids, as: "@coder" });
    await back();
    expect(await offeredTo()).toEqual(["@coder"]);
  }
});

test("a board's transitions do not hide what goes on where it is", async () => {
  const { at, ids, project } = await desk();
  await moveTickets(at(), { ids, column: "testing" });
  const config = `board:\n  columns: [{id: open, category: todo}, {id: in_progress, category: active}, {id: testing, category: active, role: tester}, closed]\ntransitions: {testing: [closed]}\n`;
  writeFileSync(path.join(project.tickets, "config.yml"), config);
  expect((await claimTickets(at(), { next: true, role: "tester", as: "@tess" })).tickets).toHaveLength(1);
});

test("ready says why what is ready is not for a role", async () => {
  const { at, ids, id } = await desk();
  const why = async (role: string) => (await readyTickets(at(), { explain: true, role })).notReady;
  expect(await why("tester")).toEqual([{ id, title: "One", reasons: ["is for a worker"] }]);
  await moveTickets(at(), { ids, column: "testing" });
  expect(await why("worker")).toEqual([{ id, title: "One", reasons: ["is in testing, which is for a Tester"] }]);
  expect(await why("TESTER")).toEqual([]);
});

test("a reviewer is named at the making, changed, taken away, filtered out by nothing and exported", async () => {
  const { at, project } = await desk();
  const { ticket } = await createTicket(at(), { title: "Two", reviewer: "security, @rex" });
  expect(ticket.reviewer).toEqual(["security", "@rex"]);
  expect(project.text(ticket.id)).toContain("reviewer: [security, '@rex']");
  const ids = [ticket.id];
  await updateTickets(at(), { ids, reviewer: "Mara Lind" });
  expect(project.text(ticket.id)).toMatch(/^reviewer: \[Mara Lind\]$/m);
  const { chunks } = await exportTickets.run(at(), {});
  let text = "";
  for await (const chunk of chunks) text += chunk;
  expect(text).toContain('"reviewer":["Mara Lind"]');
  await updateTickets(at(), { ids, reviewer: "" });
  expect(project.text(ticket.id)).not.toContain("reviewer");
  await closeTickets(at(), { ids });
});

test.each([
  ["{id: a, role: 5}", "role of column a must be a name such as tester"],
  ["{id: a, role: '@coder'}", "role of column a must be a name such as tester"],
  ["{id: a, role: ''}", "role of column a must be a name such as tester"],
  [
    "{id: a, category: blocked, role: x}",
    "column a is blocked: only columns of work (todo, active, review) have a role",
  ],
  ["{id: a, category: done, role: x}", "column a is done: only columns of work (todo, active, review) have a role"],
])("config.yml says what is wrong with the column %s", async (column, message) => {
  const { at, project } = await desk();
  const config = `board:\n  columns:\n    - open\n    - ${column}\n    - closed\n`;
  writeFileSync(path.join(project.tickets, "config.yml"), config);
  await expect(readyTickets(at(), {})).rejects.toMatchObject({
    code: "bad_config",
    message: expect.stringContaining(message),
  });
});
