import { expect, test } from "vitest";
import { expectSettled, scene } from "../../helpers/linear/scene.ts";

test("a relation there that would close a circle here is told, and stays there", async () => {
  const one = await scene();
  one.side.add("mya-a", { deps: ["mya-b"] });
  one.side.add("mya-b");
  await one.sync();
  const [a, b] = [one.issueOf("mya-a"), one.issueOf("mya-b")];
  one.server.world.relate({ issueId: a.id, relatedIssueId: b.id, type: "blocks" });
  one.server.seen.length = 0;
  const { told } = await one.sync();
  expect(told.map(({ text }) => text)).toEqual([
    "ENG-2 waits for mya-a at the tracker; here mya-a waits for mya-b already, so it was not taken over",
  ]);
  expect([one.side.tickets.get("mya-a")?.deps, one.side.tickets.get("mya-b")?.deps]).toEqual([["mya-b"], []]);
  expect(one.server.world.relations.size).toBe(2);
  await expectSettled(one);
});

test("a relation whose opposite is there is not sent, until that is gone", async () => {
  const one = await scene();
  for (const id of ["mya-a", "mya-b"]) one.side.add(id);
  await one.sync();
  const { world } = one.server;
  one.side.edit("mya-a", () => ({ deps: ["mya-b"] }));
  world.relate({ issueId: one.issueOf("mya-a").id, relatedIssueId: one.issueOf("mya-b").id, type: "blocks" });
  one.server.seen.length = 0;
  expect((await one.sync()).told).toHaveLength(1);
  expect([one.writes(), world.relations.size]).toEqual([[], 1]);
  await expectSettled(one);
  world.relations.clear();
  await one.sync({ whole: true });
  expect([...world.relations.values()].map(({ issue }) => issue)).toEqual([one.issueOf("mya-b").id]);
  await expectSettled(one);
});
