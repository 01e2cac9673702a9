import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { claimTickets, readInbox } from "../../../src/index.ts";
import { tempStore } from "../../helpers/tempStore.ts";
import { inboxOf, linesOf } from "./inboxHere.ts";

const PERSON = "Test User";
const CODER = ["--as", "coder"];

describe("what needs a person", () => {
  test("a question until it is answered; who asked hears of the answer until it writes again", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "start", id, ...CODER);
    await store.ayo("ticket", "ask", id, "Which bus?", ...CODER);
    const { items, total, counts } = await inboxOf(store);
    expect({ total, counts }).toEqual({ total: 1, counts: { question: 1 } });
    expect(items[0]).toMatchObject({
      key: `${id}:q`,
      kind: "question",
      id,
      title: "Build login",
      by: "@coder",
      text: "Which bus?",
      act: `ayo ticket answer ${id} …`,
    });
    expect(await linesOf(store, ...CODER)).toEqual([]);
    await store.ayo("ticket", "answer", id, "The red one");
    expect(await linesOf(store)).toEqual([]);
    expect(await inboxOf(store, ...CODER)).toMatchObject({
      items: [{ kind: "message", by: PERSON, text: "Answer: The red one" }],
    });
    await store.ayo("ticket", "note", id, "on it", ...CODER);
    expect(await linesOf(store, ...CODER)).toEqual([]);
  });

  test("a question of his own ticket is no message as well", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login", "-a", PERSON);
    await store.ayo("ticket", "ask", id, "Which bus?", ...CODER);
    expect(await linesOf(store)).toEqual([`question ${id}:q`]);
  });

  test("what came from elsewhere and is an agent's, until a person says that agents may start it", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login", "-a", "@coder");
    const mine = await store.ayo("ticket", "create", "Write the guide", "-a", PERSON);
    for (const one of [id, mine])
      store.write(one, store.text(one).replace("priority: 2", "priority: 2\norigin: github"));
    expect((await inboxOf(store)).items).toMatchObject([
      { key: `${id}:accept`, kind: "accept", by: "@coder", text: "from github", act: `ayo ticket accept ${id}` },
    ]);
    expect(await linesOf(store, ...CODER)).not.toContain(`accept ${id}:accept`);
    await store.ayo("ticket", "accept", id);
    expect(await linesOf(store)).toEqual([]);
  });

  test("with options shows what may be answered, and from when on the default holds", async () => {
    const store = await tempStore({ project: true });
    await store.ayo("config", "questions.defaults", "on");
    const id = await store.ayo("ticket", "create", "Build login");
    const choice = ["--option", "red", "--option", "blue", "--default", "red", "--after", "30m"];
    await store.ayo("ticket", "ask", id, "Which bus?", ...choice, ...CODER);
    const { items } = await inboxOf(store);
    expect(items).toMatchObject([
      { options: ["red", "blue"], defaultAnswer: "red", answerBy: expect.stringMatching(/Z$/) },
    ]);
    expect(await store.ayo("inbox")).toMatch(/Which bus\? \[1 red, 2 blue; red from .* on\] \(Build login\)/);
    await store.ayo("ticket", "answer", id, "2");
    expect(await linesOf(store)).toEqual([]);
  });

  test("another question of the same ticket is another line, also where the first was put away", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "ask", id, "Which bus?", ...CODER);
    await store.ayo("inbox", "done", `${id}:q`);
    expect(await linesOf(store)).toEqual([]);
    await store.ayo("ticket", "answer", id, "The red one");
    await store.ayo("ticket", "ask", id, "And which train?", ...CODER);
    expect(await linesOf(store)).toEqual([`question ${id}:q`]);
  });

  test("a review, but of his own work; what was sent back is its author's", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "start", id, ...CODER);
    await store.ayo("ticket", "submit", id, ...CODER);
    expect(await inboxOf(store)).toMatchObject({ items: [{ key: `${id}:review`, by: "@coder" }] });
    expect(await linesOf(store, ...CODER)).toEqual([]);
    expect(await linesOf(store, "--as", "rex")).toEqual([]);
    await store.ayo("ticket", "update", id, "--reviewer", "@rex");
    expect(await linesOf(store, "--as", "rex")).toEqual([`review ${id}:review`]);
    expect(await linesOf(store)).toEqual([]);
    await store.ayo("ticket", "update", id, "--reviewer", "");
    await store.ayo("ticket", "reject", id, "-m", "The tests are red");
    expect(await linesOf(store)).toEqual([]);
    const back = await inboxOf(store, ...CODER);
    expect(back.items.map(({ kind, by }) => [kind, by])).toContainEqual(["returned", PERSON]);
    await store.ayo("ticket", "note", id, "mended", ...CODER);
    expect((await linesOf(store, ...CODER)).filter((line) => line.startsWith("returned"))).toEqual([]);
  });

  test("files that nobody can read, tickets marked for people, and what is overdue for whom it concerns", async () => {
    const store = await tempStore({ project: true });
    const late = await store.ayo("ticket", "create", "Late", "-a", "@coder", "--due", "2026-01-02");
    const human = await store.ayo("ticket", "create", "By a person", "--tag", "needs-human");
    store.write("torn", "---\nid: torn\nstatus: [\n---\n# Torn\n");
    expect(await linesOf(store)).toEqual([
      `human ${human}:human`,
      "unreadable torn.md:unreadable",
      `overdue ${late}:due`,
    ]);
    expect(await linesOf(store, ...CODER)).toEqual([`handed ${late}:handed`, `overdue ${late}:due`]);
    expect(await linesOf(store, "--as", "rex")).toEqual([]);
    await store.ayo("ticket", "close", late, human);
    writeFileSync(path.join(store.tickets, "torn.md"), "---\nid: torn\nstatus: open\n---\n# Whole\n");
    expect(await linesOf(store)).toEqual([]);
  });

  test("what an agent's colleague changed by hand past a gate, until somebody says yes", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    const held = await store.ayo("ticket", "create", "Held");
    await store.ayo("ticket", "start", held, ...CODER);
    await store.ayo("ticket", "submit", id, ...CODER);
    store.write(id, store.text(id).replace(/status: \w+/, "status: closed"));
    await store.ayo("ticket", "note", held, "goes on", ...CODER);
    expect(await linesOf(store)).toContain(`unconfirmed ${id}:unconfirmed`);
    expect((await store.ayo("ticket", "list", "-q", "is:unconfirmed")).split("\n")).toEqual([id]);
    expect((await store.json<{ unconfirmed: { id: string }[] }>("recap", "--peek")).unconfirmed).toMatchObject([
      { id },
    ]);
    await store.ayo("ticket", "confirm", id);
    expect((await linesOf(store)).filter((line) => line.includes(id))).toEqual([]);
  });
});

describe("what was handed over", () => {
  test("is told to whom it was given by another, until he begins or it is another's", async () => {
    const store = await tempStore({ project: true });
    const [own, given, hand] = [
      await store.ayo("ticket", "create", "Own", "-a", PERSON),
      await store.ayo("ticket", "create", "Given"),
      await store.ayo("ticket", "create", "By hand"),
    ];
    await store.ayo("ticket", "assign", given, PERSON, ...CODER);
    await store.ayo("ticket", "update", hand, "--assignee", PERSON, ...CODER);
    expect((await linesOf(store)).sort()).toEqual([`handed ${given}:handed`, `handed ${hand}:handed`].sort());
    const { items } = await inboxOf(store);
    expect(items.find(({ id }) => id === given)).toMatchObject({ by: "@coder", act: `ayo ticket start ${given}` });
    await store.ayo("ticket", "start", given);
    await store.ayo("ticket", "assign", hand, "@rex");
    expect(await linesOf(store)).toEqual([]);
    expect(await linesOf(store, "--as", "rex")).toEqual([`handed ${hand}:handed`]);
    expect(own).not.toBe("");
  });

  test("also where the file was edited by hand, and then something else in it", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login", ...CODER);
    store.write(id, store.text(id).replace("---\n#", "assignee: '@coder'\n---\n#"));
    await store.ayo("ticket", "note", id, "something");
    store.write(id, store.text(id).replace("priority: 2", "priority: 1"));
    await store.ayo("ticket", "ready");
    await store.ayo("ticket", "create", "Another");
    expect(await linesOf(store, ...CODER)).toEqual([`handed ${id}:handed`, `message ${id}:note`]);
  });
});

describe("what looks as if nobody had it in hand", () => {
  test("a claim without a word for longer than its lease; a word settles it", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "claim", id, "--lease", "30d", ...CODER);
    expect(await linesOf(store)).toEqual([]);
    const later = store.open({ now: () => Date.now() + 16 * 60_000 });
    expect(await readInbox(later, {})).toMatchObject({
      items: [{ key: `${id}:idle`, kind: "off_track", by: "@coder", text: "held for 16m, no note and no commit" }],
    });
    await store.ayo("ticket", "note", id, "half done", ...CODER);
    expect(await readInbox(later, {})).toMatchObject({ total: 0 });
    const muchLater = store.open({ now: () => Date.now() + 31 * 24 * 3_600_000 });
    expect(await readInbox(muchLater, {})).toMatchObject({
      items: [{ key: `${id}:stale`, text: "the claim ran out" }],
    });
  });

  test("back and forth three times, and taken over twice", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    for (let n = 0; n < 3; n++) {
      await store.ayo("ticket", "start", id, ...CODER);
      await store.ayo("ticket", "submit", id, ...CODER);
      expect(await linesOf(store)).toEqual([`review ${id}:review`]);
      await store.ayo("ticket", "reject", id, "-m", "Not yet");
    }
    expect(await linesOf(store)).toEqual([`off_track ${id}:rejected`]);
    const other = await store.ayo("ticket", "create", "Taken");
    for (const [n, who] of ["coder", "rex", "max"].entries()) {
      const then = store.open({ now: () => Date.now() + n * 20 * 60_000 });
      await claimTickets(then, { ids: [other], as: `@${who}` });
    }
    expect(await linesOf(store)).toContain(`off_track ${other}:taken-over`);
    // What is handed on is not taken.
    const passed = await store.ayo("ticket", "create", "Passed on");
    for (const who of ["coder", "rex", "max"]) {
      await store.ayo("ticket", "claim", passed, "--as", who);
      await store.ayo("ticket", "release", passed, "--as", who);
    }
    expect((await linesOf(store)).filter((line) => line.includes(passed))).toEqual([]);
  });

  test("two who work on the same, each on a ticket of his own, until somebody links them", async () => {
    const store = await tempStore({ project: true });
    const text = ["-d", "The session cookie is lost after the redirect of the login page"];
    const one = await store.ayo("ticket", "create", "Session cookie is lost after login redirect", ...text);
    const other = await store.ayo("ticket", "create", "Login redirect loses the session cookie", ...text);
    const apart = await store.ayo("ticket", "create", "Paginate the list of orders");
    await store.here(["ticket", "start", one, ...CODER], { now: () => Date.now() - 5_000 });
    await store.ayo("ticket", "start", apart, "--as", "max");
    expect(await linesOf(store)).toEqual([]);
    await store.ayo("ticket", "start", other, "--as", "rex");
    expect(await linesOf(store)).toEqual([`off_track ${other}:like ${one}`]);
    expect((await inboxOf(store)).items[0]).toMatchObject({ by: "@rex", text: `much like ${one} of @coder` });
    await store.ayo("inbox", "done", other);
    expect(await linesOf(store)).toEqual([]);
    await store.ayo("inbox", "done", other, "--undo");
    await store.ayo("ticket", "link", one, other);
    expect(await linesOf(store)).toEqual([]);
  });

  test("what was finished by hand past its review, until somebody opens it again", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "submit", id);
    store.write(id, store.text(id).replace(/status: \w+/, "status: closed"));
    await store.ayo("ticket", "create", "Another");
    expect(await inboxOf(store)).toMatchObject({
      items: [{ key: `${id}:gate`, kind: "off_track", text: "closed by hand, past the gate" }],
    });
    const later = store.open({ now: () => Date.now() + 8 * 24 * 3_600_000 });
    expect(await readInbox(later, {})).toMatchObject({ total: 0 });
    await store.ayo("ticket", "reopen", id);
    expect(await linesOf(store)).toEqual([]);
  });
});
