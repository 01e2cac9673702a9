import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { allowedPipeline, allTickets, putPipeline, runsOf } from "../../helpers/pipelines.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const VALUES = [
  "a\nstatus: closed\n---\n",
  "---\nid: other\n---\n# x",
  "../../etc/passwd",
  "{{ticket.id}} {{constructor}}",
  "'\"\\: #&*!|>%@`",
  "]\n- x: [",
  "\u2028\u2029\u0007\u001b[31m",
  "**2026-11-21T03:40:00Z** @boss\n\nclose it",
];

test("whatever values are, they become text: of a title, a field, a note, never of a file's shape", async () => {
  const project = await tempStore();
  await allowedPipeline(
    project,
    "each",
    "steps:\n  - id: plan\n    create: {title: Plan}\n  - id: made\n    for: '{{plan.output}}'\n    create: {title: 'T {{item}}', tags: ['x{{index}}'], external-ref: '{{index}}', description: 'said: {{item}}'}\n  - note: {ticket: '{{plan.id}}', text: '{{plan.output}}'}\n    deps: [made]\n",
  );
  await project.ayo("pipeline", "run", "each");
  const plan = (await allTickets(project)).find(({ title }) => title === "Plan")?.id ?? "";
  const file = path.join(project.dir, "out.json");
  writeFileSync(file, JSON.stringify(VALUES));
  await project.ayo("ticket", "close", plan, "--output", file);
  const [run] = await runsOf(project, "each");
  expect(run).toMatchObject({ status: "in_progress", pipelineSteps: ["plan", "made"] });
  const made = (await allTickets(project)).filter(({ title }) => title.startsWith("T "));
  expect(made).toHaveLength(VALUES.length);
  for (const one of made) expect(one).toMatchObject({ status: "open", parent: run?.id, pipelineRun: run?.id });
  expect(made.map(({ title }) => title)).toContain("T {{ticket.id}} {{constructor}}");
  for (const one of made) await project.ayo("ticket", "close", one.id);
  expect((await runsOf(project, "each"))[0]).toMatchObject({ status: "closed" });
  const shown = await project.json<{ ticket: { notes: { by: string }[]; status: string } }>("ticket", "show", plan);
  expect(shown).toMatchObject({ ticket: { status: "closed", notes: [{ by: "@pipeline/each" }] } });
  expect(JSON.stringify(shown)).toContain("@pipeline/each");
  project.judge();
});

test("paths lead only into values: nothing is at what objects have by birth, nor in an output that nobody verified", async () => {
  const project = await tempStore();
  const texts = ["{{ticket.constructor}}", "{{set.__proto__}}", "{{ticket.title.length}}", "{{ticket.output.cases}}"];
  for (const [at, text] of texts.entries()) putPipeline(project, `p${at}`, `steps:\n  - note: '${text}'\n`);
  await project.ayo("allow", ...texts.map((_, at) => `pipelines/p${at}.yml`));
  const id = await project.ayo("ticket", "create", "One");
  const whys: (string | null)[] = [];
  for (const [at] of texts.entries()) {
    const { stdout, code } = await project.here(["pipeline", "run", `p${at}`, "--ticket", id, "--json"]);
    expect(code).toBe(1);
    whys.push(JSON.parse(stdout).run.why);
  }
  expect(whys).toEqual([
    "pipelines/p0.yml:2: step note: nothing is at {{ticket.constructor}}",
    "pipelines/p1.yml:2: step note: nothing is at {{set.__proto__}}",
    "pipelines/p2.yml:2: step note: nothing is at {{ticket.title.length}}",
    `pipelines/p3.yml:2: step note: ${id} has handed in no output`,
  ]);
});

test("files that are no pipelines are told with their place, and do nothing: bad names, links, folders, too many items", async () => {
  const project = await tempStore();
  const folder = path.join(project.tickets, "pipelines");
  mkdirSync(path.join(folder, "dir.yml"), { recursive: true });
  writeFileSync(path.join(folder, "Upper Case.yml"), "steps: []\n");
  writeFileSync(path.join(folder, "..yml"), "steps: []\n");
  writeFileSync(path.join(folder, "other.yaml"), "steps: []\n");
  writeFileSync(path.join(project.dir, "outside.yml"), "steps:\n  - note: x\n");
  symlinkSync(path.join(project.dir, "outside.yml"), path.join(folder, "link.yml"));
  writeFileSync(path.join(folder, "deep.yml"), `steps: ${"[".repeat(5000)}\n`);
  writeFileSync(
    path.join(folder, "bomb.yml"),
    "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\nsteps: []\n",
  );
  const { stdout, code } = await project.here(["pipeline", "check", "--json"]);
  expect(code).toBe(1);
  const { problems } = JSON.parse(stdout) as { problems: { path: string }[] };
  expect([...new Set(problems.map((one) => one.path))].sort()).toEqual(
    ["Upper Case.yml", "bomb.yml", "deep.yml", "dir.yml", "link.yml", "other.yaml"].map((name) => `pipelines/${name}`),
  );
  await project.ayo("ticket", "create", "still works");
  const doctor = await project.here(["doctor", "--json"]);
  expect(doctor.stdout).toContain('"code":"bad_pipeline"');
  const head = git(project.repo, "rev-parse", "HEAD");
  await project.here(["pipeline", "check"]);
  expect(git(project.repo, "rev-parse", "HEAD")).toBe(head);
});

test("a list of more than 50 items, and what is no list, blocks the run and makes nothing", async () => {
  const project = await tempStore();
  await allowedPipeline(
    project,
    "many",
    "steps:\n  - id: plan\n    create: {title: Plan}\n  - for: '{{plan.output}}'\n    id: all\n    create: {title: 'T {{item}}'}\n",
  );
  const reasons: (string | undefined)[] = [];
  for (const value of [Array.from({ length: 51 }, (_, at) => at), { a: 1 }]) {
    const { run } = await project.json<{ run: { ticket: { id: string } } }>("pipeline", "run", "many");
    const plan = (await allTickets(project)).find(({ parent }) => parent === run.ticket.id)?.id ?? "";
    const file = path.join(project.dir, "out.json");
    writeFileSync(file, JSON.stringify(value));
    await project.ayo("ticket", "close", plan, "--output", file);
    reasons.push((await runsOf(project, "many")).find(({ id }) => id === run.ticket.id)?.blockedReason);
  }
  expect(reasons).toEqual([
    "pipelines/many.yml:4: step all: {{plan.output}} has 51 items, and a step takes 50 at most",
    "pipelines/many.yml:4: step all: {{plan.output}} is no list",
  ]);
  expect((await allTickets(project)).filter(({ title }) => title.startsWith("T "))).toEqual([]);
});
