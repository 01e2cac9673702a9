import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { allowedPipeline, allTickets, begun, putPipeline, runsOf } from "../../helpers/pipelines.ts";
import { tempStore } from "../../helpers/tempStore.ts";

/** The pipeline of the design, word by word, but for what ends it. */
const DESIGN = `on: {event: ticket.closed, where: 'type:feature'}
steps:
  - id: plan
    create: {title: 'Plan the test of {{ticket.title}}', assignee: '@planner', output-schema: plan}
  - id: tests
    for: '{{plan.output.cases}}'        # one ticket an item; without a for: one ticket
    create: {title: 'Test: {{item.name}}', role: tester, deps: [plan]}
  - id: report
    create: {title: 'Report on {{ticket.title}}', deps: [tests]}
  - note: {ticket: '{{ticket.id}}', text: 'tested by {{tests.ids}}'}
    deps: [report]
`;
const PLAN = '{"type":"object","properties":{"cases":{"type":"array"}},"required":["cases"]}';

test("the design's example runs from a closed ticket to its last step; its parent is never offered, and closes with it", async () => {
  const project = await tempStore();
  mkdirSync(path.join(project.tickets, "schemas"));
  writeFileSync(path.join(project.tickets, "schemas/plan.json"), PLAN);
  await allowedPipeline(project, "component-test", DESIGN);
  const other = await project.ayo("ticket", "create", "A bug", "-t", "bug");
  await project.ayo("ticket", "close", other);
  expect(await runsOf(project, "component-test")).toEqual([]);
  const id = await project.ayo("ticket", "create", "Login", "-t", "feature");
  await project.ayo("ticket", "close", id);
  const [run] = await runsOf(project, "component-test");
  expect(run).toMatchObject({
    status: "in_progress",
    pipelineSteps: ["plan"],
    title: "Run of pipeline component-test: Login",
  });
  const named = async (title: string) => (await allTickets(project)).filter((one) => one.title.startsWith(title));
  const [plan] = await named("Plan");
  expect(plan).toMatchObject({
    title: "Plan the test of Login",
    assignee: "@planner",
    parent: run?.id,
    pipelineRun: run?.id,
  });
  expect(await project.ayo("ticket", "ready", "--all", "--json").catch(() => "")).not.toContain(`"id":"${run?.id}"`);
  expect(await project.here(["ticket", "claim", run?.id ?? "", "--as", "@x"])).toMatchObject({ code: 1 });
  const file = path.join(project.dir, "plan.json");
  writeFileSync(file, JSON.stringify({ cases: [{ name: "wrong password" }, { name: "no\nstatus: closed" }] }));
  await project.ayo("ticket", "close", plan?.id ?? "", "--output", file);
  const tests = await named("Test:");
  expect(tests.map(({ title, deps }) => [title, deps]).sort()).toEqual([
    ["Test: no status: closed", [plan?.id]],
    ["Test: wrong password", [plan?.id]],
  ]);
  for (const one of tests) await project.ayo("ticket", "close", one.id);
  const [report] = await named("Report");
  await project.ayo("ticket", "close", report?.id ?? "");
  expect((await runsOf(project, "component-test"))[0]).toMatchObject({
    status: "closed",
    pipelineSteps: ["plan", "tests", "report", "note"],
  });
  expect(project.text(id)).toContain("** @pipeline/component-test\n\ntested by ");
  const trailers = git(project.repo, "log", "--format=%(trailers:key=Pipeline,valueonly,separator=)")
    .split("\n")
    .filter(Boolean);
  expect(trailers.map((one) => one.replace(run?.id ?? "", "RUN"))).toEqual(
    ["end", "note", "report", "tests", "plan", "begin"].map((step) => `component-test/RUN/${step}`),
  );
  expect(begun(project)).toHaveLength(1);
  project.judge();
});

test("nothing is done before a person allows it, nothing of what happened before, and nothing by what was changed since", async () => {
  const project = await tempStore();
  const TEXT = "on: ticket.closed\nsteps:\n  - create: {title: 'After {{ticket.title}}'}\n";
  putPipeline(project, "after", TEXT);
  const ids = await Promise.all(["One", "Two", "Three"].map((title) => project.ayo("ticket", "create", title)));
  await project.ayo("ticket", "close", ids[0] ?? "");
  expect(await project.ayo("inbox")).toContain("ayo allow pipeline.after");
  const agent = await project.here(["allow", "pipeline", "after", "--as", "@x"]);
  expect(agent).toMatchObject({ code: 1, stderr: expect.stringContaining("only a person") });
  await project.ayo("allow", "pipeline", "after");
  expect(await runsOf(project, "after")).toEqual([]);
  await project.ayo("ticket", "close", ids[1] ?? "");
  expect((await allTickets(project)).map(({ title }) => title)).toContain("After Two");
  putPipeline(project, "after", `${TEXT}# other\n`);
  await project.ayo("ticket", "close", ids[2] ?? "");
  expect(await runsOf(project, "after")).toHaveLength(1);
  expect(await project.ayo("pipeline", "list")).toContain("after  changed");
});

test("what a step cannot do stands in the run with file, line and step; unblocked it goes on; nobody approves or forces", async () => {
  const project = await tempStore();
  await project.ayo("config", "review", "required");
  await allowedPipeline(
    project,
    "finish",
    "steps:\n  - complete: '{{ticket.id}}'\n  - id: say\n    note: '{{set.words}}'\n    deps: [complete]\n",
  );
  const id = await project.ayo("ticket", "create", "Build it");
  const { stdout, stderr, code } = await project.here(["pipeline", "run", "finish", "--ticket", id, "--json"]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  const { run, did } = JSON.parse(stdout);
  expect((await allTickets(project)).find((one) => one.id === id)).toMatchObject({ status: "in_review" });
  const why = "pipelines/finish.yml:3: step say: nothing is at {{set.words}}";
  expect(run).toMatchObject({ why, ticket: { status: "blocked" } });
  expect(did.join("\n")).toContain(why);
  expect(await project.ayo("inbox")).toContain(`ayo ticket unblock ${run.ticket.id}`);
  // Done twice it leaves what is in review.
  const again = await project.ayo("pipeline", "run", "finish", "--ticket", id, "--set", "words=fine", "--json");
  expect(again).toContain(`nothing to do, ${id} is in_review`);
  expect((await allTickets(project)).find((one) => one.id === id)).toMatchObject({ status: "in_review" });
  await allowedPipeline(
    project,
    "finish",
    "steps:\n  - complete: '{{ticket.id}}'\n  - id: say\n    note: 'now'\n    deps: [complete]\n",
  );
  await project.ayo("ticket", "unblock", run.ticket.id);
  expect((await runsOf(project, "finish")).map(({ status }) => status)).toEqual(["closed", "closed"]);
});

test("a step waits for what was cancelled no longer than until somebody knows: the run is blocked, and goes on when it is done", async () => {
  const project = await tempStore();
  await allowedPipeline(
    project,
    "two",
    "steps:\n  - id: a\n    create: {title: First}\n  - id: b\n    create: {title: Second}\n    deps: [a]\n",
  );
  await project.ayo("pipeline", "run", "two");
  const [first] = (await allTickets(project)).filter(({ title }) => title === "First");
  await project.ayo("ticket", "cancel", first?.id ?? "");
  const [run] = await runsOf(project, "two");
  expect(run).toMatchObject({
    status: "blocked",
    blockedReason: `pipelines/two.yml:4: step b: ${first?.id} of step a is cancelled`,
  });
  await project.ayo("ticket", "reopen", first?.id ?? "");
  await project.ayo("ticket", "close", first?.id ?? "");
  await project.ayo("ticket", "unblock", run?.id ?? "");
  expect((await allTickets(project)).map(({ title }) => title)).toContain("Second");
  const cancelled = await project.json<{ tickets: unknown[] }>("pipeline", "cancel", run?.id ?? "");
  expect(cancelled.tickets).toHaveLength(2);
  expect((await allTickets(project)).filter(({ status }) => status === "cancelled")).toHaveLength(2);
  project.judge();
});

test("the same key begins one run; a dry run changes nothing and says what it would do, of an event too", async () => {
  const project = await tempStore();
  await allowedPipeline(
    project,
    "nightly",
    "on: {event: ticket.closed, where: 'type:bug'}\nsteps:\n  - create: {title: 'Look at {{ticket.title}}', priority: 1}\n  - move: {to: in_progress, ticket: '{{create.id}}'}\n",
  );
  const id = await project.ayo("ticket", "create", "Logs");
  const head = git(project.repo, "rev-parse", "HEAD");
  const dry = await project.json<Record<string, unknown>>("pipeline", "run", "nightly", "--ticket", id, "--dry-run");
  expect(dry).toMatchObject({
    isNew: true,
    did: [expect.stringMatching(/^create: create \S+: Look at Logs$/)],
    later: ["move"],
    run: null,
  });
  expect(git(project.repo, "rev-parse", "HEAD")).toBe(head);
  const runs = await Promise.all(
    [1, 2, 3].map(() =>
      project.json<{ run: { ticket: { id: string } }; isNew: boolean }>(
        "pipeline",
        "run",
        "nightly",
        "--ticket",
        id,
        "--once",
        "2026-11-28",
      ),
    ),
  );
  expect(new Set(runs.map(({ run }) => run.ticket.id)).size).toBe(1);
  expect(runs.filter(({ isNew }) => isNew)).toHaveLength(1);
  await project.ayo("ticket", "close", id);
  const event = `${git(project.repo, "log", "-1", "--format=%H", "--grep=^close")}:0`;
  const ofEvent = await project.json("pipeline", "run", "nightly", "--event", event, "--dry-run");
  expect(ofEvent).toMatchObject({ why: `pipelines/nightly.yml: ${id} does not pass where: type:bug`, isNew: false });
  project.judge();
});

test("a step may change one ticket twice; a run whose ticket cannot be written stops alone, in the inbox, and others go on", async () => {
  const project = await tempStore();
  const tag = "{ticket: '{{ticket.id}}', text: 'tag {{item}}'}";
  await allowedPipeline(project, "a", `on: ticket.closed\nsteps:\n  - for: '{{ticket.tags}}'\n    note: ${tag}\n`);
  await allowedPipeline(
    project,
    "b",
    "on: ticket.closed\nsteps:\n  - note: {ticket: '{{ticket.external-ref}}', text: b}\n",
  );
  await allowedPipeline(project, "z", "on: ticket.closed\nsteps:\n  - create: {title: Z}\n");
  const shut = await project.ayo("ticket", "create", "Shut");
  const id = await project.ayo("ticket", "create", "D", "--tags", "a,b", "--external-ref", shut);
  const file = path.join(project.tickets, `${shut}.md`);
  rmSync(file);
  mkdirSync(file);
  await project.here(["ticket", "close", id]);
  expect((await runsOf(project, "a"))[0]).toMatchObject({ status: "closed" });
  expect(project.text(id)).toMatch(/tag a[\s\S]*tag b/);
  expect((await runsOf(project, "z"))[0]).toMatchObject({ status: "in_progress", pipelineSteps: ["create"] });
  expect((await runsOf(project, "b"))[0]).toMatchObject({ status: "blocked" });
  expect(await project.ayo("inbox", "--kind", "pipeline")).toContain("step note");
});

test("a pipeline whose file is another than was allowed says what it misses and which runs stand still, and catches up when it is put back", async () => {
  const project = await tempStore();
  const text =
    "on: ticket.created\nsteps:\n  - id: a\n    create: {title: 'For {{ticket.title}}'}\n  - note: over\n    deps: [a]\n";
  await allowedPipeline(project, "own", text);
  await allowedPipeline(project, "other", "on: ticket.closed\nsteps:\n  - note: over\n");
  await project.ayo("ticket", "create", "One");
  putPipeline(project, "own", "steps: [\n");
  const { stderr } = await project.here(["ticket", "create", "Two"]);
  expect(stderr).toContain("pipelines/own.yml was changed since it was allowed: ticket.created of");
  expect(await project.ayo("inbox", "--kind", "pipeline")).toMatch(
    /began no run[\s\S]*stands still|stands still[\s\S]*began no run/,
  );
  rmSync(path.join(project.tickets, "pipelines", "own.yml"));
  await project.ayo("ticket", "create", "Three");
  expect(await project.ayo("inbox", "--kind", "pipeline")).toContain(
    "pipelines/own.yml is gone: this run stands still",
  );
  expect(await runsOf(project, "own")).toHaveLength(1);
  putPipeline(project, "own", text);
  await project.ayo("ticket", "note", (await allTickets(project))[0]?.id ?? "", "go on");
  expect((await runsOf(project, "own")).map(({ title }) => title.split(": ")[1]).sort()).toEqual([
    "One",
    "Three",
    "Two",
  ]);
  expect(await project.ayo("inbox", "--kind", "pipeline")).not.toContain("stands still");
  project.judge();
});
