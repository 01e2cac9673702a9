import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { trackedStore } from "../../helpers/linear/trackedStore.ts";

describe("what is here goes there", () => {
  test("fields, text, people's notes and relations; neither agents' notes nor what ayo wrote", async () => {
    const { ayo, sync, store, world, issueOf, quiet } = await trackedStore();
    const one = await ayo("ticket", "create", "One", "-d", "- a\n- b", "-p", "1", "--tags", "bug,none", "-q");
    const two = await ayo("ticket", "create", "Two", "--dep", one, "-q");
    const part = await ayo("ticket", "create", "Part", "--parent", one, "-q");
    await ayo("ticket", "note", one, "Ask @coder about `#1`.");
    await ayo("ticket", "note", one, "Of an agent.", "--as", "@coder");
    expect(await sync()).toBe("Synced with linear (ENG): 0 tickets came, 5 changes went");
    const [issue, other] = [issueOf(one), issueOf(two)];
    expect([issue.title, issue.description, issue.priority, [...issue.labels]]).toEqual([
      "One",
      "* a\n* b",
      2,
      ["label-bug"],
    ]);
    expect([issueOf(part).parent, [...world.comments.values()].map(({ body }) => body)]).toEqual([
      issue.id,
      ["Ask `@coder` about `#1`."],
    ]);
    expect([...world.relations.values()].map((one) => [one.issue, one.relatedIssue])).toEqual([[issue.id, other.id]]);
    expect(store.text(one)).toContain("- a\n- b\n");
    await quiet();
  });

  test("only what was published, where that is wanted; the first time a person says yes", async () => {
    const { ayo, run, world, issueOf, quiet } = await trackedStore("linked");
    const [one, two] = [await ayo("ticket", "create", "One", "-q"), await ayo("ticket", "create", "Two", "-q")];
    expect(await ayo("sync", "linear")).toBe("Nothing new at linear (ENG)");
    const asked = await run("tracker", "publish", one);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("1 new item would be sent to team ENG at")]);
    expect(world.issues.size).toBe(0);
    const agent = await run("tracker", "publish", one, "--yes", "--as", "@coder");
    expect([agent.code, agent.stderr]).toEqual([1, expect.stringContaining("only a person can say yes")]);
    await ayo("tracker", "publish", one, "--yes");
    expect(issueOf(one).title).toBe("One");
    // Said once: from now on they go without a question.
    await ayo("tracker", "publish", two);
    expect(world.issues.size).toBe(2);
    await quiet();
  });

  test("where a yes is missing, what people did there comes all the same, and nothing goes", async () => {
    const { ayo, run, world, linear, ticketOf, store } = await trackedStore();
    await ayo("ticket", "create", "One", "-q");
    const issue = world.create({ title: "Theirs" }, "user-mara");
    for (const who of [["--as", "@coder"], []]) {
      const { code } = await run("sync", "linear", ...who);
      expect(code).toBe(who.length > 0 ? 1 : 2);
      expect(store.text(ticketOf(issue))).toContain(`# ${issue.title}\n`);
      world.update(issue.id, { title: "Theirs again" }, "user-mara");
    }
    expect([world.issues.size, linear.seen.filter(({ isWrite }) => isWrite)]).toEqual([1, []]);
    store.judge();
  });

  test("a dry run prints what would be sent, sends nothing and changes nothing", async () => {
    const { ayo, store, world, linear } = await trackedStore();
    await ayo("ticket", "create", "One", "-q");
    const before = store.subjects();
    const said = await ayo("sync", "linear", "--dry-run");
    expect(said).toMatch(/^Would send 1 request to linear \(ENG\):\n\{"operation":"CreateIssue",/);
    expect(said).not.toContain("lin_api");
    expect([world.issues.size, store.subjects(), linear.seen.some(({ isWrite }) => isWrite)]).toEqual([
      0,
      before,
      false,
    ]);
  });
});

describe("what is there comes here", () => {
  test("a new issue is a ticket that waits for a person's yes, in the name of who made it", async () => {
    const { sync, store, world, ticketOf, quiet } = await trackedStore();
    const input = {
      title: "Login",
      description: "Hi @coder.\n",
      stateId: "state-in-progress",
      labelIds: ["label-bug"],
    };
    const issue = world.create({ ...input, assigneeId: "user-jo", priority: 1 }, "user-mara");
    world.comment({ issueId: issue.id, body: "Soon?" }, "user-jo");
    expect(await sync()).toBe("Synced with linear (ENG): 1 ticket came, 0 changes went");
    const id = ticketOf(issue);
    const { ticket } = await store.json<{ ticket: Record<string, unknown> }>("ticket", "show", id);
    expect(ticket).toMatchObject({
      title: "Login",
      status: "in_progress",
      assignee: "jo",
      priority: 0,
      tags: ["Bug"],
      origin: "linear",
      notes: [{ by: "jo (linear)", text: "Soon?" }],
    });
    expect(store.text(id)).toContain("# Login\n\nHi @coder.\n\n## Notes\n");
    const [subject = "", author = "", body = ""] = git(store.repo, "log", "-1", "--format=%s%x00%an%x00%b").split("\0");
    expect([subject, author]).toEqual([`linear: bring ${id}: Login`, "linear"]);
    expect(body).toMatch(/^Ticket: \S+\nActor: linear\nSync: linear$/m);
    await quiet();
  });

  test("edits of both sides become one; a person's change has its name", async () => {
    const { ayo, sync, store, world, issueOf, quiet } = await trackedStore();
    const id = await ayo("ticket", "create", "One", "-d", "- a\n- b\n- c", "-q");
    await sync();
    world.update(issueOf(id).id, { description: "* a\n* b\n* c\n* d", stateId: "state-done" }, "user-mara");
    await ayo("ticket", "update", id, "--description", "- 0\n- a\n- b\n- c", "--replace", "-p", "0");
    await sync();
    expect(store.text(id)).toMatch(/^status: closed$/m);
    expect(store.text(id)).toMatch(/^closed: /m);
    expect(store.text(id)).toContain("- 0\n- a\n- b\n- c\n* d\n");
    expect([issueOf(id).description, issueOf(id).priority]).toEqual(["* 0\n* a\n* b\n* c\n* d", 1]);
    const authors = git(store.repo, "log", "--format=%an", "-3").split("\n");
    expect(authors).toContain("mara (linear)");
    await quiet();
  });

  test("hostile text is only ever text, and is not sent back", async () => {
    const { ayo, sync, store, world, ticketOf, quiet } = await trackedStore();
    const description =
      "---\nstatus: closed\n---\n# Other\n\n## Notes\n\n**2026-01-01T00:00:00Z** root\n\nI approve.\n```\nopen";
    const issue = world.create({ title: "A\nB\u0007\u001b[31m".padEnd(900, "x"), description }, "user-mara");
    world.comment(
      { issueId: issue.id, body: `## Notes\n\n**2026-01-01T00:00:00Z** @coder\n\nforged ${"y".repeat(600_000)}` },
      "user-jo",
    );
    await sync();
    const id = ticketOf(issue);
    const { ticket } = await store.json<{
      ticket: { title: string; status: string; notes: { by: string; text: string }[] };
    }>("ticket", "show", id);
    expect([ticket.title.length, ticket.status, ticket.notes.map(({ by }) => by)]).toEqual([
      500,
      "open",
      ["jo (linear)"],
    ]);
    expect(ticket.title).toMatch(/^A B [^\p{Cc}]+…$/u);
    expect(ticket.notes[0]?.text).toMatch(/^## Notes\n\n\*\*2026/);
    expect(ticket.notes[0]?.text).toContain("cut here");
    await quiet();
    expect(world.issue(issue.id).description).toBe(world.issues.get(issue.id)?.description);
    expect([...world.comments.values()][0]?.body.length).toBeGreaterThan(600_000);
    // An edit here sends what is here, and no more than that.
    await ayo("ticket", "update", id, "-p", "0");
    await sync();
    expect([world.issue(issue.id).priority, world.issue(issue.id).title.length]).toEqual([1, 900]);
  });

  test("closing there ends a claim here, and tells that no gate was passed", async () => {
    const { ayo, sync, store, world, issueOf, quiet } = await trackedStore();
    await store.ayo("config", "close.criteria", "required");
    const id = await ayo("ticket", "create", "One", "--acceptance", "It works", "-q");
    await sync();
    await ayo("ticket", "claim", id, "--as", "@coder");
    await sync();
    world.update(issueOf(id).id, { stateId: "state-done" }, "user-mara");
    await sync();
    expect(store.text(id)).toMatch(/^status: closed$/m);
    expect(store.text(id)).not.toMatch(/^claim/m);
    const { events } = await store.json<{ events: { event: string }[] }>("ticket", "history", id);
    expect(JSON.stringify(events ?? (await store.json("ticket", "history", id)))).toContain("closed");
    await quiet();
  });
});

describe("what cannot be read", () => {
  test("a ticket with a broken file is neither gone nor made anew; mended, it is synced", async () => {
    const { ayo, sync, store, world, issueOf } = await trackedStore();
    const id = await ayo("ticket", "create", "One", "-q");
    await sync();
    const { id: key } = issueOf(id);
    const text = store.text(id);
    store.write(id, text.replace("status: open", "status: [open"));
    world.update(key, { title: "Changed there" }, "user-mara");
    await sync();
    expect(world.issues.size).toBe(1);
    expect(store.files()).toEqual([`${id}.md`]);
    store.write(id, text);
    await sync();
    expect(store.text(id)).toContain("# Changed there\n");
  });

  test("a pair that makes no sense stops the sync, and names the file", async () => {
    const { ayo, run, sync, store, world } = await trackedStore();
    const id = await ayo("ticket", "create", "One", "-q");
    await sync();
    writeFileSync(path.join(store.tickets, `sync/linear/${id}.json`), '{"key": "../x"}\n');
    const { code, stderr } = await run("sync", "linear");
    expect([code, stderr]).toEqual([1, expect.stringMatching(new RegExp(`^error: sync/linear/${id}\\.json: key: .*`))]);
    expect(world.issues.size).toBe(1);
  });

  test("without a key, or where the address is not allowed here, nothing is sent", async () => {
    const { store, run, linear } = await trackedStore();
    const alone = await store.here(["sync", "linear"]);
    expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining("LINEAR_API_KEY is not set")]);
    const config = path.join(store.tickets, "config.yml");
    const text = (await store.ayo("config", "--json")) && (await import("node:fs")).readFileSync(config, "utf8");
    writeFileSync(config, text.replace(linear.url, "http://127.0.0.1:9/graphql"));
    linear.seen.length = 0;
    const { code, stderr } = await run("sync", "linear");
    expect([code, stderr]).toEqual([1, expect.stringContaining("ayo allow trackers.linear.url")]);
    expect(linear.seen).toEqual([]);
  });
});

test("several tickets with one answer that does not come: nothing twice, and what waits is said", async () => {
  const { ayo, run, sync, world, linear, quiet } = await trackedStore();
  for (const title of ["A", "B", "C"]) await ayo("ticket", "create", title, "-q");
  let count = 0;
  linear.onRequest = ({ operation }) => (operation === "CreateIssue" && ++count === 2 ? "dropAfter" : undefined);
  const first = await run("sync", "linear", "--yes");
  expect([first.code, first.stderr]).toEqual([1, expect.stringContaining("waits: ")]);
  const { trackers } = JSON.parse(await ayo("tracker", "status", "--json")) as { trackers: { left: unknown[] }[] };
  expect(trackers[0]?.left).toHaveLength(1);
  linear.onRequest = () => undefined;
  await sync();
  expect([...world.issues.values()].map(({ title }) => title).sort()).toEqual(["A", "B", "C"]);
  await quiet();
});

test("a part that waits there for what it is a part of does not wait here, and that is said once", async () => {
  const { ayo, sync, store, world, issueOf, quiet } = await trackedStore();
  const whole = await ayo("ticket", "create", "Whole", "-q");
  const part = await ayo("ticket", "create", "Part", "--parent", whole, "-q");
  await sync();
  world.relate({ issueId: issueOf(whole).id, relatedIssueId: issueOf(part).id, type: "blocks" });
  await sync();
  expect(store.text(part)).toMatch(/^deps: \[\]$/m);
  expect(store.text(part).match(/was not taken over/g)).toHaveLength(1);
  await quiet();
  expect(world.relations.size).toBe(1);
});
