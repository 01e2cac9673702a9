import { expect, test } from "vitest";
import { expectSettled, scene } from "../../helpers/github/scene.ts";

test("a quiet sync is four requests, whatever its last issues wait for; relations are read of what moved, and all at times", async () => {
  const one = await scene();
  const { world } = one.server;
  for (let n = 0; n < 300; n++) {
    world.create({ title: `t${n}`, body: "- one" }, "mara");
    if (n % 10 === 9) world.comment(n, "said", "mara");
    if (n % 10 === 8) world.block(n, n - 1);
    if (n % 10 === 7) world.place(n, n - 1);
  }
  // The last to change wait for others, and others wait for them.
  world.block(300, 299);
  world.block(299, 298);
  await one.sync();
  expect(one.side.tickets.get("mya-300")?.deps).toEqual(["mya-299"]);
  for (let run = 2; run <= 3; run++) await expectSettled(one);
  // What goes over comes back once, and what changes nothing here is read once.
  one.side.edit("mya-300", ({ fields }) => ({ fields: { ...fields, title: "other" } }));
  await one.sync();
  await one.sync();
  for (let run = 2; run <= 3; run++) await expectSettled(one);
  world.issue(299).updatedAt = world.now();
  one.server.seen.length = 0;
  await one.sync();
  expect(relations(one.server.seen)).toEqual(["GET /issues/299/dependencies/blocked_by"]);
  await expectSettled(one);
  // A new one is asked for both ways; who waits for it was read before it was there.
  const late = world.create({ title: "late" }, "mara").number;
  world.touches = false;
  world.block(5, late);
  one.server.seen.length = 0;
  await one.sync();
  expect(relations(one.server.seen)).toEqual([`GET /issues/${late}/dependencies/blocking`]);
  expect(one.side.tickets.get("mya-5")?.deps).toEqual([`mya-${late}`]);
  world.unblock(8, 7);
  await expectSettled(one);
  await one.sync({ whole: true });
  expect(one.side.tickets.get("mya-8")?.deps).toEqual([]);
  await expectSettled(one);
});

const relations = (seen: readonly { readonly operation: string }[]): string[] =>
  seen.map(({ operation }) => operation).filter((operation) => operation.includes("/dependencies/"));
