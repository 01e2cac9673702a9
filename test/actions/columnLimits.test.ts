import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { board } from "../../src/actions/board.ts";
import { createTask } from "../../src/actions/createTask.ts";
import { doctor } from "../../src/actions/doctor/doctor.ts";
import { invoke } from "../../src/actions/input/action.ts";
import type { AyoError } from "../../src/error.ts";
import {
  answerQuestion,
  applyBatch,
  askPerson,
  claimTickets,
  createTicket,
  moveTickets,
  rejectTickets,
  releaseTickets,
  reopenTickets,
  startTickets,
  submitTickets,
  undoChange,
  updateTickets,
} from "../../src/index.ts";
import { git } from "../helpers/git.ts";
import { tempStore } from "../helpers/tempStore.ts";

const CONFIG = `board:
  columns:
    - {id: open, category: todo, limit: {max: 9, refuse: true}}
    - {id: in_progress, category: active, limit: {max: 1, refuse: true}, phase: 2}
    - {id: shown, category: active, limit: 1}
    - {id: in_review, category: review}
    - {id: closed, category: done}
`;

/** A store with one ticket in the column that takes one, and two that are free. */
async function full() {
  const project = await tempStore({ project: true });
  writeFileSync(path.join(project.tickets, "config.yml"), CONFIG);
  const store = project.open();
  const make = async (title: string, more: object = {}) => (await createTicket(store, { title, ...more })).ticket.id;
  const [held, free, other] = [await make("Held"), await make("Free"), await make("Other")];
  await claimTickets(store, { ids: [held], as: "@amy" });
  return { project, store, held, free, other, make };
}

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "ok",
    (error: AyoError) => error.code,
  );

test("a column that refuses more than its limit is closed on every way in, and a person alone can force it", async () => {
  const { project, store, free, other, held } = await full();
  const ids = [free];
  const batch = JSON.stringify({ op: "start", ids });
  const ways: Record<string, (more: { as?: string; force?: boolean }) => Promise<unknown>> = {
    claim: ({ as = "@bob" }) => claimTickets(store, { ids, as }),
    start: (more) => startTickets(store, { ids, ...more }),
    move: (more) => moveTickets(store, { ids, column: "in_progress", ...more }),
    update: (more) => updateTickets(store, { ids, status: "in_progress", ...more }),
    create: (more) => createTicket(store, { title: "New", status: "in_progress", ...more }),
    task: ({ as }) =>
      invoke(createTask, store, { description: `Phase 2: Go on - TICKET: ${free}`, ...(as ? { as } : {}) }),
    batch: ({ as }) => applyBatch(store, { operations: [JSON.parse(batch)], ...(as ? { as } : {}) }),
  };
  const before = project.subjects();
  for (const [way, go] of Object.entries(ways)) {
    expect([way, await code(go({})), await code(go({ as: "@bob" }))]).toEqual([way, "wip_limit", "wip_limit"]);
  }
  expect(await code(ways.move?.({ as: "@bob", force: true }) as Promise<unknown>)).toBe("wip_limit");
  await expect(claimTickets(store, { ids: [free], as: "@bob" })).rejects.toMatchObject({
    message: `${free} cannot come into in_progress: it holds 1 ticket, and takes no more than 1`,
    data: { id: free, column: "in_progress", limit: 1, count: 1 },
    try: ["ayo", "ticket", "list", "--status", "in_progress"],
  });
  // Nothing is offered that could not be claimed.
  expect((await claimTickets(store, { next: true, as: "@bob" })).tickets).toEqual([]);
  expect(project.subjects()).toEqual(before);
  // Two at once are one too many, though each alone would fit.
  await moveTickets(store, { ids: [held], column: "open", force: true });
  expect(await code(moveTickets(store, { ids: [free, other], column: "in_progress" }))).toBe("wip_limit");
  expect((await claimTickets(store, { next: true, count: 2, as: "@bob" })).tickets).toHaveLength(1);
  await moveTickets(store, { ids: [free, other], column: "in_progress", force: true });
  // What only shows its limit takes everything.
  await moveTickets(store, { ids: [free, other], column: "shown" });
  const { columns } = await invoke(board, store, {});
  expect(columns.map(({ id, limit, refuse = false, count }) => [id, limit, refuse, count])).toEqual([
    ["open", 9, true, 0],
    ["in_progress", 1, true, 1],
    ["shown", 1, false, 2],
    ["in_review", null, false, 0],
    ["closed", null, false, 0],
  ]);
  project.judge();
});

test("what is given back, sent back, answered or edited by hand is told, and never refused", async () => {
  const { project, store, held, free, other, make } = await full();
  const config = path.join(project.tickets, "config.yml");
  writeFileSync(config, CONFIG.replace("max: 9", "max: 2"));
  // Two are in the first column now, and a third comes back.
  const { notices } = await releaseTickets(store, { ids: [held], as: "@amy" });
  expect(notices).toContainEqual("open holds 3 tickets, and takes no more than 2");
  expect(await code(make("Fourth"))).toBe("wip_limit");
  expect(await code(make("Fourth", { as: "@bob" }))).toBe("wip_limit");
  await claimTickets(store, { ids: [free], as: "@amy" });
  await submitTickets(store, { ids: [free], as: "@amy" });
  await make("Fifth", { force: true });
  expect((await rejectTickets(store, { ids: [free], message: "no" })).tickets[0]).toMatchObject({ status: "open" });
  await claimTickets(store, { ids: [other], as: "@amy" });
  await askPerson(store, { id: other, question: "Which?", as: "@amy" });
  await startTickets(store, { ids: [free] });
  expect(await code(answerQuestion(store, { id: other, answer: "This." }))).toBe("ok");
  // A hand edit stands; history and doctor tell of it.
  const file = path.join(project.tickets, `${held}.md`);
  writeFileSync(file, readFileSync(file, "utf8").replace(/^status: .*$/m, "status: in_progress"));
  await updateTickets(store, { ids: [held], priority: 1 });
  expect(project.text(held)).toMatch(/^status: in_progress$/m);
  const { findings } = await invoke(doctor, store, {});
  expect(findings.map(({ code, target }) => [code, target])).toContainEqual(["over_limit", "in_progress"]);
  expect(git(project.repo, "log", "-3", "--format=%s")).toContain("by hand");
  project.judge();
});

test("undo and reopen bring nothing back into a column that is full", async () => {
  const { project, store, held, free } = await full();
  await moveTickets(store, { ids: [held], column: "closed", force: true });
  await startTickets(store, { ids: [free] });
  const undone = await undoChange(store, { what: held }).catch((error: AyoError) => error);
  expect(JSON.stringify(undone)).toContain("takes no more than 1");
  writeFileSync(path.join(project.tickets, "config.yml"), CONFIG.replace("max: 9", "max: 1"));
  expect(await code(reopenTickets(store, { ids: [held] }))).toBe("wip_limit");
  expect(await code(reopenTickets(store, { ids: [held], force: true }))).toBe("ok");
});
