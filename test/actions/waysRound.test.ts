import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { config } from "../../src/actions/config/config.ts";
import { edit } from "../../src/actions/edit.ts";
import { invoke } from "../../src/actions/input/action.ts";
import type { AyoError } from "../../src/error.ts";
import {
  answerQuestion,
  applyBatch,
  archiveTickets,
  askPerson,
  cancelTickets as cancel,
  claimTickets,
  closeTickets,
  createTicket,
  deleteTickets,
  failTickets as fail,
  linkTickets,
  markDuplicate,
  moveTickets,
  primeAgent,
  reopenTickets,
  showTicket,
  startTickets,
  submitTickets,
  unblockTickets,
  unlinkTickets,
  updateTickets,
} from "../../src/index.ts";
import type { Store } from "../../src/store/open/store.ts";
import { tempStore } from "../helpers/tempStore.ts";

/** A store where every ticket is reviewed, with one that @amy holds and one that nobody does. */
async function desk(text = "review: required\n") {
  const project = await tempStore({ project: true });
  writeFileSync(path.join(project.tickets, "config.yml"), text);
  const store = project.open();
  const held = (await createTicket(store, { title: "Held" })).ticket.id;
  const free = (await createTicket(store, { title: "Free" })).ticket.id;
  await claimTickets(store, { ids: [held], as: "@amy" });
  const read = (id: string) => readFileSync(path.join(project.tickets, `${id}.md`), "utf8");
  const edited = async (id: string, from: RegExp | string, to: string, as?: string) => {
    const shown = (await showTicket(store, { id })) as { text: string; ticket: { version: string } };
    expect(shown.text).toMatch(from);
    const now = shown.text.replace(from, to);
    return invoke(edit, store, { id, text: now, version: shown.ticket.version, ...(as === undefined ? {} : { as }) });
  };
  return { project, store, held, free, read, edited };
}

const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "it was not refused",
    (error: AyoError) => error.code,
  );

describe("a whole new text", () => {
  test("of an agent that says closed ends in review, without the time of an end", async () => {
    const { project, edited, free, read } = await desk();
    const done = await edited(free, "status: open", "status: closed\nclosed: 2026-11-21T08:00:00Z", "@bob");
    expect(done.notices.join()).toContain("must be reviewed");
    expect(read(free)).toMatch(/^status: in_review$/m);
    expect(read(free)).toMatch(/^claimed-by: '@bob'$/m);
    expect(read(free)).not.toMatch(/^closed:/m);
    project.judge();
  });

  test("of an agent cannot finish, give back or take what another holds", async () => {
    const { edited, free, held } = await desk();
    expect(await code(edited(held, "status: in_progress", "status: closed", "@bob"))).toBe("claimed");
    expect(await code(edited(held, "status: in_progress", "status: open", "@bob"))).toBe("claimed");
    expect(await code(edited(held, /^claimed-by: .*\n/m, "", "@bob"))).toBe("bad_input");
    expect(await code(edited(held, "'@amy'", "'@bob'", "@bob"))).toBe("bad_input");
    expect(await code(edited(free, "type: task", "type: task\nreview: none", "@bob"))).toBe("needs_person");
    expect((await edited(held, "# Held", "# Held fast", "@bob")).changed).toBe(true);
  });

  test("of an agent that says in work is a claim, and waits for what a start waits for", async () => {
    const { edited, free, held, read, store } = await desk();
    await edited(free, "status: open", "status: in_progress", "@bob");
    expect(read(free)).toMatch(/^claimed-by: '@bob'$/m);
    const { id } = (await createTicket(store, { title: "Later", deps: [held] })).ticket;
    expect(await code(edited(id, "status: open", "status: in_progress", "@bob"))).toBe("blocked");
    expect(await code(edited(held, "deps: []", `deps: [${id}]`))).toBe("cycle");
  });

  test("of a person may close, but drops nobody's live claim otherwise", async () => {
    const { edited, free, held, read } = await desk();
    await edited(free, "status: open", "status: closed");
    expect(read(free)).toMatch(/^status: closed$/m);
    const kept = await edited(held, /^claimed-by: .*\nlease: .*\n/m, "");
    expect(kept.notices.join()).toContain(`${held} stays claimed by @amy`);
    expect(read(held)).toMatch(/^claimed-by: '@amy'$/m);
    expect(read(held)).toMatch(/^lease: /m);
    await edited(held, "status: in_progress", "status: closed");
    expect(read(held)).toMatch(/^status: closed$/m);
  });
});

describe("a ticket that an agent makes in another column", () => {
  test.each(["closed", "in_review"])("%s waits for somebody else's approval", async (status) => {
    const { project, read, store } = await desk();
    const made = await createTicket(store, { title: "Done already", status, as: "@bob" });
    expect(made.ticket).toMatchObject({ status: "in_review", claim: { by: "@bob" } });
    expect(read(made.ticket.id)).not.toMatch(/^closed:/m);
    const { operations, as } = { operations: [{ op: "create", title: "Two", status, name: "two" }], as: "@bob" };
    const batch = await applyBatch(store, { operations, as });
    expect(read(batch.names.two as string)).toMatch(/^status: in_review$/m);
    project.judge();
  });

  test("is claimed where that is work, and refused where close or start would be", async () => {
    const { held, read, store } = await desk("close: {criteria: required}\n");
    const made = await createTicket(store, { title: "Begun", status: "in_progress", as: "@bob" });
    expect(made.ticket.claim).toMatchObject({ by: "@bob" });
    expect(read(made.ticket.id)).toMatch(/^started: /m);
    const create = (more: object) => code(createTicket(store, { title: "x", as: "@bob", ...more }));
    expect(await create({ status: "closed", acceptance: "401 on a bad password" })).toBe("criteria_open");
    expect(await create({ status: "closed", deps: [held] })).toBe("blocked");
    expect(await create({ status: "in_progress", deps: [held] })).toBe("blocked");
    // What is advised is about what is there.
    const refused = (more: object) => createTicket(store, { title: "One", as: "@bob", status: "closed", ...more });
    await expect(refused({ acceptance: "It works" })).rejects.toMatchObject({
      message: "nothing was made; as closed, it has unticked acceptance criteria: 1. It works",
      try: ["ayo", "ticket", "create", "One"],
    });
    await expect(refused({ deps: [held] })).rejects.toMatchObject({ try: ["ayo", "ticket", "show", held] });
  });

  test("is as a person wants it", async () => {
    const { store } = await desk();
    expect((await createTicket(store, { title: "Done already", status: "closed" })).ticket.status).toBe("closed");
  });

  test("cannot come by an import either", async () => {
    const { project } = await desk();
    const file = path.join(project.dir, "old.jsonl");
    const records = ["closed", "open"].map((status) => ({ id: `old-${status}`, title: status, status }));
    writeFileSync(file, records.map((record) => JSON.stringify(record)).join("\n"));
    const byAgent = JSON.parse((await project.here(["import", file, "--as", "@bob", "--json"])).stdout);
    expect(byAgent.ids).toEqual(["old-open"]);
    expect(byAgent.needYou).toMatchObject([{ id: "old-closed", message: expect.stringContaining("must be reviewed") }]);
    expect((await project.json<{ ids: string[] }>("import", file)).ids).toEqual(["old-closed"]);
  });
});

describe("an agent", () => {
  test("that moves a ticket into work claims it, so that a second one is refused", async () => {
    const { free, read, store } = await desk();
    const move = (as: string) => moveTickets(store, { ids: [free], column: "in_progress", as });
    await move("@bob");
    expect(read(free)).toMatch(/^claimed-by: '@bob'$/m);
    expect(await code(move("@eve"))).toBe("claimed");
    expect(await code(updateTickets(store, { ids: [free], set: { status: "in_progress" }, as: "@eve" }))).toBe(
      "claimed",
    );
    expect((await move("@bob")).tickets[0]?.claim?.by).toBe("@bob");
  });

  test("takes over what was left in the column without anybody's name, and leaves a person's alone", async () => {
    const { project, read, store } = await desk();
    const [left, begun] = [
      (await createTicket(store, { title: "Left", status: "in_progress" })).ticket.id,
      (await createTicket(store, { title: "Begun" })).ticket.id,
    ];
    await project.ayo("ticket", "start", begun);
    await moveTickets(store, { ids: [left], column: "in_progress", as: "@bob" });
    expect(read(left)).toMatch(/^claimed-by: '@bob'$/m);
    expect(await code(moveTickets(store, { ids: [begun], column: "in_progress", as: "@bob" }))).toBe("claimed");
  });

  test("deletes nothing that another holds or has submitted, and loosens no rule", async () => {
    const { free, held, store } = await desk();
    const remove = (id: string, as?: string) => deleteTickets(store, { ids: [id], yes: true, ...(as ? { as } : {}) });
    expect(await code(remove(held, "@bob"))).toBe("claimed");
    await submitTickets(store, { ids: [held], as: "@amy" });
    expect(await code(remove(held, "@bob"))).toBe("claimed");
    await remove(free, "@bob");
    await remove(held);
    for (const key of ["review", "close.criteria"]) {
      await invoke(config, store, { key, value: "required", as: "@bob" });
      expect(await code(invoke(config, store, { key, value: "none", as: "@bob" }))).toBe("needs_person");
    }
  });

  test("is told by prime who it is, also when a command says so", async () => {
    const { held, store } = await desk();
    expect(await primeAgent(store, { as: "@amy" })).toMatchObject({ actor: "@amy", holds: [{ id: held }] });
    expect(await primeAgent(store, { as: "bob" })).toMatchObject({ actor: "@bob", holds: [] });
  });
});

describe("--if-match", () => {
  test("holds for the first ticket of link and unlink", async () => {
    const { free, held, store } = await desk();
    const version = async (id: string) =>
      ((await showTicket(store, { id })) as { ticket: { version: string } }).ticket.version;
    const old = await version(free);
    await linkTickets(store, { ids: [free, held], ifMatch: old });
    expect(await code(unlinkTickets(store, { ids: [free, held], ifMatch: old }))).toBe("conflict");
    expect(await code(linkTickets(store, { ids: [free, held], ifMatch: old }))).toBe("conflict");
    await unlinkTickets(store, { ids: [free, held], ifMatch: await version(free) });
  });

  test("is refused where no ticket is named", async () => {
    const { project, store } = await desk();
    const { stderr, code: status } = await project.here(["ticket", "archive", "--if-match", "0123456"]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("unknown flag --if-match")]);
    const operations = [{ op: "create", title: "x", ifMatch: "0123456" }];
    expect(await code(applyBatch(store, { operations }))).toBe("bad_input");
    expect((await archiveTickets(store, {})).tickets).toEqual([]);
  });

  test("says field by field what differs also for the beginning of a version", async () => {
    const { free, store } = await desk();
    const shown = (await showTicket(store, { id: free })) as { ticket: { version: string } };
    await updateTickets(store, { ids: [free], priority: 0 });
    const ifMatch = shown.ticket.version.slice(0, 8);
    const refused = updateTickets(store, { ids: [free], priority: 1, ifMatch });
    await expect(refused).rejects.toMatchObject({
      code: "conflict",
      data: { changes: { priority: { from: 2, to: 0 } }, before: { version: shown.ticket.version } },
    });
    const unknown = updateTickets(store, { ids: [free], priority: 1, ifMatch: "0000000" });
    await expect(unknown).rejects.toMatchObject({ code: "conflict", data: { changes: null, before: null } });
  });
});

test("two processes that share a name and a worktree are two, by AYO_CLAIM", async () => {
  const { project, free } = await desk();
  const run = (token: string, ...args: string[]) =>
    project.here(["ticket", ...args, "--as", "@bob"], { env: { AYO_CLAIM: token } });
  expect((await run("first", "claim", free, "--lease", "1s")).code).toBe(0);
  const early = await run("second", "close", free);
  expect([early.code, early.stderr]).toEqual([1, expect.stringContaining(`your claim on ${free} ended`)]);
  expect((await run("second", "claim", "--next", "--wait", "30s", "-q")).stdout.trim()).toBe(free);
  for (const verb of ["close", "submit", "renew", "release"]) {
    const late = await run("first", verb, free, "--json");
    expect([verb, late.code, JSON.parse(late.stderr || late.stdout).error.code]).toEqual([verb, 1, "lost_claim"]);
  }
  expect((await run("second", "submit", free)).code).toBe(0);
});

describe("a question for a person", () => {
  test("stays when an agent gives the ticket up, and nobody of them takes it up again", async () => {
    const ways: readonly ((store: Store, id: string, of: string) => Promise<unknown>)[] = [
      (store, id) => cancel(store, { ids: [id], as: "@amy" }),
      (store, id) => fail(store, { ids: [id], as: "@amy" }),
      (store, id, of) => markDuplicate(store, { id, of, as: "@amy" }),
    ];
    for (const giveUp of ways) {
      const { store, held, free, read } = await desk();
      await askPerson(store, { id: held, question: "MIT or GPL?", as: "@amy" });
      await giveUp(store, held, free);
      expect(read(held)).toMatch(/^question: MIT or GPL\?$/m);
      expect(await code(reopenTickets(store, { ids: [held], as: "@amy" }))).toBe("needs_person");
      expect(await code(startTickets(store, { ids: [held], as: "@amy" }))).toBe("transition_refused");
      expect(await code(deleteTickets(store, { ids: [held], yes: true, as: "@amy" }))).toBe("needs_person");
      await answerQuestion(store, { id: held, answer: "MIT" });
      expect(read(held)).not.toMatch(/^question:/m);
      await reopenTickets(store, { ids: [held], as: "@amy" });
    }
  });

  test("goes with the ticket that a person gives up or deletes", async () => {
    const { store, held, free, read } = await desk();
    await askPerson(store, { id: held, question: "MIT or GPL?", as: "@amy" });
    await cancel(store, { ids: [held] });
    expect(read(held)).not.toMatch(/^question:/m);
    await askPerson(store, { id: free, question: "Why?", as: "@bob" });
    await deleteTickets(store, { ids: [free], yes: true });
  });
});

test("what is finished is reopened, and not unblocked", async () => {
  const { store, free } = await desk("");
  for (const finish of [closeTickets, cancel, fail]) {
    await finish(store, { ids: [free] });
    expect(await code(unblockTickets(store, { ids: [free] }))).toBe("transition_refused");
    await reopenTickets(store, { ids: [free] });
  }
});
