import { expect, test } from "vitest";
import { chosenIn, lastWords, type Overview, peopleIn, type Run, standingOf } from "../../../src/web/agents/people.ts";

const run = (name: string, agent: string, more: Partial<Run> = {}): Run => ({
  run: name,
  ticket: name.split("/")[0] as string,
  title: `Of ${name}`,
  agent,
  adapter: "command",
  state: "ended",
  attended: false,
  gone: false,
  outcome: "ok",
  why: null,
  review: false,
  tries: 1,
  worktree: null,
  branch: null,
  at: "2026-11-30T10:00:00Z",
  started: null,
  ended: null,
  tokens: null,
  cost: null,
  said: null,
  ...more,
});
const held = (id: string) => ({ id, title: `Of ${id}`, since: null, until: null, branch: null, said: null });
const OVERVIEW: Overview = {
  agents: [
    { name: "@idle", worktree: "/w", holds: [], assigned: 2 },
    { name: "@holder", worktree: null, holds: [held("a-3")], assigned: 1 },
    { name: "@worker", worktree: null, holds: [held("a-1"), held("a-4")], assigned: 0 },
  ],
  runs: [
    run("a-1/2", "@worker", { state: "running", attended: true, outcome: null }),
    run("a-1/1", "@worker", { outcome: "failed" }),
    run("a-9/1", "@past"),
  ],
  tokens: 0,
  cost: 0,
};

test("agents stand by what they do: at work, holding, others; a ticket with a run is told once", () => {
  const people = peopleIn(OVERVIEW);
  const told = people.map(({ name, now, past }) => [name, now.map(({ key }) => key), past.map(({ key }) => key)]);
  expect(told).toEqual([
    ["@worker", ["a-1/2", "a-4"], ["a-1/1"]],
    ["@holder", ["a-3"], []],
    ["@idle", [], []],
    ["@past", [], ["a-9/1"]],
  ]);
  const chosen = (key: string): string | undefined => chosenIn(people, key)?.key;
  expect([chosen(""), chosen("a-1/1"), chosen("a-1"), chosen("a-9"), chosen("gone/1")]).toEqual([
    "a-1/2",
    "a-1/1",
    "a-1/2",
    "a-9/1",
    undefined,
  ]);
});

test("a run stands as its record and its dispatcher say", () => {
  const of = (more: Partial<Run>) => standingOf(run("a-1/1", "@coder", more));
  expect(of({ outcome: "stopped" })).toBe("stopped");
  expect(of({ state: "running", attended: true })).toBe("running");
  expect(of({ state: "running" })).toBe("alone");
  expect(of({ state: "running", gone: true })).toBe("gone");
});

test("last words are the last line of what goes on, the beginning of what is over, else why it is", () => {
  const of = (more: Partial<Run>) => lastWords({ run: run("a-1/1", "@coder", more) });
  expect(of({ state: "running", said: "one\ntwo\n" })).toBe("two");
  expect(of({ said: "All is done.\nMore." })).toBe("All is done.\nMore.");
  expect(of({ why: "stood still" })).toBe("stood still");
  expect(of({ outcome: "failed", why: "exit code 3", said: "trying" })).toBe("exit code 3");
  expect(of({ outcome: "stopped", said: "trying" })).toBe("trying");
  expect(of({ said: "x".repeat(500) })).toHaveLength(200);
  expect(lastWords({ held: { ...held("a-1"), said: { at: "", text: "a\nb" } } })).toBe("b");
});
