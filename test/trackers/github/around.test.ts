import { describe, expect, test } from "vitest";
import type { LocalTicket } from "../../../src/trackers/sync/localSide.ts";
import { expectSettled, type Scene, scene } from "../../helpers/github/scene.ts";
import { MemorySide } from "../../helpers/linear/memorySide.ts";

const note = (text: string, over = {}) => ({ at: "2026-01-01T00:00:00Z", by: "Jo", text, isPublic: true, ...over });
const set = ({ side }: Scene, id: string, over: Partial<LocalTicket["fields"]>): void =>
  side.edit(id, ({ fields }) => ({ fields: { ...fields, ...over } }));
const fieldsOf = ({ side }: Scene, id: string) => side.tickets.get(id)?.fields;
const saidIn = ({ side }: Scene, id: string): string[] =>
  (side.tickets.get(id)?.notes ?? []).filter(({ by }) => by === "ayo").map(({ text }) => text);

describe("both sides", () => {
  test("made without an answer, then edited on both: there is one, with both edits", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { title: "mine", description: "- a\n- b" } });
    let isMade = false;
    one.server.onRequest = ({ operation }) => {
      if (isMade) return "500before";
      isMade = operation === "POST /issues";
      return isMade ? "dropAfter" : undefined;
    };
    await one.sync();
    one.server.onRequest = () => undefined;
    const { world } = one.server;
    world.update(1, { body: world.issue(1).body?.replace("- b", "- b, theirs") ?? "" });
    set(one, "mya-a", { title: "mine, edited", description: "- a, mine\n- b" });
    expect((await one.sync()).told).toEqual([]);
    expect([world.issues.size, one.side.tickets.size, one.issueOf("mya-a").title]).toEqual([1, 1, "mine, edited"]);
    expect(fieldsOf(one, "mya-a")?.description).toBe("- a, mine\n- b, theirs");
    await expectSettled(one);
  });

  test("changed without an answer, then again here: no conflict with ourselves", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { title: "1" } });
    await one.sync();
    set(one, "mya-a", { title: "2" });
    one.fail(/^PATCH/, "dropAfter");
    await one.sync();
    set(one, "mya-a", { title: "3" });
    expect((await one.sync()).told).toEqual([]);
    expect(one.issueOf("mya-a").title).toBe("3");
    await expectSettled(one);
  });

  test("an edit there and here while it reads and while it writes is not lost, and not taken for the other's", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { title: "1", description: "- a\n- b" } });
    await one.sync();
    const { world } = one.server;
    set(one, "mya-a", { description: "- a, mine\n- b" });
    let isDone = false;
    one.server.onRequest = ({ operation }) => {
      if (operation === "GET /issues/comments") set(one, "mya-a", { title: "2" });
      // Between our reading and our writing.
      if (operation === "GET /issues/1" && !isDone) {
        isDone = true;
        world.update(1, { body: world.issue(1).body?.replace("- b", "- b, theirs") ?? "" });
      }
      return undefined;
    };
    await one.sync();
    one.server.onRequest = () => undefined;
    await one.sync();
    expect(fieldsOf(one, "mya-a")).toMatchObject({ title: "2", description: "- a, mine\n- b, theirs" });
    expect(one.issueOf("mya-a")).toMatchObject({
      title: "2",
      body: expect.stringMatching(/^- a, mine\n- b, theirs\n/),
    });
    await expectSettled(one);
  });

  test("another machine's issue is that of the ticket, though nothing here knows of it", async () => {
    const one = await scene();
    const other = new MemorySide();
    for (const side of [one.side, other]) side.add("mya-a", { fields: { title: "once" } });
    await one.sync();
    await one.sync({}, other);
    expect([one.server.world.issues.size, [...other.tickets.keys()], other.pairs.get("mya-a")?.key]).toEqual([
      1,
      ["mya-a"],
      "1",
    ]);
    one.server.seen.length = 0;
    await one.sync({}, other);
    expect([one.writes(), other.tickets.get("mya-a")?.notes]).toEqual([[], []]);
    await expectSettled(one);
    // One that is for no tracker stays alone: its text was not read, and would seem to be empty.
    const third = new MemorySide();
    third.add("mya-a", { isPublished: false });
    await one.sync({}, third);
    expect([...third.tickets.keys()]).toEqual(["mya-a", "mya-1"]);
  });

  test("somebody whom the other side does not know stays on his side; of several the first is ours", async () => {
    const one = await scene();
    const { world } = one.server;
    one.side.add("mya-a", { fields: { assignee: "nobody-there" } });
    world.create({ title: "b", assignees: ["mara", "jo"] }, "mara");
    await one.sync();
    expect([one.issueOf("mya-a").assignees, fieldsOf(one, "mya-1")?.assignee]).toEqual([[], "mara"]);
    await expectSettled(one);
    world.update(1, { assignees: ["mara"] });
    await one.sync();
    expect(fieldsOf(one, "mya-1")?.assignee).toBe("mara");
    set(one, "mya-1", { assignee: "nobody-there" });
    await one.sync();
    expect(one.issueOf("mya-1").assignees).toEqual(["mara"]);
    await expectSettled(one);
    world.update(2, { assignees: ["jo"] });
    await one.sync();
    expect(fieldsOf(one, "mya-a")?.assignee).toBe("@coder");
    await expectSettled(one);
  });

  test("another map between two runs changes no ticket by itself", async () => {
    const one = await scene();
    one.side.add("mya-a", { fields: { status: "in_review", assignee: "@coder" } });
    await one.sync();
    one.become({ map: { states: { in_review: "completed" }, people: { "@coder": "mara" } } });
    one.server.seen.length = 0;
    await one.sync({ whole: true });
    expect([one.writes(), one.issueOf("mya-a").state, one.issueOf("mya-a").assignees]).toEqual([[], "open", ["jo"]]);
    await expectSettled(one);
    set(one, "mya-a", { status: "open", assignee: null });
    await one.sync();
    set(one, "mya-a", { status: "in_review", assignee: "@coder" });
    await one.sync();
    expect(one.issueOf("mya-a")).toMatchObject({ state: "closed", reason: "completed", assignees: ["mara"] });
    await expectSettled(one);
  });
});

describe("notes", () => {
  test("without an author and of one second each is its own; what calls somebody is only text", async () => {
    const one = await scene();
    const words = ["@claude see #12", "/close acme/web#3", "/close acme/web#3"];
    one.side.add("mya-a", {
      notes: [...words.map((text) => note(text, { by: null })), note("ours", { isPublic: false })],
    });
    await one.sync();
    const bodies = [...one.server.world.comments.values()].map(({ body }) => body.split("\n")[0]);
    expect(bodies).toEqual(["`@claude` see `#12`", "/close `acme/web#3`", "/close `acme/web#3`"]);
    expect(one.side.tickets.get("mya-a")?.notes.map(({ text }) => text)).toEqual([...words, "ours"]);
    await expectSettled(one);
    await one.sync({ whole: true });
    expect(one.side.tickets.get("mya-a")?.notes).toHaveLength(4);
  });

  test("edited there, here, and on both sides; deleted there it stays here, and goes nowhere any more", async () => {
    const one = await scene();
    const { world } = one.server;
    one.side.add("mya-a", { notes: [note("one"), note("two"), note("three")] });
    await one.sync();
    const [first = 0, second = 0, third = 0] = world.comments.keys();
    const edit = (text: string, to: string): void =>
      one.side.edit("mya-a", ({ notes }) => ({
        notes: notes.map((old) => (old.text === text ? { ...old, text: to } : old)),
      }));
    const bodyOf = (id: number): string => world.comments.get(id)?.body.split("\n")[0] ?? "";
    world.editComment(first, `one, theirs${world.comments.get(first)?.body.slice(3)}`);
    edit("two", "two, mine");
    world.comments.delete(third);
    await one.sync();
    expect([bodyOf(first), bodyOf(second)]).toEqual(["one, theirs", "two, mine"]);
    edit("three", "three, mine");
    edit("one, theirs", "one, mine");
    world.editComment(first, `one, theirs again${world.comments.get(first)?.body.slice("one, theirs".length)}`);
    await one.sync();
    const texts = one.side.tickets
      .get("mya-a")
      ?.notes.filter(({ by }) => by === "Jo")
      .map(({ text }) => text);
    expect([texts?.[2], bodyOf(first), world.comments.size]).toEqual(["three, mine", texts?.[0], 2]);
    await expectSettled(one);
  });

  test("of a locked issue a comment is refused once, and holds nothing back", async () => {
    const one = await scene();
    one.side.add("mya-a");
    await one.sync();
    one.issueOf("mya-a").isLocked = true;
    one.side.edit("mya-a", ({ fields }) => ({ notes: [note("said")], fields: { ...fields, title: "other" } }));
    const { left, stopped } = await one.sync();
    expect([left.map(({ why }) => why), stopped]).toEqual([[expect.stringContaining("issue is locked")], undefined]);
    expect(one.issueOf("mya-a").title).toBe("other");
    await expectSettled(one);
  });
});

describe("tickets among each other", () => {
  test("a dependency and a parent that are not there yet go over when they are", async () => {
    const one = await scene();
    for (const id of ["mya-b", "mya-p"]) one.side.add(id, { isPublished: false });
    one.side.add("mya-a", { deps: ["mya-b"], fields: { parent: "mya-p" } });
    await one.sync();
    expect(one.issueOf("mya-a")).toMatchObject({ parent: null, blockedBy: new Set() });
    for (const id of ["mya-b", "mya-p"]) one.side.edit(id, () => ({ isPublished: true }));
    await one.sync();
    const numbers = ["mya-p", "mya-b"].map((id) => one.issueOf(id).number);
    expect([one.issueOf("mya-a").parent, ...one.issueOf("mya-a").blockedBy]).toEqual(numbers);
    await expectSettled(one, 1);
  });

  test("a relation there that would close a circle here is told, and stays there; a parent moves there", async () => {
    const one = await scene();
    const { world } = one.server;
    for (const id of ["mya-a", "mya-b", "mya-c"]) one.side.add(id);
    await one.sync();
    const [a, b, c] = ["mya-a", "mya-b", "mya-c"].map((id) => one.issueOf(id).number) as [number, number, number];
    one.side.edit("mya-a", () => ({ deps: ["mya-b"] }));
    world.block(b, a);
    await one.sync();
    expect([one.side.tickets.get("mya-a")?.deps, one.side.tickets.get("mya-b")?.deps]).toEqual([["mya-b"], []]);
    expect(saidIn(one, "mya-b")).toEqual([expect.stringContaining("was not taken over")]);
    await expectSettled(one);
    for (const parent of [b, c, null]) {
      world.place(a, parent);
      await one.sync();
      expect(fieldsOf(one, "mya-a")?.parent).toBe(parent === null ? null : parent === b ? "mya-b" : "mya-c");
      await expectSettled(one);
    }
    // Both at once, each under the other: that of the tracker stays.
    set(one, "mya-b", { parent: "mya-c" });
    world.place(c, b);
    await one.sync();
    await one.sync();
    expect([fieldsOf(one, "mya-c")?.parent, fieldsOf(one, "mya-b")?.parent]).toEqual(["mya-b", null]);
    expect([one.issueOf("mya-c").parent, one.issueOf("mya-b").parent]).toEqual([b, null]);
    await expectSettled(one);
  });
});
