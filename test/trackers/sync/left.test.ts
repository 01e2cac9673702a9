import { describe, expect, test } from "vitest";
import { expectQuiet, expectSettled, type Scene, scene } from "../../helpers/linear/scene.ts";

const set = ({ side }: Scene, id: string, over: object): void =>
  side.edit(id, ({ fields }) => ({ fields: { ...fields, ...over } }));
const LONG = "Linear: title is too long";

describe("what is left of a run", () => {
  test("names the change that was not made, and what was not made is not told as sent", async () => {
    const one = await scene();
    one.side.add("mya-a");
    one.side.add("mya-b");
    await one.sync();
    set(one, "mya-a", { title: "changed", status: "closed" });
    const note = { at: "2026-09-01T00:00:00Z", by: "Jo", text: "a", isPublic: true };
    one.side.edit("mya-b", () => ({ notes: [note], deps: ["mya-a"] }));
    one.side.add("mya-c");
    one.server.onRequest = ({ isWrite }) => (isWrite ? "500before" : undefined);
    const { writes, left } = await one.sync();
    const why = "Linear: an answer with status 502";
    expect([writes, left]).toEqual([
      [],
      [
        { id: "mya-c", why: `new item: ${why}` },
        { id: "mya-a", why: `title, status: ${why}` },
        { id: "mya-b", why: `comment: ${why}` },
        { id: "mya-b", why: `relation to mya-a: ${why}` },
      ],
    ]);
    one.server.onRequest = () => undefined;
    expect((await one.sync()).left).toEqual([]);
    await expectSettled(one);
  });

  test("says what was refused, in that run alone; who asks for it has it sent once more", async () => {
    const one = await scene();
    one.side.add("mya-a", { labels: ["big"] });
    one.side.add("mya-b");
    await one.sync();
    one.side.edit("mya-a", () => ({ labels: ["big", "small"] }));
    const note = { at: "2026-09-01T00:00:00Z", by: "Jo", text: "a", isPublic: true };
    one.side.edit("mya-b", () => ({ notes: [note] }));
    set(one, "mya-b", { title: "b!", priority: 0 });
    one.server.onRequest = ({ operation, variables }) => {
      const { title, addedLabelIds } = (variables.input ?? {}) as { title?: string; addedLabelIds?: unknown };
      const isBad = operation === "CreateComment" || title !== undefined || addedLabelIds !== undefined;
      return isBad ? "refused" : undefined;
    };
    const left = [
      { id: "mya-a", why: `labels was refused: ${LONG}` },
      { id: "mya-b", why: `title was refused: ${LONG}` },
      { id: "mya-b", why: `comment was refused: ${LONG}` },
    ];
    const first = await one.sync();
    // Of mya-b the priority went, of mya-a nothing.
    expect([first.left, first.writes.map(({ id }) => id)]).toEqual([left, ["mya-b"]]);
    await expectSettled(one);
    const again = await one.sync({ again: true });
    expect([again.left, again.writes]).toEqual([left, []]);
    await expectSettled(one);
    one.server.onRequest = () => undefined;
    const last = await one.sync({ again: true });
    expect(last.left).toEqual([]);
    expect([one.issueOf("mya-b").title, one.server.world.comments.size]).toEqual(["b!", 1]);
    await expectQuiet(one);
  });

  test("says of each part why it was refused", async () => {
    const one = await scene();
    one.side.add("mya-a");
    one.side.add("mya-b");
    await one.sync();
    const [a, b] = [one.issueOf("mya-a").id, one.issueOf("mya-b").id];
    set(one, "mya-a", { title: "a!", parent: "mya-b" });
    one.server.onRequest = ({ operation, variables }) => {
      if (operation !== "UpdateIssue") return undefined;
      one.server.world.update(b, { parentId: a }, "user-mara");
      return (variables.input as { title?: string }).title === undefined ? undefined : "refused";
    };
    expect((await one.sync()).left.map(({ why }) => why)).toEqual([
      `title was refused: ${LONG}`,
      "parent was refused: Linear: parent would make a circle",
    ]);
  });

  test("a part that was refused before the run went on is in it too", async () => {
    const one = await scene();
    one.side.add("mya-a");
    one.side.add("mya-b", { labels: ["big", "small"] });
    await one.sync();
    set(one, "mya-a", { title: "a!" });
    one.side.add("mya-c");
    one.server.onRequest = ({ variables }) => {
      const { title, priority } = (variables.input ?? {}) as { title?: string; priority?: number };
      return title === "a!" || (title === "mya-c" && priority !== undefined) ? "refused" : undefined;
    };
    const { left, writes } = await one.sync();
    expect(left).toEqual([{ id: "mya-a", why: `title was refused: ${LONG}` }]);
    expect(writes.map(({ kind, id }) => `${kind} ${id}`)).toEqual(["create mya-c", "update mya-c"]);
    await expectSettled(one);
  });
});

test("held, it takes in what came, writes nothing there, and leaves wishes for later", async () => {
  const one = await scene();
  one.side.add("mya-a");
  await one.sync();
  set(one, "mya-a", { priority: 0 });
  one.side.add("mya-b");
  one.server.world.update(one.issueOf("mya-a").id, { title: "there" }, "user-mara");
  one.server.world.create({ title: "new there" }, "user-mara");
  one.server.seen.length = 0;
  const { writes, left } = await one.sync({ hold: true, unlink: ["mya-a"] });
  // What would be sent, and was not.
  expect(writes.map(({ kind, id }) => `${kind} ${id}`)).toEqual(["create mya-b"]);
  expect([left, one.writes(), one.server.world.issues.size]).toEqual([[], [], 2]);
  expect([...one.side.tickets.values()].map(({ fields }) => [fields.title, fields.priority])).toEqual([
    ["there", 0],
    ["mya-b", 2],
    ["new there", 2],
  ]);
  expect(one.side.pairs.get("mya-b")).toBeUndefined();
  expect(one.side.pairs.get("mya-a")).toMatchObject({ state: "linked" });
  await one.sync();
  expect([one.server.world.issues.size, one.issueOf("mya-a").priority]).toEqual([3, 1]);
  await expectSettled(one);
});
