import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { stdioClient } from "../helpers/mcpClient.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

const ALL = { args: ["--tools", "all"] };

/** The board of prompts that work in phases; `roles` says who works in its columns. */
async function phased(roles: boolean): Promise<TempStore> {
  const project = await tempStore();
  const role = (name: string) => (roles ? `, role: ${name}` : "");
  writeFileSync(
    `${project.tickets}/config.yml`,
    `board:
  columns:
    - {id: backlog, name: Backlog, category: todo, phase: 1}
    - {id: building, name: Building, category: active, phase: 2${role("builder")}}
    - {id: building-done, name: Built, category: active, phase: 2}
    - {id: testing, name: Testing, category: active, phase: 3${role("tester")}}
    - {id: testing-done, name: Tested, category: active, phase: 3}
    - {id: done, name: Done, category: done}
  types: [component, bug, feature]
  initial: backlog
`,
  );
  return project;
}

test.for([true, false])("prompts that work in phases run word by word, with roles: %s", async (roles) => {
  const project = await phased(roles);
  const agent = (name: string) => stdioClient(project.dir, { ...ALL, env: { AYO_AGENT: name } });
  const [planner, builder, tester] = [await agent("@planner"), await agent("@builder"), await agent("@tester")];
  expect(await planner.call("search_tickets", { query: "component name", search_type: "hybrid" })).toMatchObject({
    total: 0,
  });
  const create = (title: string, more: object) => planner.call<{ id: string }>("create_ticket", { title, ...more });
  const { id: base } = await create("Build the database", { ticket_type: "component" });
  const { id: auth } = await create("Build Authentication System", {
    description: "Implement JWT auth with login/register/refresh",
    ticket_type: "component",
    blocked_by_ticket_ids: [base],
  });
  const task = (of: typeof planner, phase: number, id: string, text: string) =>
    of.call("create_task", {
      description: `Phase ${phase}: ${text} - TICKET: ${id}. Go.`,
      phase_id: phase,
      ticket_id: id,
    });
  expect(await task(planner, 2, base, "Build the database")).toMatchObject({ id: base, status: "building" });
  expect(await task(planner, 2, auth, "Build Auth System")).toMatchObject({
    status: "backlog",
    notices: [`${auth} waits for ${base}: it goes to building when that is done`],
  });
  expect(project.text(auth)).toMatch(roles ? /^role: builder$/m : /^phase: ['"]?2['"]?$/m);

  const move = (of: typeof planner, new_status: string, more: object = {}) =>
    of.call("change_ticket_status", { new_status, ...more });
  await move(builder, "building", { ticket_id: base, comment: "Starting implementation" });
  await builder.call("add_ticket_comment", { ticket_id: base, comment_text: "Completed token generation" });
  // The prompt names no ticket from here on: it is the one that the agent holds.
  expect(await move(builder, "building-done", { comment: "Implementation complete. 8 test cases added." })).toEqual({
    id: base,
    status: "building-done",
  });
  expect(await task(builder, 3, base, "Test the database")).toMatchObject({ status: "testing" });
  expect((await builder.refusal("change_ticket_status", { new_status: "building" })).message).toBe(
    "no ticket is named, and @builder holds none",
  );
  await move(tester, "testing", { ticket_id: base });
  await move(tester, "testing-done");
  const bugs = "Fix bugs in the database";
  expect(await task(tester, 2, base, bugs)).toMatchObject({ status: "building" });
  await move(builder, "building", { ticket_id: base });
  await task(builder, 3, base, "Test again");
  await move(tester, "testing", { ticket_id: base });
  expect(await tester.call("resolve_ticket", { resolution_comment: "All tests pass. 12/12." })).toMatchObject({
    id: base,
    status: "done",
    nowReady: [auth],
  });
  // What waited goes to the phase that it remembers.
  expect(await planner.call("get_ticket", { id: auth })).toMatchObject({ status: "building" });
  expect(project.text(auth)).not.toMatch(/^phase:/m);
  const ready = await planner.call<{ tickets: { id: string }[] }>("ready_tickets", { role: "builder" });
  expect(ready.tickets.map(({ id }) => id)).toEqual(roles ? [auth] : []);
  expect(project.subjects()[0]).toBe(`move to its phase: ${auth}: Build Authentication System`);
  project.judge();
});

test("a task that has another form, another ticket or another phase than it says is refused, and nothing changes", async () => {
  const project = await phased(true);
  const { call, refusal } = await stdioClient(project.dir, ALL);
  const { id } = await call<{ id: string }>("create_ticket", { title: "One", ticket_type: "bug" });
  const { id: other } = await call<{ id: string }>("create_ticket", { title: "Other", ticket_type: "bug" });
  const before = project.subjects();
  for (const [input, why] of [
    [{ description: "Build it" }, "it does not begin with 'Phase X:'; it has no 'TICKET: <id>'"],
    [
      { description: `Phase 2: Build it - TICKET: ${id}`, phase_id: 3 },
      "the description is of phase 2, and phase is 3",
    ],
    [{ description: `Phase 2: Build it - TICKET: ${id}`, ticket_id: other }, `names ${id}, and id is ${other}`],
    [{ description: `Phase 2: Build - TICKET: ${id} - TICKET: ${other}` }, "a task is for one ticket"],
  ] as const) {
    const { code, message } = await refusal("create_task", input);
    expect([code, message]).toEqual(["bad_input", expect.stringContaining(why)]);
  }
  expect((await refusal("create_task", { description: "Phase 2: Build - TICKET: zzz-9" })).code).toBe("not_found");
  expect(project.subjects()).toEqual(before);
  const { notices } = await call<{ notices: string[] }>("create_task", {
    description: `Phase 7: Build it - TICKET: ${id}`,
  });
  expect(notices).toEqual([expect.stringContaining("no column of the board has 'phase: 7'")]);
  expect(project.text(id)).toContain("Phase 7: Build it");
  project.judge();
});
