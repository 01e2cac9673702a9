import { expect, test } from "vitest";
import { allowedPipeline, allTickets, putPipeline, runsOf } from "../../helpers/pipelines.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const titles = async (project: Awaited<ReturnType<typeof tempStore>>): Promise<string[]> =>
  (await allTickets(project))
    .filter(({ pipeline }) => pipeline === undefined)
    .map(({ title }) => title)
    .sort();

test("a pipeline does not trigger itself; one that says so stops at its bound, and says so", async () => {
  const project = await tempStore();
  const steps = "steps:\n  - create: {title: 'Again: {{ticket.title}}'}\n";
  await allowedPipeline(project, "once", `on: ticket.created\n${steps}`);
  await project.ayo("ticket", "create", "One");
  expect(await titles(project)).toEqual(["Again: One", "One"]);
  await project.ayo("allow", "--remove", "pipelines/once.yml");
  await allowedPipeline(project, "loop", `on: {event: ticket.created, self: true}\n${steps}`);
  const { stderr, code } = await project.here(["ticket", "create", "Two"]);
  expect(code).toBe(0);
  const runs = await runsOf(project, "loop");
  expect(runs).toHaveLength(3);
  expect(stderr).toMatch(/began no run of pipeline loop: 3 runs that follow from each other are the most/);
  expect(await project.ayo("inbox")).toContain("3 runs that follow from each other are the most");
  project.judge();
});

test("so many runs begin on one day; what is past it is told once, and a run by hand is refused", async () => {
  const project = await tempStore();
  await allowedPipeline(project, "few", "on: ticket.created\nmax-runs: 2\nsteps:\n  - note: seen\n");
  const told: string[] = [];
  for (const title of ["A", "B", "C", "D"]) told.push((await project.here(["ticket", "create", title])).stderr);
  expect(await runsOf(project, "few")).toHaveLength(2);
  expect(told.map((text) => text.includes("began 2 runs"))).toEqual([false, false, true, false]);
  expect(await project.ayo("inbox", "--kind", "pipeline")).toMatch(/ticket\.created of \S+ began none, nor did 1 more/);
  const refused = await project.here(["pipeline", "run", "few", "--json"]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('"code":"pipeline_refused"') });
});

test("runs that were archived or deleted count on their day", async () => {
  const project = await tempStore();
  await allowedPipeline(project, "one", "on: ticket.created\nmax-runs: 1\nsteps:\n  - note: seen\n");
  await project.ayo("ticket", "create", "A");
  const [run] = await runsOf(project, "one");
  await project.ayo("ticket", "archive", "--before", "0d", "--as", "@c");
  await project.ayo("ticket", "create", "B");
  expect(await runsOf(project, "one")).toHaveLength(1);
  await project.ayo("ticket", "delete", run?.id ?? "", "--yes", "--as", "@c");
  await project.ayo("ticket", "create", "C");
  expect(await runsOf(project, "one")).toHaveLength(0);
  project.judge();
});

test("what came from elsewhere triggers nothing unless the pipeline says so, and what is made from it is foreign too", async () => {
  const project = await tempStore();
  const steps = "steps:\n  - create: {title: 'For {{ticket.title}}', assignee: '@coder'}\n";
  await allowedPipeline(project, "own", `on: ticket.closed\n${steps}`);
  await allowedPipeline(project, "any", `on: {event: ticket.closed, foreign: true}\n${steps}`);
  const id = await project.ayo("ticket", "create", "Issue");
  project.write(id, project.text(id).replace("priority: 2", "priority: 2\norigin: github"));
  await project.ayo("ticket", "close", id);
  expect([(await runsOf(project, "own")).length, (await runsOf(project, "any")).length]).toEqual([0, 1]);
  const made = (await allTickets(project)).filter(({ title }) => title.startsWith("For ") || title.startsWith("Run "));
  expect(made.map(({ origin }) => origin)).toEqual(["github", "github"]);
});

test("what an agent closed by hand triggers when a person confirms it, and not before", async () => {
  const project = await tempStore();
  await project.ayo("config", "review", "required");
  await allowedPipeline(project, "own", "on: ticket.closed\nsteps:\n  - create: {title: 'For {{ticket.title}}'}\n");
  const id = await project.ayo("ticket", "create", "Work");
  await project.ayo("ticket", "claim", id, "--as", "@coder");
  project.write(id, project.text(id).replace(/^status: .*/m, "status: closed"));
  await project.ayo("ticket", "create", "Another");
  expect(await runsOf(project, "own")).toHaveLength(0);
  await project.ayo("ticket", "confirm", id);
  expect(await runsOf(project, "own")).toHaveLength(1);
});

test("runs begin no runs, and nobody writes what a run is by --set or by hand past a person", async () => {
  const project = await tempStore();
  await allowedPipeline(project, "all", "on: [ticket.closed]\nsteps:\n  - note: seen\n");
  putPipeline(project, "all", "on: {event: ticket.closed, self: true}\nsteps:\n  - note: '{{ticket.title}} is over'\n");
  await project.ayo("allow", "pipeline", "all");
  const id = await project.ayo("ticket", "create", "One");
  await project.ayo("ticket", "close", id);
  const [run, ...others] = await runsOf(project, "all");
  expect([run?.status, others]).toEqual(["closed", []]);
  const set = await project.here(["ticket", "update", id, "--set", "pipeline-run=x-1"]);
  expect(set).toMatchObject({ code: 2, stderr: expect.stringContaining("runs of pipelines write it") });
  await project.ayo("ticket", "claim", await project.ayo("ticket", "create", "Work"), "--as", "@coder");
  const text = project.text(run?.id ?? "");
  project.write(run?.id ?? "", text.replace('"chain":1', '"chain":0'));
  await project.ayo("ticket", "create", "Two");
  expect(project.text(run?.id ?? "")).toContain("unconfirmed: [pipeline-input]");
});
