import { expect, test } from "vitest";
import { callTool } from "../../src/mcp/callTool.ts";
import { placesOf } from "../../src/mcp/place.ts";
import { loadTools } from "../../src/mcp/tools.ts";
import { tempStore, testHost } from "../helpers/tempStore.ts";

const TOOLS = await loadTools();

/** What a tool is called with, in a store with tickets A and B of project web; `A` and `B` stand for their ids. */
const INPUTS: Readonly<Record<string, object>> = {
  create_ticket: { title: "One more" },
  get_ticket: { id: "A" },
  search_tickets: { query: "login" },
  update_ticket: { ids: ["A"], priority: "0" },
  add_ticket_comment: { id: "A", text: "x" },
  add_dependency: { id: "A", dep: "B" },
  claim_ticket: { ids: ["A"] },
  renew_claim: {},
  start_ticket: { ids: ["A"] },
  block_ticket: { id: "A", message: "x" },
  submit_ticket: { id: "A" },
  approve_ticket: { id: "A" },
  reject_ticket: { id: "A", message: "x" },
  resolve_ticket: { ids: ["A"], message: "x" },
  release_ticket: { ids: ["A"] },
  change_ticket_status: { ids: ["A"], status: "in_progress" },
  create_task: { description: "Phase 1: Go on - TICKET: A", phase_id: 1, ticket_id: "A" },
  ask_human: { id: "B", question: "Which?" },
  link_commit: { id: "A", commit: "1234567890abcdef" },
  rank_ticket: { ids: ["A"], first: true },
  attach_file: { id: "A", name: "a.txt", text: "x" },
  delegate_ticket: { id: "A", title: "Part", to: "@c" },
  check_landed: { id: "A" },
  ticket_history: { id: "A" },
  ticket_channel: { id: "A" },
  ticket_tree: { id: "A" },
  verify_ticket: { ids: ["A"] },
  run_log: { run: "A" },
  run_pipeline: { pipeline: "x" },
  inbox_done: { keys: ["A"] },
  inbox_snooze: { keys: ["A"], until: "1h" },
  batch: { operations: [{ op: "create", title: "C" }] },
  get_project: { project: "web" },
  create_project: { name: "Shop" },
  edit_project: { project: "web", due: "2030-01-01" },
};

/** What cannot be done in such a store, and how it is refused. */
const REFUSED: Readonly<Record<string, string>> = {
  approve_ticket: "self_review",
  verify_ticket: "bad_input",
  sync_tickets: "bad_usage",
  run_pipeline: "not_found",
  run_log: "not_found",
};

test("every tool answers, or says what it refuses, when it is called with what it takes", async () => {
  const store = await tempStore({ project: true });
  await store.ayo("project", "create", "Web");
  const make = (title: string) => store.ayo("ticket", "create", title, "--project", "web", "-q");
  const [a, b] = [await make("Fix login"), await make("Log out")];
  const place = placesOf({ host: testHost(store.dir), choice: {}, as: "@a", all: true });
  const call = async (name: string, input: object = INPUTS[name] ?? {}) => {
    const text = JSON.stringify(input).replaceAll(/\bA\b/g, a).replaceAll(/"B"/g, JSON.stringify(b));
    const given = JSON.parse(text);
    const { content } = await callTool(TOOLS, place, { roots: [], name: "t" }, { name, arguments: given });
    return JSON.parse((content[0] as { text: string }).text);
  };
  const wrong: string[] = [];
  for (const { name } of TOOLS) {
    const { error } = await call(name);
    if (error?.code !== REFUSED[name]) wrong.push(`${name}: ${error?.code}: ${error?.message}`);
  }
  expect(wrong).toEqual([]);
  expect(await call("get_project")).toMatchObject({ project: { slug: "web" }, total: 2, truncated: false });
  await store.ayo("project", "archive", "web");
  await store.ayo("project", "archive", "shop");
  expect(await call("list_projects")).toEqual({ projects: [], total: 0, archived: 2 });
  store.judge();
});
