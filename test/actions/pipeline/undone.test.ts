import { expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { allowedPipeline, allTickets, runsOf } from "../../helpers/pipelines.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const STEPS = "steps:\n  - id: a\n    create: {title: First}\n  - id: b\n    create: {title: Second}\n";

test("a run whose ticket somebody undoes or deletes stops and says so; unblocked it is made anew", async () => {
  const project = await tempStore();
  await allowedPipeline(project, "two", STEPS);
  await project.ayo("pipeline", "run", "two");
  const named = async (title: string) => (await allTickets(project)).filter((one) => one.title === title);
  const [last] = await named("Second");
  await project.ayo("undo", git(project.repo, "rev-parse", "HEAD"), "--as", "@x");
  expect(await named("Second")).toEqual([]);
  const [run] = await runsOf(project, "two");
  expect(run).toMatchObject({
    status: "blocked",
    blockedReason: `pipelines/two.yml:4: step b: its ticket was deleted; unblock has it made anew`,
  });
  await project.ayo("ticket", "unblock", run?.id ?? "");
  const [anew] = await named("Second");
  expect(anew).toBeDefined();
  expect(anew?.id).not.toBe(last?.id);
  const [first] = await named("First");
  await project.ayo("ticket", "delete", first?.id ?? "", "--yes");
  expect((await runsOf(project, "two"))[0]).toMatchObject({
    status: "blocked",
    blockedReason: "pipelines/two.yml:2: step a: its ticket was deleted; unblock has it made anew",
  });
  await project.ayo("ticket", "unblock", run?.id ?? "");
  expect([(await named("First")).length, (await named("Second")).length]).toEqual([1, 1]);
  // A part of another is still what its step made.
  await project.ayo("ticket", "update", anew?.id ?? "", "--parent", (await named("First"))[0]?.id ?? "");
  for (const { id } of [...(await named("Second")), ...(await named("First"))])
    await project.ayo("ticket", "close", id);
  expect((await runsOf(project, "two"))[0]).toMatchObject({ status: "closed", pipelineSteps: ["a", "b"] });
});
