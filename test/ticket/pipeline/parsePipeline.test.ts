import { describe, expect, test } from "vitest";
import { parsePipeline } from "../../../src/ticket/pipeline/parsePipeline.ts";

/** The pipeline of the design, word by word. */
const DESIGN = `on: {event: ticket.closed, where: 'type:component'}
steps:
  - id: plan
    create: {title: 'Plan the test of {{ticket.title}}', assignee: '@planner', output-schema: plan}
  - id: tests
    for: '{{plan.output.cases}}'
    create: {title: 'Test: {{item.name}}', role: tester, deps: [plan]}
  - id: report
    create: {title: 'Report on {{ticket.title}}', deps: [tests]}
  - complete: '{{ticket.id}}'
    deps: [report]
`;

const faults = (text: string): string[] =>
  parsePipeline(text, "nightly").problems.map(({ path, line, message }) => `${path}:${line}: ${message}`);

const steps = (text: string): string => `steps:\n${text}`;

test("the design's own example is read", () => {
  const { pipeline, problems } = parsePipeline(DESIGN, "component-test");
  expect(problems).toEqual([]);
  expect(pipeline?.on).toEqual({ events: ["ticket.closed"], where: "type:component", foreign: false, self: false });
  expect(pipeline?.maxRuns).toBe(100);
  expect(pipeline?.steps.map(({ id, line, deps }) => [id, line, deps])).toEqual([
    ["plan", 3, []],
    ["tests", 5, ["plan"]],
    ["report", 8, ["tests"]],
    ["complete", 10, ["report"]],
  ]);
  expect(pipeline?.steps[1]).toMatchObject({ each: "plan.output.cases", does: { verb: "create" } });
});

test("events are called as they are elsewhere, too; several begin runs", () => {
  const on = (event: string) =>
    parsePipeline(`on: {event: ${event}}\n${steps("- note: hi")}`, "x").pipeline?.on?.events;
  expect(on("TicketAssigned")).toEqual(["ticket.assigned"]);
  expect(on("TicketCompleted")).toEqual(["ticket.closed"]);
  expect(on("closed")).toEqual(["ticket.closed"]);
  expect(on("[ticket.closed, ticket.failed]")).toEqual(["ticket.closed", "ticket.failed"]);
  expect(parsePipeline(`on: ticket.closed\n${steps("- note: hi")}`, "x").pipeline?.on?.events).toEqual([
    "ticket.closed",
  ]);
});

test("a step that uses another's values waits for it", () => {
  const text = steps("- id: a\n  create: One\n- id: b\n  create: {title: 'after {{a.title}}'}");
  expect(parsePipeline(text, "x").pipeline?.steps[1]?.deps).toEqual(["a"]);
});

describe("each fault has its file, its line and its step", () => {
  test.each([
    ["", "1: must be a mapping of keys to values: on, steps"],
    ["- a\n", "1: must be a mapping of keys to values: on, steps"],
    ["on: {event: ticket.closed}\n", "1: steps must be a list of what is done: - create: {title: …}"],
    [`\nsteps: []\n`, "2: steps must be a list of what is done: - create: {title: …}"],
    [
      `on:\n  event: ticket.shut\n${steps("- note: a")}`,
      "2: no event is called 'ticket.shut'; ticket.closed and ticket.assigned are some",
    ],
    [
      `on: {event: ticket.due}\n${steps("- note: a")}`,
      "1: ticket.due belongs to no commit: nothing can be begun by it once",
    ],
    [`on: {where: 'type:bug'}\n${steps("- note: a")}`, "1: on needs an event: ticket.closed"],
    [`on:\n  event: ticket.closed\n  foreign: sometimes\n${steps("- note: a")}`, "3: foreign must be true or false"],
    [
      `on: {event: ticket.closed, when: x}\n${steps("- note: a")}`,
      "1: 'when' is no key of on; there are event, where, foreign, self",
    ],
    [
      `max-runs: 0\n${steps("- note: a")}`,
      "1: max-runs must be a whole number from 1 to 10000: how many runs begin on one day",
    ],
    [
      `schedule: '0 * * * *'\n${steps("- note: a")}`,
      "1: 'schedule' is no key here; there are about, on, max-runs, steps",
    ],
    [steps("- id: plan\n"), "2: step plan: does nothing: it needs one of create, complete, cancel, move, note"],
    [
      steps("- id: plan\n  note: a\n  create: b\n"),
      "3: step plan: does two things, create and note: make two steps of it",
    ],
    [steps("- note: a\n- id: plan\n  create: {titel: b}\n"), "4: step plan: 'titel' is no flag"],
    [steps("- id: plan\n  create:\n    title: a\n    claim: x\n"), "5: step plan: 'claim' is no flag"],
    [steps("- id: plan\n  create: {description: a}\n"), "3: step plan: create needs a title"],
    [steps("- id: plan\n  note: a\n- id: plan\n  note: b\n"), "4: step plan: another step is called so too"],
    [steps("- id: ticket\n  note: a\n"), "2: step note: its id 'ticket' has a meaning of its own"],
    [steps("- id: ../x\n  note: a\n"), "2: step note: its id '../x' is no name"],
    [steps("- id: plan\n  note: a\n  deps: [tests]\n"), "4: step plan: deps names 'tests', which is no step"],
    [
      steps("- id: a\n  note: a\n  deps: [b]\n- id: b\n  note: b\n  deps: [a]\n"),
      "2: step a: waits for itself, by a, b",
    ],
    [steps("- id: a\n  note: '{{a.title}}'\n"), "2: step a: uses its own values"],
    [steps("- id: a\n  note: '{{item}}'\n"), "2: step a: {{item}} is for steps with for"],
    [steps("- id: a\n  note: '{{tiket.title}}'\n"), "2: step a: {{tiket.title}}: 'tiket' is neither a step nor one of"],
    [steps("- id: a\n  note: '{{ticket.title | upper}}'\n"), "2: step a: '{{ticket.title | upper}}' is no path"],
    [steps("- id: a\n  note: '{{ticket.title'\n"), "2: step a: '{{' and '}}' do not match"],
    [`on: {event: []}\n${steps("- note: a")}`, "1: on needs an event: ticket.closed"],
    [steps("- note: '{{ticket.titel}}'\n"), "2: step note: nothing is at {{ticket.titel}}: 'title' looks like it"],
    [steps("- note: '{{event.what}}'\n"), "2: step note: nothing is at {{event.what}}: there are id, name, actor"],
    [steps("- note: a\n- id: b\n  note: '{{note.id}}'\n"), "3: step b: nothing is at {{note.id}}: step note makes no"],
    [
      steps("- id: a\n  for: '{{ticket.tags}}'\n  create: A\n- id: b\n  note: '{{a.id}}'\n"),
      "5: step b: nothing is at {{a.id}}: there are ids, titles, outputs",
    ],
    [steps("- id: a\n  for: cases\n  note: x\n"), "3: step a: for takes one path of a list: '{{plan.output.cases}}'"],
    [steps("- id: a\n  move: {ticket: '{{ticket.id}}'}\n"), "3: step a: move needs a column: {to: testing}"],
    [steps("- just words\n"), "2: step step: must be a mapping"],
    [steps("- id: a\n  when: x\n  note: a\n"), "3: step a: 'when' is no key here; there are id, deps, for, create"],
    ["on: [\n", "2: "],
  ])("%j", (text, fault) => {
    expect(faults(text).join("\n")).toContain(`pipelines/nightly.yml:${fault}`);
  });
});
