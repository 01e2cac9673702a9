import { describe, expect, test } from "vitest";
import { expectQuiet, type Scene, scene } from "../../helpers/linear/scene.ts";

const told = async (doing: Promise<{ readonly told: readonly { readonly text: string }[] }>): Promise<string[]> =>
  (await doing).told.map(({ text }) => text);
const note = (text: string) => ({ at: "2026-09-01T00:00:00Z", by: null, text, isPublic: true });
const titles = ({ server }: Scene): string[] => [...server.world.issues.values()].map(({ title }) => title).sort();

describe("publish", () => {
  test("a ticket that nobody publishes gets an item when it is wanted, and only once", async () => {
    const one = await scene();
    one.side.add("mya-a", { isPublished: false });
    one.side.add("mya-b", { isPublished: false });
    await expectQuiet(one);
    expect(titles(one)).toEqual([]);
    const dry = await one.sync({ publish: ["mya-a"], dryRun: true });
    expect(dry.requests.map(({ operation }) => operation)).toEqual(["CreateIssue"]);
    expect([titles(one), one.side.commits]).toEqual([[], 0]);
    expect(await told(one.sync({ publish: ["mya-a"] }))).toEqual([]);
    expect(await told(one.sync({ publish: ["mya-a", "mya-z"] }))).toEqual([
      "mya-a is ENG-1 already",
      "mya-z is no ticket that can be published",
    ]);
    expect(titles(one)).toEqual(["mya-a"]);
    await expectQuiet(one);
  });

  test("what was wanted once is made by the next sync where it was refused for a time", async () => {
    const one = await scene();
    one.side.add("mya-a", { isPublished: false });
    one.fail("CreateIssue", "ratelimited");
    expect((await one.sync({ publish: ["mya-a"] })).left).toMatchObject([{ id: "mya-a" }]);
    expect((await one.sync()).left).toEqual([]);
    expect(titles(one)).toEqual(["mya-a"]);
    await expectQuiet(one);
  });

  test("many at once are asked about, and nothing is kept of what was not meant; what came is told", async () => {
    const one = await scene();
    const ids = Array.from({ length: 30 }, (_, n) => `mya-${n}`);
    for (const id of ids) one.side.add(id, { isPublished: false });
    one.side.add("mya-gone");
    await one.sync();
    one.side.tickets.delete("mya-gone");
    const data = { what: "this would make 30 items and change 0.", told: [{ id: "mya-gone" }] };
    await expect(one.sync({ publish: ids })).rejects.toMatchObject({ code: "needs_confirmation", data });
    await expectQuiet(one);
    expect([titles(one), [...one.side.pairs.keys()]]).toEqual([["mya-gone"], ["mya-gone"]]);
  });

  test("after an unlink there is a new item; the old one stays out, whatever becomes of it", async () => {
    const one = await scene();
    one.side.add("mya-a", { notes: [note("said")], deps: ["mya-b"] });
    one.side.add("mya-b");
    await one.sync();
    const old = one.issueOf("mya-a").id;
    await one.sync({ unlink: ["mya-a"] });
    await one.sync({ publish: ["mya-a"] });
    expect(one.issueOf("mya-a").id).not.toBe(old);
    expect(titles(one)).toEqual(["mya-a", "mya-a", "mya-b"]);
    expect(one.server.world.comments.size).toBe(2);
    expect([...one.server.world.relations.values()]).toHaveLength(2);
    one.server.world.update(old, { title: "old and changed" }, "user-mara");
    one.server.world.comment({ issueId: old, body: "on the old one" }, "user-mara");
    await one.sync({ whole: true });
    expect(one.side.tickets.size).toBe(2);
    expect(one.side.tickets.get("mya-a")).toMatchObject({ fields: { title: "mya-a" }, deps: ["mya-b"] });
    expect(await told(one.sync({ take: [old] }))).toEqual(["ENG-1 was the item of mya-a, which has another one now"]);
    await expectQuiet(one);
  });

  test("an item that was purged gets a successor, with an id of its own", async () => {
    const one = await scene();
    one.side.add("mya-a");
    await one.sync();
    one.server.world.shelve(one.issueOf("mya-a").id, "purge");
    await one.sync({ whole: true });
    expect(one.side.pairs.get("mya-a")?.state).toBe("detached");
    one.fail("CreateIssue", "dropAfter");
    await one.sync({ publish: ["mya-a"] });
    await one.sync();
    expect(titles(one)).toEqual(["mya-a"]);
    expect(one.side.pairs.get("mya-a")).toMatchObject({ state: "linked", generation: 1 });
    await expectQuiet(one);
  });
});

describe("unlink and take", () => {
  test("an unlinked pair goes its own ways, told once, not taken in again by a whole pass", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { title: "1" } });
    await one.sync();
    const issue = one.issueOf("mya-a");
    expect(await told(one.sync({ unlink: ["mya-a", "mya-z"] }))).toEqual([
      "ENG-1 and this ticket are not synced any more; both stay as they are",
      "mya-z is not linked",
    ]);
    one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "here" } }));
    one.server.world.update(issue.id, { title: "there" }, "user-mara");
    one.server.world.comment({ issueId: issue.id, body: "there" }, "user-mara");
    one.server.seen.length = 0;
    for (const whole of [false, true]) expect(await told(one.sync({ whole }))).toEqual([]);
    expect([one.writes(), issue.title, one.side.tickets.size]).toEqual([[], "there", 1]);
    expect(one.side.tickets.get("mya-a")).toMatchObject({ fields: { title: "here" }, notes: [{ isPublic: false }] });
    await expectQuiet(one);
  });

  test("linked again, both sides are merged field by field, nothing is doubled or lost", async () => {
    const one = await scene();
    one.side.add("mya-a", {
      fields: { title: "1", description: "- a\n- b\n- c" },
      notes: [note("before")],
      labels: ["bug"],
      deps: ["mya-b"],
    });
    one.side.add("mya-b");
    await one.sync();
    const issue = one.issueOf("mya-a");
    one.server.world.comment({ issueId: issue.id, body: "theirs before" }, "user-mara");
    await one.sync();
    await one.sync({ unlink: ["mya-a"] });
    one.side.edit("mya-a", (ticket) => ({
      fields: { ...ticket.fields, title: "here", priority: 0, description: "- A\n- b\n- c" },
      labels: ["ui"],
      notes: [...ticket.notes, { ...note("meanwhile here"), at: "2026-09-02T00:00:00Z" }],
    }));
    const change = {
      title: "there",
      stateId: "state-done",
      description: "* a\n* b\n* C",
      addedLabelIds: ["label-api"],
    };
    one.server.world.update(issue.id, change, "user-mara");
    one.server.world.comment({ issueId: issue.id, body: "meanwhile there" }, "user-mara");
    // Time goes on, and others' things move the cursors.
    one.server.world.time += 3_600_000;
    const other = one.server.world.create({ title: "other" }, "user-mara");
    one.server.world.comment({ issueId: other.id, body: "other" }, "user-mara");
    await one.sync();
    one.server.seen.length = 0;
    await one.sync({ take: [issue.id] });
    const ticket = one.side.tickets.get("mya-a");
    expect(ticket?.fields).toMatchObject({
      title: "there",
      status: "closed",
      priority: 0,
      description: "- A\n- b\n* C",
    });
    expect(issue).toMatchObject({ title: "there", priority: 1, description: "* A\n* b\n* C" });
    expect([...(ticket?.labels ?? [])].sort()).toEqual(["api", "ui"]);
    expect(issue.labels).toEqual(new Set(["label-api", "label-ui"]));
    const bodies = [...one.server.world.comments.values()]
      .filter((one2) => one2.issue === issue.id)
      .map(({ body }) => body);
    expect(bodies).toEqual(["before", "theirs before", "meanwhile there", "meanwhile here"]);
    expect(
      ticket?.notes
        .filter(({ isPublic }) => isPublic)
        .map(({ text }) => text)
        .sort(),
    ).toEqual([...bodies].sort());
    expect(ticket?.notes.filter(({ isPublic }) => !isPublic).map(({ text }) => text)).toEqual([
      "ENG-1 and this ticket are not synced any more; both stay as they are",
      "ENG-1 and this ticket are synced again",
      "title was changed on both sides; that of ENG-1 stays. Here it was: here",
    ]);
    expect([...one.server.world.relations.values()]).toHaveLength(1);
    expect(one.writes()).toEqual(["UpdateIssue", "CreateComment"]);
    await expectQuiet(one);
  });

  test("an item is taken in by its key: also one whose ticket was deleted, or that is archived; not one of another team", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { title: "deleted here" }, notes: [note("said")] });
    await one.sync();
    const deleted = one.issueOf("mya-a").id;
    const { id: archived } = one.server.world.create({ title: "archived" }, "user-mara");
    const { id: moved } = one.server.world.create({ title: "moved" }, "user-mara");
    one.server.world.shelve(archived, "archive");
    one.server.world.shelve(moved, "move");
    one.side.tickets.delete("mya-a");
    await one.sync();
    expect(one.side.tickets.size).toBe(0);
    const none = "0b7c5e6a-1f52-4c1e-9a55-000000000001";
    expect((await told(one.sync({ take: [deleted, archived, moved, none] }))).sort()).toEqual([
      "OPS-4 was moved elsewhere: it is not taken in",
      "mya-a was deleted here, and is made again of ENG-1",
      `there is no item ${none}`,
    ]);
    expect(new Map([...one.side.tickets].map(([id, { fields }]) => [fields.title, id]))).toEqual(
      new Map([
        ["deleted here", "mya-a"],
        ["archived", one.side.idFor(archived)],
      ]),
    );
    expect(one.side.tickets.get("mya-a")?.notes.map(({ text }) => text)).toEqual(["said"]);
    expect(await told(one.sync({ take: [deleted] }))).toEqual(["ENG-1 is mya-a already"]);
    await expectQuiet(one);
  });

  test("an item whose pair was lost meets its ticket again, and what gives way is told", async () => {
    const one = await scene();
    const { id } = one.server.world.create({ title: "a", description: "- one" }, "user-mara");
    await one.sync();
    const ticket = one.side.idFor(id);
    one.side.pairs.delete(ticket);
    one.side.edit(ticket, ({ fields }) => ({
      key: id,
      fields: { ...fields, title: "b", description: "- one\n- mine" },
    }));
    await one.sync({ whole: true });
    expect(one.side.tickets.size).toBe(1);
    const { title, description } = one.server.world.issue(id);
    expect([title, one.side.tickets.get(ticket)?.fields.title]).toEqual(["a", "a"]);
    expect(description).toBe("* one\n* mine");
    expect(one.side.tickets.get(ticket)?.notes.map(({ text }) => text)).toEqual([
      "title was changed on both sides; that of ENG-1 stays. Here it was: b",
    ]);
    await expectQuiet(one);
  });
});

test("an item takes no ticket that is another's", async () => {
  const one = await scene();
  const { id } = one.server.world.create({ title: "theirs" }, "user-mara");
  one.side.idFor = (_, isTaken = () => false) => (isTaken("mya-a") ? "mya-b" : "mya-a");
  one.side.add("mya-a", { fields: { title: "mine" }, isPublished: false });
  await one.sync();
  expect([...one.side.tickets].map(([name, { fields }]) => [name, fields.title])).toEqual([
    ["mya-a", "mine"],
    ["mya-b", "theirs"],
  ]);
  expect(one.side.pairs.get("mya-b")?.key).toBe(id);
  await expectQuiet(one);
  one.server.world.create({ title: "one more" }, "user-mara");
  expect(await told(one.sync())).toEqual([
    "ENG-2 was not taken in: its ticket would be called mya-b, which is another's",
  ]);
  expect(one.side.tickets.size).toBe(2);
});

test("progress is heard of: what was read, then of how much was sent; the journal is made safe before anything is made", async () => {
  const one = await scene();
  for (let n = 0; n < 260; n++) one.server.world.create({ title: `t${n}` }, "user-mara");
  for (const id of ["mya-a", "mya-b"]) one.side.add(id);
  const heard: string[] = [];
  one.side.journalled = async () => {
    heard.push(`journal, ${one.writes().length} sent, ${one.side.pairs.get("mya-a")?.state}`);
  };
  await one.sync({ onProgress: (done, total, what) => heard.push(`${what} ${done} of ${total ?? "?"}`) });
  expect(heard).toEqual([
    ...["read 250 of ?", "read 260 of ?", "read 260 of ?", "read 260 of ?"],
    ...["journal, 0 sent, creating", "sent 1 of 2", "sent 2 of 2"],
  ]);
  heard.length = 0;
  one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "changed" } }));
  await one.sync();
  expect(heard).toEqual([]);
  await expectQuiet(one);
});
