import { describe, expect, test } from "vitest";
import { expectQuiet, expectSettled, scene } from "../../helpers/linear/scene.ts";
import type { Mishap } from "../../helpers/linear/server.ts";

describe("the process ends", () => {
  // Two changes of the store before a create is sent: what came in, the journal; one after it: the answer.
  test.each([0, 1, 2, 3, 4, 5])("at point %i of a run that makes an item", async (point) => {
    const one = await scene();
    one.side.add("mya-a", { fields: { title: "mine" } });
    let at = 0;
    one.side.onChange = () => {
      if (at++ === point) throw new Error("crash");
    };
    await expect(one.sync()).rejects.toThrow("crash");
    one.side.onChange = () => undefined;
    const sent = one.writes().length;
    expect([sent, one.server.world.issues.size]).toEqual(point < 4 ? [0, 0] : [1, 1]);
    expect(one.side.pairs.get("mya-a")?.state).toBe(
      [undefined, undefined, undefined, "creating", "creating", "linked"][point],
    );
    one.server.seen.length = 0;
    await one.sync();
    expect([...one.server.world.issues.values()]).toMatchObject([{ title: "mine" }]);
    expect(one.side.tickets.size).toBe(1);
    expect(one.writes()).toEqual(point < 4 ? ["CreateIssue"] : []);
    await expectSettled(one);
  });
});

describe("clocks", () => {
  test.each([-2, 2])("ours is %i hours away: nothing is missed, doubled or out of order", async (hours) => {
    const one = await scene();
    const { world } = one.server;
    one.become({ now: () => world.time + hours * 3_600_000 });
    const ours = (): string => new Date(world.time + hours * 3_600_000).toISOString().replace(/\.\d+/, "");
    one.side.add("mya-a", { notes: [{ at: ours(), by: "Jo", text: "first", isPublic: true }] });
    await one.sync();
    world.time += 60_000;
    world.comment({ issueId: one.issueOf("mya-a").id, body: "second" }, "user-mara");
    world.create({ title: "theirs" }, "user-mara");
    await one.sync();
    world.time += 60_000;
    const last = one.side.tickets.get("mya-a")?.notes.at(-1)?.at ?? "";
    const third = { at: ours() < last ? last : ours(), by: "Jo", text: "third", isPublic: true };
    one.side.edit("mya-a", ({ notes }) => ({ notes: [...notes, third] }));
    await one.sync();
    const notes = one.side.tickets.get("mya-a")?.notes ?? [];
    expect(notes.map(({ text }) => text)).toEqual(["first", "second", "third"]);
    expect([...notes].map(({ at }) => at).sort()).toEqual(notes.map(({ at }) => at));
    expect([...world.comments.values()].map(({ body }) => body)).toEqual(["first", "second", "third"]);
    expect([one.side.tickets.size, world.issues.size]).toEqual([2, 2]);
    await expectSettled(one);
  });

  test("items of one and the same moment at the edge of a page, and one more at the cursor", async () => {
    const one = await scene();
    const { world } = one.server;
    const { time } = world;
    const create = (title: string): void => {
      world.time = time;
      world.create({ title }, "user-mara");
    };
    for (let n = 0; n < 251; n++) create(`t${n}`);
    await one.sync({ overlap: 0 });
    expect(one.side.tickets.size).toBe(251);
    create("late");
    one.server.seen.length = 0;
    await one.sync({ overlap: 0 });
    expect(one.side.tickets.size).toBe(252);
    expect(one.server.seen).toHaveLength(5);
    await one.sync({ overlap: 0 });
    expect([one.writes(), one.side.tickets.size]).toEqual([[], 252]);
  });
});

test("no answer, and then a person's change, all in the moment in which the item was made: no conflict", async () => {
  const one = await scene();
  one.side.add("mya-a");
  await one.sync();
  const { id, updatedAt } = one.issueOf("mya-a");
  const again = (): void => {
    one.server.world.time = updatedAt - 1;
  };
  one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "ours" } }));
  one.fail("UpdateIssue", "dropAfter", again);
  await one.sync();
  expect(one.issueOf("mya-a")).toMatchObject({ title: "ours", updatedAt });
  again();
  one.server.world.update(id, { title: "theirs" }, "user-mara");
  expect((await one.sync()).told).toEqual([]);
  expect(one.side.tickets.get("mya-a")?.fields.title).toBe("theirs");
  await expectSettled(one);
});

describe("what is not let through", () => {
  test.each<readonly [Mishap, string]>([
    ["401", "auth"],
    ["forbidden", "auth"],
  ])("a key that does not serve any more in mid-run (%s) ends it, and nothing is lost", async (mishap, fault) => {
    const one = await scene();
    for (const id of ["mya-a", "mya-b"]) one.side.add(id);
    one.server.world.create({ title: "theirs" }, "user-mara");
    one.fail("CreateIssue", mishap);
    const { stopped, left } = await one.sync();
    expect([stopped?.fault, left.length, one.writes()]).toEqual([fault, 2, ["CreateIssue"]]);
    expect([one.side.tickets.size, one.server.world.issues.size]).toEqual([3, 1]);
    const { commits } = one.side;
    one.server.onRequest = ({ operation }) => (operation === "ChangedComments" ? mishap : undefined);
    await expect(one.sync()).rejects.toMatchObject({ fault });
    expect(one.side.commits).toBe(commits);
    one.server.onRequest = () => undefined;
    await one.sync();
    expect(one.server.world.issues.size).toBe(3);
    await expectSettled(one);
  });

  test("what is refused of one ticket holds no other back, and is told and sent once", async () => {
    const one = await scene();
    for (const id of ["mya-a", "mya-b", "mya-c"]) one.side.add(id);
    await one.sync();
    for (const id of ["mya-a", "mya-b"])
      one.side.edit(id, ({ fields }) => ({ fields: { ...fields, title: `${id}!` } }));
    one.side.add("mya-d");
    one.server.onRequest = ({ variables }) => {
      const { title } = (variables.input ?? {}) as { title?: string };
      return title === "mya-a!" || title === "mya-d" ? "refused" : undefined;
    };
    expect((await one.sync()).told.map(({ id, text }) => [id, text])).toEqual([
      ["mya-a", "title was refused: Linear: title is too long"],
      ["mya-d", "create was refused: Linear: title is too long"],
    ]);
    expect(one.issueOf("mya-b").title).toBe("mya-b!");
    await expectSettled(one);
    one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "short" } }));
    one.side.edit("mya-d", ({ fields }) => ({ fields: { ...fields, title: "short too" } }));
    await one.sync();
    expect([one.issueOf("mya-a").title, one.issueOf("mya-d").title]).toEqual(["short", "short too"]);
    await expectQuiet(one);
  });

  test("a limit while it reads again after it wrote: what was done is told, and stays done", async () => {
    const one = await scene();
    one.side.add("mya-a", { labels: ["big", "small"] });
    one.server.onRequest = ({ operation }) =>
      operation === "Changed" && one.writes().length > 0 ? "ratelimited" : undefined;
    const { stopped, writes, left } = await one.sync();
    expect([stopped?.fault, writes.map(({ kind }) => kind)]).toEqual(["limit", []]);
    expect(left).toEqual([
      { id: "mya-a", why: "new item was refused: Linear: labels of one group exclude each other" },
    ]);
    expect(one.side.pairs.get("mya-a")?.plain).toBe(true);
    one.server.onRequest = () => undefined;
    await one.sync();
    expect([...one.server.world.issues.values()]).toMatchObject([{ title: "mya-a", priority: 3 }]);
    await expectSettled(one);
  });

  test("a full workspace is asked once in a run; what changes goes on", async () => {
    const one = await scene();
    one.side.add("mya-0");
    await one.sync();
    for (const id of ["mya-a", "mya-b", "mya-c"]) one.side.add(id);
    one.side.edit("mya-0", ({ fields }) => ({ fields: { ...fields, title: "changed" } }));
    one.server.seen.length = 0;
    one.server.onRequest = ({ operation }) => (operation === "CreateIssue" ? "quota" : undefined);
    const { left, stopped } = await one.sync();
    expect([left.map(({ id }) => id), stopped]).toEqual([["mya-a", "mya-b", "mya-c"], undefined]);
    expect(left[2]?.why).toContain("usage limit");
    expect(one.writes()).toEqual(["CreateIssue", "UpdateIssue"]);
    expect(one.issueOf("mya-0").title).toBe("changed");
    one.server.onRequest = () => undefined;
    await one.sync();
    expect(one.server.world.issues.size).toBe(4);
    await expectSettled(one);
  });
});
