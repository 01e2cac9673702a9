import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { AyoError } from "../../src/error.ts";
import {
  addNote,
  approveTickets,
  checkCriteria,
  claimTickets,
  closeTickets,
  configureStore,
  confirmTickets,
  createTicket,
  moveTickets,
  readyTickets,
  submitTickets,
  undoChange,
  updateTickets,
} from "../../src/index.ts";
import { tempStore } from "../helpers/tempStore.ts";

const CONFIG = `board:
  columns:
    - {id: open, category: todo}
    - {id: building, category: active}
    - {id: testing, category: active, role: tester, enter: [criteria]}
    - {id: checked, category: active, enter: [output]}
    - {id: in_review, category: review}
    - {id: released, category: active, enter: review}
    - {id: closed, category: done, enter: [review, criteria]}
`;

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "ok",
    (error: AyoError) => error.code,
  );

async function desk(config = CONFIG) {
  const project = await tempStore({ project: true });
  writeFileSync(path.join(project.tickets, "config.yml"), config);
  mkdirSync(path.join(project.tickets, "schemas"));
  writeFileSync(path.join(project.tickets, "schemas/plan.json"), '{"type":"object"}');
  const store = project.open();
  const { id } = (await createTicket(store, { title: "Build", acceptance: "It works" })).ticket;
  await claimTickets(store, { ids: [id], as: "@amy" });
  const move = (column: string, more: object = {}) => moveTickets(store, { ids: [id], column, ...more });
  return { project, store, id, ids: [id], move };
}

test("a column asks of what comes in what closing may ask: ticked criteria, an output, a review by somebody else", async () => {
  const { project, store, id, ids, move } = await desk();
  const amy = { as: "@amy" };
  // Every face goes through one gate; a person can insist.
  const free = (await createTicket(store, { title: "Free", acceptance: "It works" })).ticket.id;
  for (const go of [
    () => move("testing", amy),
    () => move("testing", { ...amy, force: true }),
    () => moveTickets(store, { ids: [free], column: "testing" }),
    () => updateTickets(store, { ids: [free], status: "testing" }),
    () => createTicket(store, { title: "New", acceptance: "It works", status: "testing", ...amy }),
  ])
    expect(await code(go())).toBe("criteria_open");
  expect(await code(moveTickets(store, { ids: [free], column: "testing", force: true }))).toBe("ok");
  await checkCriteria(store, { id, numbers: [1], ...amy });
  expect(await code(move("testing", amy))).toBe("ok");
  // What is in it is not asked again.
  await updateTickets(store, { ids, addAcceptance: ["And more"] });
  await addNote(store, { id, text: "Tested." });
  await updateTickets(store, { ids, outputSchema: "plan" });
  expect(await code(move("checked"))).toBe("output_invalid");
  // By an agent a column that asks for a review is reached from review, and not by whose work it is.
  await claimTickets(store, { ids, ...amy });
  await expect(move("released", amy)).rejects.toMatchObject({
    code: "review_required",
    message: `${id} must be reviewed before it comes into released`,
  });
  await submitTickets(store, { ids, ...amy });
  expect(await code(move("released", amy))).toBe("self_review");
  expect(await code(move("released", { as: "@rex" }))).toBe("ok");
  // What an agent closes where that is asked for is submitted, as with review: required.
  expect((await closeTickets(store, { ids, ...amy })).tickets[0]).toMatchObject({ status: "in_review" });
  expect(await code(approveTickets(store, { ids, as: "@rex" }))).toBe("criteria_open");
  await checkCriteria(store, { id, numbers: [2] });
  expect(await code(approveTickets(store, { ids, as: "@rex" }))).toBe("ok");
  project.judge();
});

test("an agent's undo passes neither a column's check nor what closing asks for", async () => {
  const amy = { as: "@amy" };
  for (const [column, config] of [
    ["testing", CONFIG],
    ["closed", `${CONFIG.replace("[review, criteria]", "[]")}close: {criteria: required}\n`],
  ] as const) {
    const { project, store, id, ids, move } = await desk(config);
    await checkCriteria(store, { id, numbers: [1], as: "@amy" });
    await move(column, amy);
    const left = await move("building", amy);
    await updateTickets(store, { ids, addAcceptance: ["And more"], as: "@amy" });
    const undone = await undoChange(store, { what: left.commit as string, as: "@amy" }).catch(
      (error: AyoError) => error,
    );
    expect(JSON.stringify(undone) + String(undone)).toMatch(/criteria/);
    expect(project.text(id)).toContain("status: building");
  }
});

test("what a person makes right in a column is asked the same, but for a review; who insists passes", async () => {
  const { project, store } = await desk();
  const make = (status: string, more: object = {}) =>
    createTicket(store, { title: "New", acceptance: "It works", status, ...more });
  await expect(make("testing")).rejects.toMatchObject({
    code: "criteria_open",
    message: expect.stringContaining("nothing was made; as testing, it has unticked acceptance criteria"),
  });
  expect(await code(make("checked", { outputSchema: "plan" }))).toBe("output_invalid");
  expect(await code(make("closed"))).toBe("criteria_open");
  expect((await make("testing", { force: true })).ticket.status).toBe("testing");
  expect((await make("testing", { acceptance: "" })).ticket.status).toBe("testing");
  expect((await make("released")).ticket.status).toBe("released");
  project.judge();
});

test("what came past a column's check by hand, or was given to an agent so, is offered to people only", async () => {
  const { store, project, ids } = await desk();
  const make = async (more: object = {}) =>
    (await createTicket(store, { title: "B", acceptance: "x", ...more })).ticket.id;
  const [moved, given] = [await make(), await make()];
  const write = (id: string, from: RegExp | string, to: string) => {
    const file = path.join(project.tickets, `${id}.md`);
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
  };
  write(moved, /^status: .*$/m, "status: testing");
  write(given, "---\n", "---\nassignee: '@tess'\n");
  await addNote(store, { id: ids[0] ?? "", text: "n", as: "@amy" });
  expect([moved, given].map((id) => /^unconfirmed: .*$/m.exec(project.text(id))?.[0])).toEqual([
    "unconfirmed: [status]",
    "unconfirmed: [assignee]",
  ]);
  const readyFor = async (more: object) => (await readyTickets(store, more)).tickets.map(({ id }) => id).sort();
  const tess = { as: "@tess" };
  expect(await readyFor({})).toEqual([moved, given].sort());
  expect([await readyFor(tess), await readyFor({ role: "tester", ...tess })]).toEqual([[], []]);
  const { notReady } = await readyTickets(store, { explain: true, ...tess });
  expect(notReady?.find(({ id }) => id === moved)?.reasons).toEqual([
    "was changed by hand (status) and waits for a person's 'ticket confirm'",
  ]);
  for (const more of [{}, { role: "tester" }])
    expect((await claimTickets(store, { next: true, ...more, ...tess })).tickets).toEqual([]);
  await confirmTickets(store, { ids: [moved, given] });
  expect((await claimTickets(store, { next: true, role: "tester", ...tess })).tickets).toMatchObject([{ id: moved }]);
  expect(await readyFor(tess)).toEqual([given]);
});

test("by hand it is told, waits for a person where agents are at work, and no agent loosens it", async () => {
  const { project, store, id, ids } = await desk();
  const file = path.join(project.tickets, `${id}.md`);
  const edit = (column: string) =>
    writeFileSync(file, readFileSync(file, "utf8").replace(/^status: .*$/m, `status: ${column}`));
  edit("testing");
  const { notices } = await addNote(store, { id, text: "n", as: "@amy" });
  expect(notices.join()).toContain("waits for a person");
  expect(project.text(id)).toMatch(/^unconfirmed: \[status\]$/m);
  const columns = CONFIG.replace("enter: [criteria]", "enter: []");
  const config = path.join(project.tickets, "config.yml");
  for (const looser of [
    columns,
    CONFIG.replace(", enter: review", ""),
    CONFIG.replace("id: released", "id: shipped"),
  ]) {
    writeFileSync(config, looser);
    await addNote(store, { id, text: "n", as: "@amy" });
    expect(readFileSync(config, "utf8")).toMatch(/^unconfirmed:.*\n {2}board:/m);
    writeFileSync(config, CONFIG);
    await addNote(store, { id, text: "n", as: "@amy" });
  }
  expect(await code(updateTickets(store, { ids, status: "testing", force: true }))).toBe("ok");
  expect(await code(configureStore(store, { key: "board.initial", value: "building" } as never))).toBe("ok");
});

test("what a column cannot have is refused with its line", async () => {
  const { project, store } = await desk();
  for (const [from, to, why] of [
    [
      "enter: [criteria]",
      "enter: [tests]",
      /config\.yml:5: 'tests' is not known here; allowed: criteria, verify, review/,
    ],
    ["role: tester", "limit: {max: 0}", /config\.yml:5: limit of column testing must be a whole number from 1/],
    ["role: tester", "limit: {max: 2, refuse: maybe}", /limit\.refuse of column testing must be true or false/],
    ["role: tester", "prompt: ../../etc/passwd", /prompt of column testing must be a name such as tester, or a file/],
    ["role: tester", "prompt: /etc/passwd", /prompt of column testing must be a name/],
    ["role: tester", "prompt: [a]", /prompt of column testing must be a name/],
  ] as const) {
    writeFileSync(path.join(project.tickets, "config.yml"), CONFIG.replace(from, to));
    await expect(createTicket(store, { title: "x" })).rejects.toThrow(why);
  }
  writeFileSync(path.join(project.tickets, "config.yml"), CONFIG.replace("role: tester", "limit: {max: 2, most: 3}"));
  expect((await createTicket(store, { title: "x" })).notices).toContainEqual(
    expect.stringContaining("unknown key 'board.columns.3.limit.most' is not used; known here: max, refuse"),
  );
});
