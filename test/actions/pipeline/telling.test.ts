import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { invoke } from "../../../src/actions/input/action.ts";
import { pipelineRun } from "../../../src/actions/pipeline/pipelineRun.ts";
import { allowedPipeline, allTickets, putPipeline, runsOf } from "../../helpers/pipelines.ts";
import { tempStore } from "../../helpers/tempStore.ts";

test("what names what the store does not have can be neither allowed nor run, and the list says that it is broken", async () => {
  const project = await tempStore();
  putPipeline(project, "odd", "on: {event: ticket.closed, where: 'bogus:1'}\nsteps:\n  - move: {to: nowhere}\n");
  const allowing = await project.here(["allow", "pipeline", "odd"]);
  expect(allowing).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("cannot be allowed: pipelines/odd.yml:1: where: "),
  });
  expect(await project.ayo("pipeline", "list")).toMatch(/^odd {2}broken .*bogus/);
  for (const args of [["--dry-run"], []]) {
    const { stderr } = await project.here(["pipeline", "run", "odd", "--json", ...args]);
    expect(stderr).toContain('"code":"bad_pipeline"');
  }
  putPipeline(project, "odd", "steps:\n  - create: {title: A, priority: 99}\n  - create: {title: B, due: never}\n");
  const checked = await project.here(["pipeline", "check", "odd"]);
  expect(checked).toMatchObject({ code: 1, stdout: expect.stringContaining("pipelines/odd.yml:2: step create: ") });
  writeFileSync(path.join(project.tickets, "pipelines/a\nb.yml"), "steps:\n  - note: a\n");
  writeFileSync(path.join(project.tickets, "pipelines/bytes.yml"), Buffer.from("steps:\n  - note: '\xff'\n", "latin1"));
  const { stdout } = await project.here(["pipeline", "check"]);
  expect(stdout).toContain("pipelines/bytes.yml: is no UTF-8 text");
  expect(stdout).toContain("b.yml: is no name of a pipeline");
  expect(checked.stdout).toContain("pipelines/odd.yml:3: step create-2: due 'never'");
});

test("steps of a run say whether their tickets are open, done, or over and not done", async () => {
  const project = await tempStore();
  await allowedPipeline(
    project,
    "two",
    "steps:\n  - id: a\n    create: A\n  - id: b\n    create: B\n  - note: {ticket: '{{b.id}}', text: hi}\n",
  );
  const { run } = await project.json<{ run: { ticket: { id: string } } }>("pipeline", "run", "two");
  const states = async () =>
    (await project.json<{ run: { steps: { state: string }[] } }>("pipeline", "show", run.ticket.id)).run.steps.map(
      ({ state }) => state,
    );
  expect(await states()).toEqual(["open", "open", "waiting"]);
  const idOf = async (title: string) => (await allTickets(project)).find((one) => one.title === title)?.id ?? "";
  await project.ayo("ticket", "cancel", await idOf("A"));
  await project.ayo("ticket", "close", await idOf("B"));
  expect(await states()).toEqual(["made", "done", "done"]);
});

test("steps reach archived tickets, keys of one's own and empty lists; a run that is archived is shown", async () => {
  const project = await tempStore();
  const text = "note: {ticket: '{{ticket.id}}', text: 'takes {{ticket.estimate}} {{ticket.where}} [{{ticket.links}}]'}";
  await allowedPipeline(project, "say", `steps:\n  - ${text}\n`);
  const id = await project.ayo("ticket", "create", "Old");
  await project.ayo("ticket", "update", id, "--set", "estimate=5", "--set", "where=here");
  await project.ayo("ticket", "close", id);
  await project.ayo("ticket", "archive", "--before", "0d");
  const once = ["pipeline", "run", "say", "--ticket", id, "--once", "k"];
  expect(await project.ayo(...once)).toContain("note: done");
  expect(await project.ayo("ticket", "show", id)).toContain("takes 5 here []");
  const [run] = await runsOf(project, "say");
  await project.ayo("ticket", "archive", "--before", "0d");
  expect(await project.ayo(...once)).toMatch(new RegExp(`^began before:\n${run?.id}`));
});

test("a dry run of what is not allowed says so; values are keys with texts", async () => {
  const project = await tempStore();
  putPipeline(project, "say", "steps:\n  - create: {title: '{{set.a}}'}\n");
  const dry = await project.here(["pipeline", "run", "say", "--set", "a=x", "--dry-run"]);
  expect(dry.stderr).toContain("pipeline say is not allowed yet on this machine");
  const run = (set: unknown) => invoke(pipelineRun, project.open(), { pipeline: "say", set, dryRun: true } as never);
  for (const set of [["a=x"], 5]) await expect(run(set)).rejects.toThrow(/takes keys with texts/);
});
