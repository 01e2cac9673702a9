import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { agentsList } from "../../../src/actions/agents/agentsList.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { tempStore } from "../../helpers/tempStore.ts";

test("who holds what is told since when, on which branch, and with the last words of the agent itself", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Build login", "-a", "@coder", "-q");
  await store.ayo("ticket", "create", "Deploy it", "-a", "@ops", "-q");
  await store.ayo("ticket", "start", id, "--as", "@coder");
  const holds = async () => (await invoke(agentsList, store.open(), {})).agents.map((one) => [one.name, one.holds]);
  const held = { id, title: "Build login", since: expect.stringMatching(/^2/), until: expect.stringMatching(/^2/) };
  expect(await holds()).toEqual([
    ["@coder", [{ ...held, branch: expect.any(String), said: null }]],
    ["@ops", []],
  ]);
  await store.ayo("ticket", "note", id, `Found it.\n\n${"x".repeat(600)}`, "--as", "@coder");
  await store.ayo("ticket", "note", id, "Of a person, later");
  const said = { at: expect.stringMatching(/^2/), text: expect.stringMatching(/^Found it\.\n\nx{489}$/) };
  expect((await holds())[0]).toMatchObject(["@coder", [{ id, said }]]);
});

test("who is only in agents.yml is told too, once, and while that file is broken nobody is", async () => {
  const store = await tempStore({ project: true });
  await store.ayo("ticket", "create", "Build login", "-a", "@coder", "-q");
  const agents = ["@coder", "@Idle"].map((name) => `  '${name}': {adapter: command, command: [cat]}\n`).join("");
  const write = (text: string): void => writeFileSync(path.join(store.tickets, "agents.yml"), text);
  const told = async () => (await invoke(agentsList, store.open(), {})).agents;
  write(`agents:\n${agents}`);
  expect(await told()).toEqual([
    { name: "@Idle", worktree: null, holds: [], assigned: 0 },
    { name: "@coder", worktree: null, holds: [], assigned: 1 },
  ]);
  write(`agents: [\n${agents}`);
  expect((await told()).map(({ name }) => name)).toEqual(["@coder"]);
});
