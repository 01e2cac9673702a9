import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  addNote,
  answerQuestion,
  askPerson,
  blockTickets,
  claimTickets,
  configureStore,
  confirmTickets,
  createTicket,
  listTickets,
  readyTickets,
  showTicket,
  submitTickets,
  undoChange,
  updateTickets,
} from "../../src/index.ts";
import { keepView } from "../../src/store/disk/keepView.ts";
import { readStore } from "../../src/store/disk/view.ts";
import type { Store } from "../../src/store/open/store.ts";
import { git } from "../helpers/git.ts";
import { tempStore } from "../helpers/tempStore.ts";

const START = Date.parse("2026-11-21T10:00:00Z");
const MINUTE = 60_000;
const CHOICE = { question: "Which port?", options: ["80", "8080, behind nginx"], default: "8080, behind nginx" };

/** A store with a clock of its own, where default answers are on, and a ticket that @amy has claimed. */
async function asking({ defaults = "on", inline = false } = {}) {
  const project = await tempStore({ inline });
  const store = (minutes = 0): Store => project.open({ now: () => START + minutes * MINUTE });
  if (defaults !== "") await configureStore(store(), { key: "questions.defaults", value: defaults });
  const { id } = (await createTicket(store(), { title: "Open a port" })).ticket;
  await claimTickets(store(), { ids: [id], as: "@amy" });
  const ask = (more: object = {}) => askPerson(store(), { id, ...CHOICE, after: "30m", as: "@amy", ...more });
  const fields = () => project.text(id).slice(0, project.text(id).indexOf("# "));
  const edit = (from: RegExp, to: string) => {
    expect(project.text(id)).toMatch(from);
    writeFileSync(path.join(project.tickets, `${id}.md`), project.text(id).replace(from, to));
  };
  return { project, store, id, ask, fields, edit };
}

const readyIds = async (store: Store) => (await readyTickets(store, {})).tickets.map(({ id }) => id);
const shownAt = async (store: Store, id: string) => {
  const shown = await showTicket(store, { id });
  if (!("ticket" in shown)) throw new Error("cannot be read");
  return shown.ticket;
};

describe("a question with options", () => {
  test("keeps them beside it, in JSON and in the note, and all goes with the answer", async () => {
    const { project, store, id, ask, fields } = await asking();
    await ask();
    expect(fields()).toContain(
      "question: Which port?\nanswer-options: ['80', '8080, behind nginx']\ndefault-answer: 8080, behind nginx\nanswer-by: 2026-11-21T10:30:00Z\n",
    );
    expect(await shownAt(store(), id)).toMatchObject({
      question: "Which port?",
      answerOptions: CHOICE.options,
      defaultAnswer: CHOICE.default,
      answerBy: "2026-11-21T10:30:00Z",
    });
    expect(project.text(id)).toContain(
      "Question: Which port?\n\n1. 80\n2. 8080, behind nginx\n\nWithout an answer in 30m it is: 8080, behind nginx\n",
    );
    await answerQuestion(store(), { id, answer: "2" });
    expect(project.text(id)).toContain("\nAnswer: 8080, behind nginx\n");
    expect(fields()).not.toMatch(/^(?:question|answer-|default-)/m);
    project.judge();
  });

  test.for([
    ["80", "80", false],
    ["8080, BEHIND nginx", "8080, behind nginx", false],
    ["1", "80", false],
    ["3", "3", true],
    ["neither: ask the admins", "neither: ask the admins", true],
  ] as const)("takes '%s' for '%s'", async ([answer, said, isFree]) => {
    const { project, store, id, ask } = await asking();
    await ask({ default: undefined, after: undefined });
    const { notices } = await answerQuestion(store(), { id, answer });
    expect(project.text(id)).toContain(`\nAnswer: ${said}\n`);
    expect(notices.filter((one) => one.includes("free answer"))).toHaveLength(isFree ? 1 : 0);
  });

  test("is another question when it is asked anew", async () => {
    const { fields, ask } = await asking();
    await ask();
    await ask({ question: "Why?", options: undefined, default: undefined, after: undefined });
    expect(fields()).toContain("question: Why?\n");
    expect(fields()).not.toMatch(/^(?:answer-|default-)/m);
  });

  test.for([
    [{ default: "81" }, "the default '81' is not one of the options (80, 8080, behind nginx)"],
    [{ after: undefined }, "a default needs the time to wait for a person: --after 30m"],
    [{ default: undefined }, "after is how long to wait before the default"],
    [{ after: "9m" }, "a person has at least 10m to answer"],
    [{ after: "soon" }, "after 'soon' must be a duration"],
    [{ options: ["a", "A"], default: "a" }, "options must differ"],
    [{ options: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"] }, "10 options; at most 9"],
    [{ options: ["a\nb"] }, "option holds a line break"],
    [{ question: "May I use --force?" }, "a question about force or what is allowed has no default"],
    [{ question: "Will you say `ayo allow @amy`?" }, "has no default"],
    [{ options: ["force it", "leave it"], default: "1" }, "has no default"],
  ] as const)("%o is refused", async ([more, message]) => {
    const { ask, fields } = await asking();
    const before = fields();
    await expect(ask(more)).rejects.toMatchObject({ code: "bad_input", message: expect.stringContaining(message) });
    expect(fields()).toBe(before);
  });

  test("has no default for a ticket in review, or one that is blocked for another reason", async () => {
    const { store, id, ask } = await asking();
    await submitTickets(store(), { ids: [id], as: "@amy" });
    await expect(ask({ as: "@bob" })).rejects.toMatchObject({ code: "transition_refused" });
    const other = (await createTicket(store(), { title: "Other" })).ticket.id;
    await blockTickets(store(), { ids: [other], message: "no machine" });
    await expect(ask({ id: other })).rejects.toMatchObject({ code: "transition_refused" });
  });

  test("can be a line of a batch, and so can its answer", async () => {
    const { project, id } = await asking();
    const ops = [
      { op: "ask", id, question: "Which?", options: ["a", "b"], default: "a", after: "1h" },
      { op: "answer", id, answer: "2" },
    ];
    const input = ops.map((op) => JSON.stringify(op)).join("\n");
    expect((await project.here(["ticket", "batch"], { input })).code).toBe(0);
    expect(project.text(id)).toMatch(/^Answer: b$/m);
    expect(project.text(id)).not.toMatch(/^answer-/m);
  });

  test("is no field that other commands set", async () => {
    const { store, id } = await asking();
    for (const key of ["answer-options", "default-answer", "answerBy"]) {
      await expect(updateTickets(store(), { ids: [id], set: { [key]: "x" } })).rejects.toMatchObject({
        code: "bad_input",
        message: expect.stringContaining("use ayo ticket ask and answer"),
      });
    }
  });
});

describe("a default answer", () => {
  test.for([false, true])(
    "is in force for readers once the time is over, before anybody writes (inline: %s)",
    async (inline) => {
      const { project, store, id, ask } = await asking({ inline });
      await addNote(store(), { id, text: "@test-user, look", as: "@amy" });
      await ask();
      const before = project.text(id);
      expect(await readyIds(store(29))).toEqual([]);
      expect(await readyIds(store(30))).toEqual([id]);
      const now = await shownAt(store(30), id);
      expect(now).toMatchObject({ status: "open", ready: true, category: "todo" });
      expect(now.question).toBeUndefined();
      expect(now.answerBy).toBeUndefined();
      expect(now.notes.at(-1)).toMatchObject({
        by: "ayo",
        at: "2026-11-21T10:30:00Z",
        text: "Answer: 8080, behind nginx (default; nobody answered in 30m)",
      });
      expect((await listTickets(store(30), { query: "has:question" })).tickets).toEqual([]);
      const inboxAt = (minutes: number) => project.here(["inbox"], { now: () => START + minutes * MINUTE });
      expect((await inboxAt(29)).stdout).toContain("Which port?");
      const { stdout } = await inboxAt(30);
      expect(stdout).not.toContain("Which port?");
      expect(stdout).toContain("@test-user, look");
      expect(project.text(id)).toBe(before);
    },
  );

  test("comes into force in a process that goes on and shares what it read, also of many tickets", async () => {
    const { project, store, id, ask } = await asking();
    await ask();
    for (let at = 0; at < 3; at++) await createTicket(store(), { title: `More ${at}`, deps: [id] });
    await project.ayo("ticket", "list");
    let minutes = 0;
    const living = project.open({ now: () => START + minutes * MINUTE });
    keepView(living);
    const seen: unknown[] = [];
    for (minutes of [28, 29, 30, 31, 40]) {
      const view = await readStore(living);
      const ticket = view.byId.get(id);
      const isListed = view.tickets.filter((one) => view.isReady(one)).map((one) => one.id);
      seen.push([ticket?.status, ticket?.fields.question, isListed, view.answered.length]);
    }
    const asked = ["blocked", "Which port?", [], 0];
    const answered = ["open", undefined, [id], 1];
    expect(seen).toEqual([asked, asked, answered, answered, answered]);
  });

  test("is written by whoever writes next, as what it is", async () => {
    const { project, store, id, ask, fields } = await asking();
    await ask();
    const read = (await shownAt(store(31), id)).notes.at(-1);
    const other = (await createTicket(store(45), { title: "Other" })).ticket.id;
    expect(project.subjects().slice(0, 2)).toEqual([`create ${other}: Other`, `answer by default ${id}: Open a port`]);
    expect(git(project.repo, "show", "--no-patch", "--format=%an%n%(trailers)", "HEAD^").trim()).toBe(
      `ayo\nTicket: ${id}\nEvent: answered\nActor: ayo\nDefault: yes`,
    );
    expect(fields()).toContain("status: open\n");
    expect(fields()).not.toMatch(/^(?:question|answer-|default-)/m);
    expect((await shownAt(store(45), id)).notes.at(-1)).toEqual(read);
    const { stdout } = await project.run([
      "watch",
      "--since",
      git(project.repo, "rev-parse", "HEAD~2"),
      "--json",
      "--until-now",
    ]);
    const events = stdout.split("\n").filter((line) => line.startsWith("{"));
    const told = events.map((line) => JSON.parse(line)).filter(({ ticket }) => ticket.id === id);
    expect(told.map(({ event }) => event.slice(7))).toEqual(["moved", "answered", "noted", "ready"]);
    expect(told[1]).toMatchObject({ actor: "ayo", cause: { byDefault: true }, changes: { question: { to: null } } });
    project.judge();
  });

  test("lets its agent go on: the claim is made on the ticket as it is answered", async () => {
    const { project, store, id, ask, fields } = await asking();
    await ask();
    await expect(claimTickets(store(29), { ids: [id], as: "@amy" })).rejects.toMatchObject({ code: "blocked" });
    await claimTickets(store(30), { ids: [id], as: "@amy" });
    expect(fields()).toContain("status: in_progress\n");
    expect(fields()).not.toContain("question:");
    expect(project.subjects()[1]).toBe(`answer by default ${id}: Open a port`);
  });

  test("is never in force where the store does not have it so, which is said", async () => {
    const { project, store, id, ask, fields } = await asking({ defaults: "" });
    const { notices } = await ask();
    expect(notices.join()).toContain("waits for a person all the same: default answers are off here");
    expect(fields()).not.toContain("answer-by");
    await addNote(store(60), { id, text: "n" });
    await configureStore(store(60), { key: "questions.defaults", value: "on" });
    expect(await readyIds(store(90))).toEqual([]);
    expect(fields()).toContain("default-answer:");
    expect(project.text(id)).not.toContain("Without an answer");
  });

  test("is off for agents to turn on, by command or by hand", async () => {
    const { project, store, id, ask } = await asking({ defaults: "off" });
    const on = { key: "questions.defaults", value: "on", as: "@amy" };
    await expect(configureStore(store(), on)).rejects.toMatchObject({ code: "needs_person" });
    const file = path.join(project.tickets, "config.yml");
    writeFileSync(file, "questions: {defaults: on}\n");
    await addNote(store(), { id, text: "n", as: "@amy" });
    expect(readFileSync(file, "utf8")).toContain(
      'unconfirmed: # these hold until a person says \'ayo ticket confirm config\'\n  questions: {"defaults":"off"}\n',
    );
    expect((await ask()).notices.join()).toContain("default answers are off here");
    await confirmTickets(store(), { ids: ["config"] });
    expect((await ask({ as: undefined })).notices.join()).not.toContain("default answers are off here");
    await configureStore(store(), { ...on, value: "off" });
  });

  test("takes no time from a person: an agent that asks anew neither ends a wait nor makes it shorter", async () => {
    const { store, id, ask, fields } = await asking();
    await ask({ after: "2h" });
    await ask({ question: "Which port then?", after: "10m" });
    expect(fields()).toContain("answer-by: 2026-11-21T12:00:00Z\n");
    await ask({ question: "May I open all?", default: undefined, after: undefined });
    await expect(ask({ after: "10m" })).rejects.toMatchObject({ code: "needs_person" });
    expect(fields()).toContain("question: May I open all?\n");
    await ask({ after: "10m", as: undefined });
    expect(await readyIds(store(10))).toEqual([id]);
  });

  test.for([
    ["its time is set sooner", /^answer-by: .*$/m, "answer-by: 2026-11-21T10:01:00Z"],
    ["it is another", /^default-answer: .*$/m, "default-answer: '80'"],
    ["its question is another", /^question: .*$/m, "question: May I delete all?"],
    ["other options are meant", /^answer-options: .*$/m, "answer-options: ['8080, behind nginx', 81]"],
  ] as const)("waits for a person where by hand, with agents at work, %s", async ([, from, to]) => {
    const { project, store, id, ask, edit } = await asking();
    await ask();
    edit(from, to);
    await addNote(store(2), { id, text: "n", as: "@amy" });
    expect(project.text(id)).toContain("unconfirmed: [question]");
    expect(await readyIds(store(40))).toEqual([]);
    await confirmTickets(store(40), { ids: [id] });
    expect(await readyIds(store(40))).toEqual([id]);
  });

  test("may be put off or taken away by hand", async () => {
    const { project, store, id, ask, edit } = await asking();
    await ask();
    edit(/^answer-by: .*$/m, "answer-by: 2026-11-21T11:00:00Z");
    await addNote(store(2), { id, text: "n", as: "@amy" });
    expect(project.text(id)).not.toContain("unconfirmed");
    expect(await readyIds(store(59))).toEqual([]);
    expect(await readyIds(store(60))).toEqual([id]);
  });

  test("waits where the ticket is blocked for another reason since", async () => {
    const { store, id, ask, fields } = await asking();
    await ask();
    await updateTickets(store(), { ids: [id], set: { "blocked-reason": "no machine" } });
    await addNote(store(40), { id, text: "n" });
    expect(fields()).toContain("answer-by:");
    expect(await readyIds(store(40))).toEqual([]);
    await updateTickets(store(41), { ids: [id], set: { "blocked-reason": "" } });
    expect(await readyIds(store(41))).toEqual([id]);
  });

  test("of a person who is late is not written, as long as nobody wrote it", async () => {
    const { project, store, id, ask } = await asking();
    await ask();
    const { code } = await project.here(["ticket", "answer", id, "1", "--dry-run"], { now: () => START + 60 * MINUTE });
    expect(code).toBe(0);
    await expect(answerQuestion(store(60), { id, answer: "1", as: "@amy" })).rejects.toMatchObject({
      code: "transition_refused",
    });
    // The agent's try has written it.
    expect(project.text(id)).toContain("(default; nobody answered in 30m)");
    await expect(answerQuestion(store(60), { id, answer: "1" })).rejects.toMatchObject({
      message: `${id} asks nothing any more: nobody answered in time; a note can say otherwise`,
      try: ["ayo", "ticket", "note", id, "…"],
    });
    await ask();
    await answerQuestion(store(60), { id, answer: "1" });
    expect(project.text(id).match(/^Answer: .*$/gm)).toEqual([
      "Answer: 8080, behind nginx (default; nobody answered in 30m)",
      "Answer: 80",
    ]);
    project.judge();
  });

  test("comes back by an undo without its time: it would hold at once", async () => {
    const { store, id, ask, fields } = await asking();
    await ask();
    await addNote(store(40), { id, text: "n" });
    await undoChange(store(41), { what: id });
    await undoChange(store(41), { what: id });
    expect(fields()).toMatch(/^question: Which port\?$/m);
    expect(fields()).toMatch(/^default-answer:/m);
    expect(fields()).not.toContain("answer-by");
    expect(await readyIds(store(42))).toEqual([]);
    await answerQuestion(store(42), { id, answer: "1" });
  });

  test("goes out and in with the ticket, for people", async () => {
    const from = await asking();
    await from.ask();
    const text = await from.project.ayo("export");
    const into = await asking();
    const options = { input: text, now: () => START };
    const refused = await into.project.here(["import", "-", "--as", "@amy"], options);
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([
      1,
      expect.stringContaining("would change question"),
    ]);
    await into.project.here(["import", "-"], options);
    expect(into.project.text(from.id)).toMatch(/^answer-options: \['80', '8080, behind nginx'\]$/m);
    expect(into.project.text(from.id)).toMatch(/^answer-by: 2026-11-21T10:30:00Z$/m);
    expect(await readyIds(into.store(30))).toContain(from.id);
  });
});
