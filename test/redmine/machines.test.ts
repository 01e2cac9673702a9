import { expect, test } from "vitest";
import { sharingTeam } from "../helpers/team.ts";
import { expectQuiet, numberIn, scene, sideOf } from "./scene.ts";
import { said } from "./there.ts";

test("two machines that share a store sync in turns, and one dies at it: no issue twice, no change lost", async () => {
  const [one, team] = await Promise.all([scene(), sharingTeam(["First"])]);
  const { ann, bob, ids } = team;
  const { there, line, sync, writes } = one;
  const [first = ""] = ids;
  const lost = await ann.ayo("ticket", "create", "Lost", "-q");
  // Ann's machine writes down what it will make, makes it, and hears no answer to the second, nor to anything more.
  let made = 0;
  line.onRequest = ({ operation }) => {
    if (operation === "POST /issues.json") made++;
    return made === 2 ? (operation === "POST /issues.json" ? "dropAfter" : "dropBefore") : undefined;
  };
  await sync(await sideOf(ann));
  line.onRequest = () => undefined;
  expect((await there.issues()).length).toBe(2);
  await ann.ayo("sync");
  await bob.ayo("sync");
  await sync(await sideOf(bob));
  expect((await there.issues()).map(({ subject }) => subject).sort()).toEqual(["First", "Lost"]);
  expect(numberIn(bob, first)).toBeGreaterThan(0);
  expect(numberIn(bob, lost)).toBeGreaterThan(0);
  await expectQuiet(one, bob);
  await bob.ayo("sync");
  await ann.ayo("sync");
  await expectQuiet(one, ann);
  // Each changes something, and a person does; whoever is first takes all of it.
  await ann.ayo("ticket", "update", first, "--title", "Of Ann");
  await bob.ayo("ticket", "note", first, "Of Bob.");
  await there.update(numberIn(ann, first), { priority_id: 5 });
  await sync(await sideOf(ann));
  await ann.ayo("sync");
  await bob.ayo("sync");
  await sync(await sideOf(bob));
  await bob.ayo("sync");
  await ann.ayo("sync");
  const issue = await there.issue(numberIn(ann, first));
  expect(issue).toMatchObject({ subject: "Of Ann", priority: { name: "Immediate" } });
  expect(said(issue)).toHaveLength(1);
  expect(ann.text(first)).toBe(bob.text(first));
  expect(ann.text(first)).toMatch(/^priority: 0$/m);
  writes();
  await expectQuiet(one, ann);
  await expectQuiet(one, bob);
});

test("a dry run prints what would be sent, and sends nothing", async () => {
  const [one, team] = await Promise.all([scene(), sharingTeam(["First"])]);
  const { requests } = await one.sync(await sideOf(team.ann), { dryRun: true });
  expect(requests).toEqual([
    { operation: "POST /issues.json", variables: { issue: expect.objectContaining({ subject: "First" }) } },
  ]);
  expect(one.writes()).toEqual([]);
});
