import { expect, test } from "vitest";
import { type Scene, scene } from "../../helpers/linear/scene.ts";

const MARA = { name: "mara", isPerson: true };
const BOT = { name: "ayo", isPerson: false };

/** Who the changes of the next sync are by. */
async function authors({ side, sync }: Scene): Promise<unknown[]> {
  side.edits.length = 0;
  await sync();
  return side.edits.map(({ by }) => by);
}

test("who changed an item is known where all of a change is one person's", async () => {
  const one = await scene();
  const { world } = one.server;
  const issue = world.create({ title: "a" }, "user-mara");
  const other = world.create({ title: "by a program" }, "user-bot");
  expect(await authors(one)).toEqual([MARA, BOT]);
  world.update(issue.id, { title: "b", stateId: "state-done" }, "user-jo");
  world.update(issue.id, { addedLabelIds: ["label-bug"], description: "- x" }, "user-jo");
  world.update(other.id, { priority: 1 }, "user-bot");
  expect(await authors(one)).toEqual([{ name: "jo", isPerson: true }, BOT]);
  world.comment({ issueId: issue.id, body: "hello" }, "user-mara");
  expect(await authors(one)).toEqual([MARA]);
  // Two people, or nobody knows: a relation bears no name.
  world.update(issue.id, { title: "c" }, "user-jo");
  world.update(issue.id, { description: "- y" }, "user-mara");
  world.relate({ issueId: issue.id, relatedIssueId: other.id, type: "blocks" });
  expect(await authors(one)).toEqual([undefined, undefined]);
  // More changes than are asked for.
  for (const priority of [1, 2, 3, 4]) world.update(issue.id, { priority, title: `${priority}` }, "user-mara");
  world.update(issue.id, { removedLabelIds: ["label-bug"] }, "user-jo");
  for (const title of ["x", "y", "z"]) world.update(issue.id, { title }, "user-jo");
  expect(await authors(one)).toEqual([undefined]);
  expect(await authors(one)).toEqual([]);
  expect(one.server.offences).toEqual([]);
});
