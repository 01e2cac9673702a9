import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { AyoError } from "../../src/error.ts";
import {
  answerQuestion,
  applyBatch,
  approveTickets,
  askPerson,
  checkCriteria,
  claimTickets,
  closeTickets,
  createTicket,
  moveTickets,
  readyTickets,
  rejectTickets,
  startTickets,
  submitTickets,
  unblockTickets,
  uncheckCriteria,
  updateTickets,
} from "../../src/index.ts";
import { git } from "../helpers/git.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";
import { startWatch } from "../helpers/watchProcess.ts";

/** A store with this config.yml and one ticket, claimed by @amy where it is `claimed`. */
async function desk(config = "", { claimed = true, ...ticket }: Record<string, unknown> = {}) {
  const project = await tempStore({ project: true });
  if (config !== "") writeFileSync(path.join(project.tickets, "config.yml"), config);
  const store = project.open();
  const { id } = (await createTicket(store, { title: "One", ...ticket })).ticket;
  if (claimed) await claimTickets(store, { ids: [id], as: "@amy" });
  const text = () => readFileSync(path.join(project.tickets, `${id}.md`), "utf8");
  const status = () => /^status: (.*)$/m.exec(text())?.[1];
  return { project, store, id, ids: [id], text, status };
}

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "it was not refused",
    (error: AyoError) => error,
  );
}

function lastEvent({ repo }: TempStore): string {
  return git(repo, "log", "-1", "--format=%an %(trailers:key=Event,valueonly)").trim();
}

describe("submit", () => {
  test("ends the lease and keeps the author, and where the work lies", async () => {
    const { project, store, ids, text } = await desk();
    git(project.dir, "commit", "--quiet", "--allow-empty", "-m", "work");
    const { tickets } = await submitTickets(store, { ids, message: "12 tests pass", as: "@amy" });
    const head = git(project.dir, "rev-parse", "HEAD");
    expect(tickets[0]).toMatchObject({ status: "in_review", claim: { by: "@amy", until: null, branch: "main", head } });
    expect(text()).not.toMatch(/^lease:/m);
    expect(text()).toContain("12 tests pass");
    expect(lastEvent(project)).toBe("amy submitted");
    project.judge();
  });

  test("by another agent is refused while somebody holds it; of what nobody had claimed it names the author", async () => {
    const { store, ids } = await desk();
    expect(await refusal(submitTickets(store, { ids, as: "@bob" }))).toMatchObject({ code: "claimed" });
    const free = await desk("", { claimed: false });
    const { tickets } = await closeTickets(free.store, { ids: free.ids, review: true, as: "@amy" });
    expect(tickets[0]).toMatchObject({ status: "in_review", claim: { by: "@amy" } });
  });
});

describe("approve", () => {
  test("closes and names what became ready, by anybody but the author", async () => {
    const { project, store, id, ids, text } = await desk();
    const next = (await createTicket(store, { title: "Next", deps: [id] })).ticket;
    await submitTickets(store, { ids, as: "@amy" });
    for (const close of [approveTickets, closeTickets]) {
      expect(await refusal(close(store, { ids, as: "@amy" }))).toMatchObject({ code: "self_review" });
    }
    const forced = approveTickets(store, { ids, as: "@amy", force: true });
    expect(await refusal(forced)).toMatchObject({ code: "self_review" });
    const { nowReady } = await approveTickets(store, { ids, as: "@rev" });
    expect(nowReady).toEqual([{ id: next.id, title: "Next" }]);
    expect(text()).not.toMatch(/^(claim|lease)/m);
    expect(lastEvent(project)).toBe("rev approved");
  });

  test("is for what is in review; a second one finds it closed", async () => {
    const { store, ids } = await desk();
    const refused = { code: "transition_refused" };
    expect(await refusal(approveTickets(store, { ids, as: "@rev" }))).toMatchObject(refused);
    expect(await refusal(approveTickets(store, { ids, as: "@rev", force: true }))).toMatchObject(refused);
    expect(await refusal(rejectTickets(store, { ids, message: "no", as: "@rev" }))).toMatchObject(refused);
    await submitTickets(store, { ids, as: "@amy" });
    await approveTickets(store, { ids, as: "@rev" });
    expect(await refusal(approveTickets(store, { ids, as: "@other" }))).toMatchObject(refused);
  });

  test("--all closes others' work, of a project where one is named, and says what is left of one's own", async () => {
    const { store, id, ids } = await desk("", { project: "web" });
    const other = (await createTicket(store, { title: "Two" })).ticket.id;
    const own = (await createTicket(store, { title: "Three", project: "web" })).ticket.id;
    await submitTickets(store, { ids, as: "@amy" });
    await submitTickets(store, { ids: [other], as: "@amy" });
    await submitTickets(store, { ids: [own], as: "@rev" });
    const web = await approveTickets(store, { all: true, project: "web", as: "@rev" });
    expect([web.tickets.map((one) => one.id), web.notices]).toEqual([[id], [expect.stringContaining(own)]]);
    const rest = await approveTickets(store, { all: true, as: "@rev" });
    expect(rest.tickets.map((one) => one.id)).toEqual([other]);
  });
});

describe("reject", () => {
  test("needs a reason, and sends the ticket back with it and with where the work lies; the claim is over", async () => {
    const { project, store, id, ids, text, status } = await desk();
    await submitTickets(store, { ids, as: "@amy" });
    expect(await refusal(rejectTickets(store, { ids, as: "@rev" }))).toMatchObject({ code: "bad_usage" });
    await rejectTickets(store, { ids, message: "fails without a network", as: "@rev" });
    const head = git(project.dir, "rev-parse", "--short=12", "HEAD");
    expect([status(), lastEvent(project)]).toEqual(["open", "rev rejected"]);
    expect(text()).toContain(`Rejected: fails without a network\n\nThe work is on branch main at ${head}.`);
    expect(text()).not.toMatch(/^(claim|lease)/m);
    expect((await claimTickets(store, { next: true, as: "@bob" })).tickets[0]?.id).toBe(id);
  });
});

describe("review: required", () => {
  const ways: [string, (d: Awaited<ReturnType<typeof desk>>, as?: string) => Promise<unknown>][] = [
    ["close", ({ store, ids }, as) => closeTickets(store, { ids, ...(as === undefined ? {} : { as }) })],
    [
      "close --force",
      ({ store, ids }, as) => closeTickets(store, { ids, force: true, ...(as === undefined ? {} : { as }) }),
    ],
    [
      "status",
      ({ store, ids }, as) => moveTickets(store, { ids, column: "closed", ...(as === undefined ? {} : { as }) }),
    ],
    [
      "update",
      ({ store, ids }, as) =>
        updateTickets(store, { ids, set: { status: "closed" }, ...(as === undefined ? {} : { as }) }),
    ],
    [
      "batch",
      ({ store, id }, as) =>
        applyBatch(store, { operations: [{ op: "close", id }], ...(as === undefined ? {} : { as }) }),
    ],
  ];
  test.each(ways)("%s by an agent ends in review, by a person it closes", async (_, close) => {
    const agents = await desk("review: required\n");
    expect(await close(agents, "@amy")).toMatchObject({ notices: [expect.stringContaining("must be reviewed")] });
    expect(agents.status()).toBe("in_review");
    expect(await refusal(close(agents, "@amy"))).toMatchObject({ code: "self_review" });
    const persons = await desk("review: required\n");
    await close(persons);
    expect(persons.status()).toBe("closed");
  });

  test("by type, and by ticket, which counts more; only a person can free a ticket of it", async () => {
    const config = "review: {bug: required, chore: none}\n";
    const closed = async (ticket: Record<string, unknown>) => {
      const one = await desk(config, ticket);
      await closeTickets(one.store, { ids: one.ids, as: "@amy" });
      return one.status();
    };
    expect(await closed({ type: "bug" })).toBe("in_review");
    expect(await closed({ type: "chore" })).toBe("closed");
    expect(await closed({ type: "chore", review: "required" })).toBe("in_review");
    expect(await closed({ type: "bug", review: "none" })).toBe("closed");
    const { store, ids } = await desk(config, { type: "bug" });
    const lift = (as: object) => updateTickets(store, { ids, set: { review: "none" }, ...as });
    expect(await refusal(lift({ as: "@amy" }))).toMatchObject({ code: "needs_person" });
    expect(await refusal(createTicket(store, { title: "T", review: "none", as: "@amy" }))).toMatchObject({
      code: "needs_person",
    });
    await lift({});
  });

  test.each(["review: sometimes\n", "review: [bug]\n", "review: {bug: yes}\n", "close: {criteria: 1}\n"])(
    "config.yml says what is wrong with %j",
    async (config) => {
      expect(await refusal(desk(config))).toMatchObject({ code: "bad_config", data: { line: 1 } });
    },
  );

  test("a close by hand is committed, and told as a skipped gate", async () => {
    const { project, store, id, text } = await desk("review: required\n", { claimed: false });
    const watch = await startWatch(project.dir);
    project.write(id, text().replace("status: open", "status: closed"));
    expect((await watch.until("gate_skipped", id)).changes).toMatchObject({ status: { from: "open", to: "closed" } });
    await watch.end();
    expect(store.dir).toBe(project.tickets);
  });
});

describe("acceptance criteria", () => {
  test("are ticked and cleared by number; one that is not there is refused and nothing changed", async () => {
    const { project, store, id, text } = await desk("", { acceptance: "first\nsecond\nthird" });
    const { criteria, commit } = await checkCriteria(store, { id, numbers: [1, 3], as: "@amy" });
    expect(criteria.map(({ done }) => done)).toEqual([true, false, true]);
    expect(text()).toContain("- [x] first\n- [ ] second\n- [x] third");
    expect(git(project.repo, "show", "--format=", "--numstat", commit ?? "")).toMatch(/^2\t2\t/);
    expect((await checkCriteria(store, { id, numbers: [1] })).commit).toBeNull();
    expect(await refusal(checkCriteria(store, { id, numbers: [2, 4] }))).toMatchObject({ code: "not_found" });
    expect(text()).toContain("- [ ] second");
    expect((await uncheckCriteria(store, { id, all: true })).criteria.filter(({ done }) => done)).toEqual([]);
    for (const wrong of [{ numbers: [0] }, { numbers: [1.5] }]) {
      expect(await refusal(checkCriteria(store, { id, ...wrong }))).toMatchObject({ code: "bad_input" });
    }
    for (const wrong of [{}, { numbers: [1], all: true }]) {
      expect(await refusal(checkCriteria(store, { id, ...wrong }))).toMatchObject({ code: "bad_usage" });
    }
  });

  test("that are unticked stop closing and submitting where they are required, by name; a person can force it", async () => {
    const { store, ids, id, status } = await desk("close: {criteria: required}\n", { acceptance: "first\nsecond" });
    await checkCriteria(store, { id, numbers: [1], as: "@amy" });
    const open = { code: "criteria_open", data: { open: [{ n: 2, text: "second", done: false }] } };
    expect(await refusal(closeTickets(store, { ids, as: "@amy" }))).toMatchObject(open);
    expect(await refusal(submitTickets(store, { ids, as: "@amy" }))).toMatchObject(open);
    expect(await refusal(closeTickets(store, { ids, as: "@amy", force: true }))).toMatchObject(open);
    expect(await refusal(closeTickets(store, { ids }))).toMatchObject(open);
    await closeTickets(store, { ids, force: true });
    expect(status()).toBe("closed");
  });
});

describe("a question", () => {
  test("parks the ticket and ends the claim until a person answers", async () => {
    const { project, store, id, ids, text, status } = await desk();
    const question = "May I delete the old table?\n\nIt has 3 rows.";
    const { tickets } = await askPerson(store, { id, question, as: "@amy" });
    expect(tickets[0]).toMatchObject({ status: "blocked", question: "May I delete the old table?", claim: null });
    expect([text(), lastEvent(project)]).toEqual([expect.stringContaining("It has 3 rows."), "amy asked"]);
    const person = { code: "needs_person" };
    expect(await refusal(answerQuestion(store, { id, answer: "yes", as: "@lead" }))).toMatchObject(person);
    for (const move of [unblockTickets, startTickets, closeTickets, submitTickets]) {
      expect(await refusal(move(store, { ids, as: "@amy", force: true }))).toMatchObject(person);
    }
    expect(await refusal(claimTickets(store, { ids, as: "@amy" }))).toMatchObject({ code: "blocked" });
    await answerQuestion(store, { id, answer: "Yes, after the backup." });
    expect([status(), lastEvent(project)]).toEqual(["open", "Test User answered"]);
    expect(text()).toMatch(/Question: May I[\s\S]*Answer: Yes, after the backup\./);
    expect(text()).not.toMatch(/^question:/m);
    expect(await refusal(answerQuestion(store, { id, answer: "again" }))).toMatchObject({ code: "transition_refused" });
    expect((await claimTickets(store, { next: true, as: "@amy" })).tickets[0]?.id).toBe(id);
    project.judge();
  });

  test("is refused when it is empty, on finished tickets, and by agents that do not hold the ticket", async () => {
    const { store, id, ids } = await desk();
    expect(await refusal(askPerson(store, { id, question: " " }))).toMatchObject({ code: "bad_input" });
    expect(await refusal(askPerson(store, { id, question: "?", as: "@bob" }))).toMatchObject({ code: "claimed" });
    await closeTickets(store, { ids });
    expect(await refusal(askPerson(store, { id, question: "?" }))).toMatchObject({ code: "transition_refused" });
  });
});

describe("roles", () => {
  test("ready --role: a ticket without one is for a worker; a reviewer sees what others submitted", async () => {
    const { store, id, ids } = await desk();
    const make = async (title: string, role?: string) =>
      (await createTicket(store, { title, ...(role === undefined ? {} : { role }) })).ticket.id;
    const plain = await make("plain");
    const plan = await make("plan", "manager");
    const audit = await make("audit", "reviewer");
    await submitTickets(store, { ids, as: "@amy" });
    const ready = async (role: string, as: string) =>
      (await readyTickets(store, { role, as })).tickets.map((ticket) => ticket.id).sort();
    expect(await ready("worker", "@bob")).toEqual([plain]);
    expect(await ready("manager", "@bob")).toEqual([plan]);
    expect(await ready("reviewer", "@bob")).toEqual([id, audit].sort());
    expect(await ready("reviewer", "@amy")).toEqual([audit]);
    expect(await ready("poet", "@bob")).toEqual([]);
  });
});

describe("--if-match", () => {
  test("conflict carries both versions and what differs, field by field", async () => {
    const { store, id, ids } = await desk("", { claimed: false });
    const before = (await readyTickets(store, {})).tickets[0]?.version ?? "";
    await updateTickets(store, { ids, priority: 0, description: "More" });
    const { version } = (await readyTickets(store, {})).tickets[0] ?? {};
    expect(await refusal(closeTickets(store, { ids, ifMatch: before }))).toMatchObject({
      code: "conflict",
      data: {
        id,
        expected: before,
        actual: version,
        changes: { priority: { from: 2, to: 0 }, description: { from: null, to: "More" } },
        before: { version: before, priority: 2 },
        after: { version, priority: 0 },
      },
    });
    for (const write of [claimTickets, submitTickets, startTickets]) {
      expect(await refusal(write(store, { ids, ifMatch: before, as: "@amy" }))).toMatchObject({ code: "conflict" });
    }
    expect(await refusal(checkCriteria(store, { id, all: true, ifMatch: "0123456" }))).toMatchObject({
      code: "conflict",
      data: { changes: null },
    });
    await closeTickets(store, { ids, ifMatch: version?.slice(0, 12) });
  });
});
