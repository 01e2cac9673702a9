import { describe, expect, test } from "vitest";
import { expectSettled, type Scene, scene } from "../../helpers/linear/scene.ts";

const DONE = "state-done";
const set = ({ side }: Scene, id: string, over: object): void =>
  side.edit(id, ({ fields }) => ({ fields: { ...fields, ...over } }));

/** A tracker with rules of its own: nothing is done before what it waits for, nor before its parts. */
async function strictScene(): Promise<Scene> {
  const one = await scene();
  const { world } = one.server;
  const isOpen = (id: string): boolean => world.issues.get(id)?.state !== DONE;
  one.server.onRequest = ({ operation, variables }) => {
    const { id = "", input = {} } = variables as { id?: string; input?: { stateId?: string } };
    if (operation !== "UpdateIssue" || input.stateId !== DONE) return undefined;
    const blockers = [...world.relations.values()].filter(({ relatedIssue }) => relatedIssue === id);
    const parts = [...world.issues.values()].filter(({ parent }) => parent === id);
    return [...blockers.map(({ issue }) => issue), ...parts.map((part) => part.id)].some(isOpen)
      ? "refused"
      : undefined;
  };
  return one;
}

describe("what a tracker refuses because of another item", () => {
  test("is sent once more in the same run, when the other one is there", async () => {
    const one = await strictScene();
    one.side.add("mya-a", { deps: ["mya-b"] });
    one.side.add("mya-b", { deps: ["mya-c"] });
    one.side.add("mya-c");
    one.side.add("mya-p");
    one.side.add("mya-q", { fields: { parent: "mya-p" } });
    await one.sync();
    for (const id of one.side.tickets.keys()) set(one, id, { status: "closed", title: `${id}, done` });
    const { left, told } = await one.sync();
    expect([left, told]).toEqual([[], []]);
    for (const id of one.side.tickets.keys())
      expect(one.issueOf(id)).toMatchObject({ state: DONE, title: `${id}, done` });
    await expectSettled(one);
  });

  test("waits, and is sent when something became of the other one: here, there, or of the relation", async () => {
    const one = await strictScene();
    one.side.add("mya-a", { deps: ["mya-w"] });
    one.side.add("mya-b", { deps: ["mya-x"] });
    one.side.add("mya-c", { deps: ["mya-y"] });
    one.side.add("mya-p");
    one.side.add("mya-z", { fields: { parent: "mya-p" } });
    for (const id of ["mya-w", "mya-x", "mya-y"]) one.side.add(id);
    await one.sync();
    const waiting = ["mya-a", "mya-b", "mya-c", "mya-p"];
    for (const id of waiting) set(one, id, { status: "closed" });
    expect((await one.sync()).left.map(({ id }) => id)).toEqual(waiting);
    await expectSettled(one);
    set(one, "mya-w", { status: "closed" });
    one.side.edit("mya-c", () => ({ deps: [] }));
    expect((await one.sync()).left).toEqual([]);
    expect(waiting.map((id) => one.issueOf(id).state === DONE)).toEqual([true, false, true, false]);
    await expectSettled(one);
    for (const id of ["mya-x", "mya-z"]) one.server.world.update(one.issueOf(id).id, { stateId: DONE }, "user-mara");
    expect((await one.sync()).left).toEqual([]);
    expect(waiting.map((id) => one.issueOf(id).state)).toEqual(waiting.map(() => DONE));
    await expectSettled(one);
  });
});

test("what a tracker takes without a word and leaves as it was is told as refused, once; the rest is done", async () => {
  const one = await scene();
  const { world } = one.server;
  const update = world.update.bind(world);
  world.update = (id, { stateId: _, ...input }, by) => update(id, input, by);
  one.side.add("mya-a");
  await one.sync();
  set(one, "mya-a", { status: "closed", title: "a!" });
  const { left, told } = await one.sync();
  expect(left).toEqual([{ id: "mya-a", why: "status was refused: ENG-1 keeps it as it was" }]);
  expect(told.map(({ text }) => text)).toEqual(["status was refused: ENG-1 keeps it as it was"]);
  expect(one.issueOf("mya-a").title).toBe("a!");
  await expectSettled(one);
  world.update = update;
  expect((await one.sync({ again: true })).left).toEqual([]);
  expect(one.issueOf("mya-a").state).toBe(DONE);
  await expectSettled(one);
});

test("where somebody was quicker and ours did not count, both sides have his, and ours is told", async () => {
  const one = await scene();
  const { world } = one.server;
  const update = world.update.bind(world);
  world.update = (id, { stateId: _, ...input }, by) => {
    update(id, { stateId: "state-canceled" }, "user-mara");
    return update(id, input, by);
  };
  one.side.add("mya-a");
  await one.sync();
  set(one, "mya-a", { status: "closed", title: "a!" });
  const { told } = await one.sync();
  world.update = update;
  expect(told.map(({ text }) => text)).toEqual([
    "status was changed on both sides; that of ENG-1 stays. Here it was: closed",
  ]);
  expect([one.side.tickets.get("mya-a")?.fields.status, one.issueOf("mya-a").title]).toEqual(["cancelled", "a!"]);
  await expectSettled(one);
});
