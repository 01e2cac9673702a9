import { describe, expect, test } from "vitest";
import type { LocalTicket } from "../../../src/trackers/sync/localSide.ts";
import { expectQuiet, expectSettled, type Scene, saidIn, scene } from "../../helpers/linear/scene.ts";

const note = (text: string, over: object = {}) => ({
  ...{ at: "2026-01-01T00:00:00Z", by: "Jo", text, isPublic: true },
  ...over,
});
const set = ({ side }: Scene, id: string, fields: Partial<LocalTicket["fields"]>): void =>
  side.edit(id, (ticket) => ({ fields: { ...ticket.fields, ...fields } }));
const bodies = ({ server }: Scene): string[] => [...server.world.comments.values()].map(({ body }) => body);
const texts = ({ side }: Scene, id: string): string[] =>
  (side.tickets.get(id)?.notes ?? []).filter(({ isPublic }) => isPublic).map(({ text }) => text);
const editNote = ({ side }: Scene, id: string, from: string, to: string): void =>
  side.edit(id, ({ notes }) => ({ notes: notes.map((one) => (one.text === from ? { ...one, text: to } : one)) }));

describe("comments", () => {
  test("edited there, edited here, edited on both sides: one comment, one note", async () => {
    const one = await scene();
    one.side.add("mya-a", { notes: [note("a"), note("b"), note("c")] });
    await one.sync();
    const [a, , c] = [...one.server.world.comments.values()];
    one.server.world.editComment(a?.id ?? "", "a there");
    editNote(one, "mya-a", "b", "b here");
    one.server.world.editComment(c?.id ?? "", "c there");
    editNote(one, "mya-a", "c", "c here");
    one.server.seen.length = 0;
    await one.sync();
    expect(bodies(one)).toEqual(["a there", "b here", "c there"]);
    expect(texts(one, "mya-a")).toEqual(bodies(one));
    expect(saidIn(one, "mya-a")).toEqual([
      "a comment was changed on both sides; the tracker's stays. Here it was:\n\n> c here",
    ]);
    expect(one.writes()).toEqual(["UpdateComment"]);
    await expectSettled(one);
    // And while ours is on its way: what was written there meanwhile is not written over.
    editNote(one, "mya-a", "a there", "a here");
    let isDone = false;
    one.server.onRequest = ({ operation, variables }) => {
      const isLook = operation === "ChangedComments" && JSON.stringify(variables).includes('"in"');
      if (isLook && !isDone) one.server.world.editComment(a?.id ?? "", "a there again");
      isDone ||= isLook;
      return undefined;
    };
    await one.sync();
    expect([bodies(one)[0], texts(one, "mya-a")[0]]).toEqual(["a there again", "a there again"]);
    expect(saidIn(one, "mya-a").at(-1)).toContain("> a here");
    await expectSettled(one);
  });

  test("deleted there: the note stays, and goes nowhere any more; one that was made there is changed by nobody here", async () => {
    const one = await scene();
    one.side.add("mya-a", { notes: [note("mine")] });
    await one.sync();
    const [mine] = one.server.world.comments.values();
    one.server.world.comment({ issueId: one.issueOf("mya-a").id, body: "theirs" }, "user-mara");
    one.server.world.deleteComment(mine?.id ?? "");
    await one.sync();
    expect(texts(one, "mya-a")).toEqual(["mine", "theirs"]);
    await expectSettled(one);
    editNote(one, "mya-a", "mine", "mine, edited");
    editNote(one, "mya-a", "theirs", "theirs, edited here");
    one.server.seen.length = 0;
    await one.sync();
    expect([one.writes(), bodies(one)]).toEqual([[], ["mine", "theirs"]]);
    await expectSettled(one);
  });

  test("notes without an author and of one second are each their own; what calls a command or an agent there is only text", async () => {
    const one = await scene();
    const words = ["@claude see #12", "/close", "/close"];
    one.side.add("mya-a", {
      notes: [...words.map((text) => note(text, { by: null })), note("not for others", { isPublic: false })],
    });
    await one.sync();
    expect(bodies(one)).toEqual(["`@claude` see #12", "/close", "/close"]);
    expect(texts(one, "mya-a")).toEqual(words);
    await expectSettled(one);
    await one.sync({ whole: true });
    expect(one.side.tickets.get("mya-a")?.notes).toHaveLength(4);
    await expectSettled(one);
  });
});

describe("tickets among each other", () => {
  test("a parent here that has no item is sent when it has one", async () => {
    const one = await scene();
    one.side.add("mya-a", { isPublished: false });
    one.side.add("mya-b", { fields: { parent: "mya-a" } });
    await one.sync();
    expect([one.issueOf("mya-b").parent, one.side.tickets.get("mya-b")?.fields.parent]).toEqual([null, "mya-a"]);
    await expectSettled(one);
    await one.sync({ publish: ["mya-a"] });
    expect(one.issueOf("mya-b").parent).toBe(one.issueOf("mya-a").id);
    await expectSettled(one);
  });

  test("a parent that the tracker refuses as a circle is told once, and set when it is none any more", async () => {
    const one = await scene();
    for (const id of ["mya-a", "mya-b"]) one.side.add(id);
    await one.sync();
    const [a, b] = [one.issueOf("mya-a"), one.issueOf("mya-b")];
    set(one, "mya-a", { parent: "mya-b" });
    one.fail("UpdateIssue", "refused", () => one.server.world.update(b.id, { parentId: a.id }, "user-mara"));
    expect((await one.sync()).told.map(({ text }) => text)).toEqual(["parent was refused: Linear: title is too long"]);
    await expectQuiet(one);
    one.server.world.update(b.id, { parentId: null }, "user-mara");
    set(one, "mya-a", { parent: "mya-b" });
    await one.sync();
    expect([a.parent, one.side.tickets.get("mya-a")?.fields.parent]).toEqual([b.id, "mya-b"]);
    await expectSettled(one);
  });

  test("a parent moves there: to another, to none, to one that is elsewhere, and to one that comes later", async () => {
    const one = await scene();
    for (const id of ["mya-a", "mya-b"]) one.side.add(id);
    one.side.add("mya-c", { fields: { parent: "mya-a" } });
    await one.sync();
    const { world } = one.server;
    const child = one.issueOf("mya-c");
    expect(child.parent).toBe(one.issueOf("mya-a").id);
    const parentAfter = async (parentId: string | null): Promise<unknown> => {
      world.update(child.id, { parentId }, "user-mara");
      one.server.seen.length = 0;
      await one.sync();
      expect(one.writes()).toEqual([]);
      await expectSettled(one);
      return one.side.tickets.get("mya-c")?.fields.parent;
    };
    expect(await parentAfter(one.issueOf("mya-b").id)).toBe("mya-b");
    expect(await parentAfter(null)).toBeNull();
    const elsewhere = world.create({ title: "elsewhere", teamId: "team-ops" }, "user-mara");
    expect(await parentAfter(elsewhere.id)).toBeNull();
    expect(child.parent).toBe(elsewhere.id);
    Object.assign(elsewhere, { team: "team-eng" });
    world.update(elsewhere.id, { title: "here now" }, "user-mara");
    await one.sync();
    expect(one.side.tickets.get("mya-c")?.fields.parent).toBe(one.side.idFor(elsewhere.id));
    await expectSettled(one);
  });
});

describe("what cannot be changed here", () => {
  test("an archived ticket, or a file that nobody can read, is left alone, and catches up when it is back", async () => {
    const one = await scene();
    const { world } = one.server;
    one.side.add("mya-a", { fields: { description: "- a" } });
    one.side.add("mya-b", { deps: ["mya-a"] });
    await one.sync();
    const issue = one.issueOf("mya-a");
    one.side.put("mya-a", "away");
    expect((await one.sync()).told).toEqual([]);
    await expectSettled(one);
    world.update(issue.id, { title: "changed there", stateId: "state-done" }, "user-mara");
    world.comment({ issueId: issue.id, body: "said there" }, "user-mara");
    world.relate({
      issueId: one.issueOf("mya-b").id,
      relatedIssueId: world.create({ title: "c" }, "user-mara").id,
      type: "blocks",
    });
    one.server.seen.length = 0;
    expect((await one.sync()).told).toEqual([]);
    expect([one.writes(), one.side.pairs.get("mya-a")?.state]).toEqual([[], "linked"]);
    await expectSettled(one);
    // Hours later, when nobody reads of it any more.
    world.time += 7_200_000;
    world.comment({ issueId: world.create({ title: "later" }, "user-mara").id, body: "later" }, "user-mara");
    await one.sync();
    await one.sync();
    one.side.put("mya-a", "back");
    set(one, "mya-a", { priority: 0 });
    await one.sync();
    expect(one.side.tickets.get("mya-a")?.fields).toMatchObject({
      title: "changed there",
      status: "closed",
      priority: 0,
    });
    expect(texts(one, "mya-a")).toEqual(["said there"]);
    expect([issue.title, issue.priority]).toEqual(["changed there", 1]);
    await expectSettled(one);
  });

  test("purged there while it is away: told once, and not made again", async () => {
    const one = await scene();
    one.side.add("mya-a");
    await one.sync();
    one.side.put("mya-a", "away");
    one.server.world.shelve(one.issueOf("mya-a").id, "purge");
    const { told } = await one.sync({ whole: true });
    expect(told.map(({ text }) => text)).toEqual([
      "ENG-1 is not there any more: this ticket stays, and is not synced any more",
    ]);
    one.side.put("mya-a", "back");
    one.server.seen.length = 0;
    await one.sync();
    expect([one.writes(), one.server.world.issues.size]).toEqual([[], 0]);
    await expectSettled(one);
  });

  test("an edit here while it reads and while it writes is not lost, and not taken for theirs", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { title: "1", description: "- a" } });
    await one.sync();
    const issue = one.issueOf("mya-a");
    one.server.world.update(issue.id, { title: "there" }, "user-mara");
    set(one, "mya-a", { description: "- b" });
    one.server.onRequest = ({ operation }) => {
      if (operation === "ChangedRelations") set(one, "mya-a", { title: "2" });
      if (operation === "UpdateIssue") set(one, "mya-a", { priority: 0 });
      return undefined;
    };
    await one.sync();
    one.server.onRequest = () => undefined;
    expect(saidIn(one, "mya-a")).toEqual(["title was changed on both sides; that of ENG-1 stays. Here it was: 2"]);
    expect(issue.priority).toBe(3);
    await one.sync();
    expect(issue).toMatchObject({ title: "there", description: "* b", priority: 1 });
    expect(one.side.tickets.get("mya-a")?.fields).toMatchObject({ title: "there", description: "- b", priority: 0 });
    await expectQuiet(one);
  });
});

test("nothing but what is synced is ever sent: no project, no delegate, nobody's claim", async () => {
  const one = await scene();
  one.side.add("mya-a", { labels: ["bug"], notes: [note("a")], deps: ["mya-b"], isClaimed: true });
  one.side.add("mya-b", { fields: { parent: "mya-a" } });
  await one.sync();
  set(one, "mya-a", { title: "b", assignee: "@coder", status: "closed", priority: 0, description: "c", parent: null });
  await one.sync();
  const inputs = one.server.seen.flatMap(({ variables }) => Object.keys((variables.input ?? {}) as object));
  expect([...new Set(inputs)].sort()).toEqual([
    ...["assigneeId", "body", "description", "id", "issueId", "labelIds", "parentId", "priority", "relatedIssueId"],
    ...["stateId", "teamId", "title", "type"],
  ]);
  expect(JSON.stringify(one.server.seen)).not.toMatch(/project|delegate|claim|cycle/i);
  await expectQuiet(one);
});
