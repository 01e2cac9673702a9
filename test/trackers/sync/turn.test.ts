import { describe, expect, test } from "vitest";
import { TrackerError } from "../../../src/trackers/provider.ts";
import { expectSettled as expectRest, scene as githubScene } from "../../helpers/github/scene.ts";
import { expectSettled, scene as linearScene } from "../../helpers/linear/scene.ts";

const lost = (): never => {
  throw new TrackerError("turn", "another took over");
};

/** Lets so many writes through, and then none. */
function letting(count: number): () => void {
  let left = count;
  return () => (left-- > 0 ? undefined : lost());
}

describe.each([
  ["linear", linearScene, expectSettled],
  ["github", githubScene, expectRest],
] as const)("%s: another sync took over", (_, begin, settled) => {
  test("in the middle: nothing more is sent, what was answered is kept, the rest stays in the journal", async () => {
    const one = await begin();
    for (const id of ["mya-a", "mya-b", "mya-c"]) one.side.add(id);
    one.become({ mayWrite: letting(1) });
    const { stopped, left, writes } = await one.sync();
    expect([stopped?.fault, stopped?.code, one.writes().length, writes.length]).toEqual(["turn", "store_busy", 1, 1]);
    expect(left.map(({ id }) => id)).toEqual(["mya-b", "mya-c"]);
    const states = (): unknown[] => ["mya-a", "mya-b", "mya-c"].map((id) => one.side.pairs.get(id)?.state);
    expect(states()).toEqual(["linked", "creating", "creating"]);
    one.become({});
    await one.sync();
    expect([states(), one.server.world.issues.size]).toEqual([["linked", "linked", "linked"], 3]);
    await settled(one as never);
  });

  test("what it settled meanwhile is not written over by an answer that comes late", async () => {
    const one = await begin();
    for (const id of ["mya-a", "mya-b"]) one.side.add(id);
    await one.sync();
    one.side.edit("mya-a", ({ fields }) => ({ fields: { ...fields, title: "ours" } }));
    one.side.edit("mya-b", ({ fields }) => ({ fields: { ...fields, title: "ours too" } }));
    one.become({ mayWrite: letting(1) });
    let before: unknown;
    let changes = 0;
    one.side.onChange = (when) => {
      if (when !== "before" || ++changes !== 3) return;
      // As the other one has left it.
      for (const [id, { pending: _pending, ...pair }] of one.side.pairs) one.side.pairs.set(id, pair);
      before = structuredClone([...one.side.pairs]);
    };
    expect((await one.sync()).stopped?.fault).toBe("turn");
    expect([...one.side.pairs]).toEqual(before);
    one.side.onChange = () => undefined;
    one.become({});
    await one.sync();
    expect([...one.server.world.issues.values()].map(({ title }) => title)).toEqual(["ours", "ours too"]);
  });

  test("before anything is taken in, or put down: nothing is changed", async () => {
    const one = await begin();
    one.side.add("mya-a");
    one.server.world.create({ title: "theirs" }, "mara");
    for (let free = 0; free < 2; free++) {
      one.side.assertTurn = letting(free);
      await expect(one.sync()).rejects.toMatchObject({ code: "store_busy" });
      expect([one.writes(), one.side.tickets.size, one.side.pairs.has("mya-a")]).toEqual([[], 1 + free, false]);
    }
  });
});

describe("GitHub: an issue that was made twice all the same", () => {
  const told = (id: string) => `#3 bears the mark of ${id}, whose item is #1: it may have been made twice`;

  test("becomes a ticket of its own, and that is told once", async () => {
    const one = await githubScene();
    const { world } = one.server;
    for (const id of ["mya-a", "mya-b"]) one.side.add(id);
    await one.sync();
    const { title, body } = one.issueOf("mya-a");
    world.create({ title, body: body ?? "" }, "mara");
    const report = await one.sync();
    expect(report.told).toEqual([{ id: "mya-3", text: told("mya-a") }]);
    expect(one.side.tickets.get("mya-3")?.notes.map(({ text }) => text)).toEqual([told("mya-a")]);
    expect(one.side.pairs.get("mya-a")?.key).toBe("1");
    await expectRest(one);
  });

  test("the same where both come in at once", async () => {
    const one = await githubScene();
    const { world } = one.server;
    one.side.add("mya-a");
    one.fail(/^POST \/issues$/, "dropAfter");
    await one.sync();
    const { title, body } = world.issue(1);
    one.side.pairs.clear();
    one.side.cursor = {};
    world.create({ title, body: body ?? "" }, "mara");
    const report = await one.sync();
    expect(report.told.map(({ text }) => text)).toEqual([told("mya-a").replace("#3", "#2")]);
    expect([one.side.tickets.size, one.side.pairs.get("mya-a")?.key]).toEqual([2, "1"]);
  });
});
