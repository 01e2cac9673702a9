import { expect, test } from "vitest";
import { stdioClient } from "../helpers/mcpClient.ts";
import { tempStore } from "../helpers/tempStore.ts";

test("a name that no ticket has is refused in include as in fields, and both where an answer tells of no tickets", async () => {
  const { dir } = await tempStore();
  const { call, refusal } = await stdioClient(dir, { args: ["--tools", "all"] });
  const { id } = await call<{ id: string }>("create_ticket", { title: "One" });
  for (const [tool, input] of [
    ["get_ticket", { id, include: ["bdoy"] }],
    ["get_ticket", { id, include: "body,bdoy" }],
    ["list_tickets", { include: ["bdoy"] }],
    ["get_ticket", { id, fields: ["bdoy"] }],
  ] as const) {
    const { code, message } = await refusal(tool, input);
    expect([tool, code, message]).toEqual([
      tool,
      "bad_input",
      expect.stringMatching(/^'bdoy' is no field of a ticket/),
    ]);
  }
  expect((await refusal("ticket_stats", { include: ["body"] })).message).toContain("there is no field 'include'");
  expect((await refusal("add_ticket_comment", { id, text: "x", fields: ["id"] })).message).toContain("'fields'");
  expect(await call("get_ticket", { id, include: ["body", "notes"] })).toMatchObject({ id, body: "", notes: [] });
});

test("what Hephaestus' tools take is put into our words", async () => {
  const project = await tempStore();
  const { call } = await stdioClient(project.dir, { args: ["--tools", "all"] });
  const { id: ticket_id } = await call<{ id: string }>("create_ticket", { title: "One", assigned_agent_id: "@x" });
  await call("add_ticket_comment", { ticket_id, comment_text: "Stuck.", comment_type: "blocker", mentions: ["amy"] });
  await call("update_ticket", { ticket_id, updates: { title: "Two" }, update_comment: "Renamed." });
  await call("ask_human", { ticket_id, conflict_description: "A or B?", potential_solutions: ["A", "B"] });
  expect(await call("list_tickets", { include_completed: false })).toMatchObject({ total: 1 });
  expect(project.text(ticket_id)).toMatch(
    /^assignee: '@x'[\s\S]*# Two\n[\s\S]*Blocker: Stuck\.\n\n@amy[\s\S]*- A\n- B/m,
  );
});

test("lists, objects, numbers and switches are read as JSON text wherever a tool takes one", async () => {
  const project = await tempStore();
  const { call, refusal } = await stdioClient(project.dir, { args: ["--tools", "all"] });
  const operations = [
    { op: "create", name: "a", title: "First", tags: '["ui","needs review"]', priority: "1" },
    { op: "create", title: "Second", deps: '["$a"]' },
  ];
  const made = await call<{ names: { a: string } }>("batch", { operations: JSON.stringify(operations) });
  const { a } = made.names;
  await call("batch", { operations: [JSON.stringify({ op: "note", id: a, text: "by text" })] });
  expect(await call("list_tickets", { fields: '["id","tags"]', limit: "1", all: "true" })).toMatchObject({
    tickets: [{ id: a, tags: ["ui", "needs review"] }],
    total: 2,
  });
  expect(await call("get_ticket", { id: `["${a}"]`, include: '["notes"]' })).toMatchObject({
    notes: [{ text: "by text" }],
  });
  const found = await call("search_tickets", {
    query: "first",
    filters: '{"status":"closed"}',
    search_type: "keyword",
  });
  expect(found).toMatchObject({ total: 0 });
  for (const acceptance of [["It works", "It is fast"], '["It works","It is fast"]', "[ ] It works\nIt is fast"]) {
    const { id } = await call<{ id: string }>("create_ticket", { title: "With criteria", acceptance });
    expect(project.text(id)).toContain("[ ] It works\n- [ ] It is fast\n");
  }
  await call("update_ticket", { ids: `["${a}"]`, set: '{"customer":"acme"}', priority: "0" });
  expect(project.text(a)).toMatch(/^customer: acme$/m);
  for (const [tool, input] of [
    ["batch", { operations: ['{"op":'] }],
    ["batch", { operations: '[{"op":' }],
    ["list_tickets", { fields: '["id"' }],
  ] as const) {
    const { code, message } = await refusal(tool, input);
    expect([code, message]).toEqual(["bad_input", expect.stringContaining("begins as a JSON")]);
  }
  project.judge();
});
