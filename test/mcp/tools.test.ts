import { describe, expect, test } from "vitest";
import { describeInput } from "../../src/actions/input/describeInput.ts";
import { listTool } from "../../src/mcp/toolSchema.ts";
import { loadTools } from "../../src/mcp/tools.ts";
import { tokens } from "../helpers/tokens.ts";

const TOOLS = await loadTools();

/** The names that the field uses (the contract's list). */
const NAMES =
  "create_ticket search_tickets get_ticket list_tickets ready_tickets claim_ticket release_ticket renew_claim start_ticket change_ticket_status update_ticket rank_ticket add_ticket_comment submit_ticket approve_ticket reject_ticket resolve_ticket block_ticket ask_human link_commit add_dependency attach_file ticket_graph ticket_history ticket_channel ticket_stats batch create_task sync_tickets inbox inbox_done inbox_snooze list_projects get_project create_project edit_project list_runs run_log verify_ticket delegate_ticket check_landed ticket_tree run_pipeline".split(
    " ",
  );

describe("the table of tools", () => {
  test("names each tool once, by a name of the field", () => {
    const names = TOOLS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  test("has a core of at most ten tools in at most 1,500 tokens, and all in at most 5,300", () => {
    const core = TOOLS.filter((tool) => tool.core);
    expect(core.length).toBeLessThanOrEqual(10);
    expect(tokens({ tools: core.map(listTool) })).toBeLessThanOrEqual(1_500);
    expect(tokens({ tools: TOOLS.map(listTool) })).toBeLessThanOrEqual(5_300);
  });

  test.for(TOOLS)(
    "$name shows inputs of its action, the required ones among them",
    ({ action, show, aliases, name, isOwnWork }) => {
      const fields = describeInput(action.input);
      const known = fields.map((field) => field.name);
      expect(show.filter((field) => !known.includes(field))).toEqual([]);
      const required = fields.filter((field) => field.required).map((field) => field.name);
      expect(required.filter((field) => !show.includes(field))).toEqual([]);
      expect(Object.values(aliases).filter((field) => !known.includes(field))).toEqual([]);
      expect(Object.keys(aliases).filter((alias) => known.includes(alias))).toEqual([]);
      const { inputSchema, annotations } = listTool(TOOLS.find((tool) => tool.name === name) ?? expect.fail());
      // Of one's own work the only ticket that one holds is meant.
      const named = required.filter((field) => !(isOwnWork && ["id", "ids"].includes(field)));
      expect(inputSchema.required ?? []).toEqual(named);
      expect(annotations).toEqual(action.writes ? undefined : { readOnlyHint: true });
    },
  );

  test("has schemas that every client takes: one type each, and nothing composed", () => {
    const faults: string[] = [];
    const walk = (schema: Record<string, unknown>, at: string): void => {
      const composed = ["anyOf", "oneOf", "allOf", "$ref", "const", "not"].filter((word) => word in schema);
      if (typeof schema.type !== "string" || composed.length > 0) faults.push(`${at}: ${schema.type} ${composed}`);
      const { properties = {}, items, additionalProperties } = schema as Record<string, object | undefined>;
      if (schema.type === "array" && items === undefined) faults.push(`${at}: no items`);
      for (const [name, inner] of Object.entries({ ...properties, items, additionalProperties }))
        if (typeof inner === "object") walk(inner as Record<string, unknown>, `${at}.${name}`);
    };
    for (const tool of TOOLS) walk(listTool(tool).inputSchema, tool.name);
    expect(faults).toEqual([]);
  });

  test("tells of every kind of input as JSON Schema", () => {
    const schemaOf = (name: string) => listTool(TOOLS.find((tool) => tool.name === name) ?? expect.fail()).inputSchema;
    expect(schemaOf("update_ticket").properties).toMatchObject({
      ids: { type: "array", items: { type: "string" }, description: "ticket ids" },
      title: { type: "string" },
      replace: { type: "boolean" },
      priority: { type: "string" },
      set: { type: "object", additionalProperties: { type: "string" } },
      as: { type: "string" },
      dir: { type: "string" },
    });
    expect(schemaOf("list_tickets").properties).toMatchObject({
      limit: { type: "integer" },
      sort: { enum: expect.arrayContaining(["priority"]) },
      fields: { type: "array" },
    });
    expect(schemaOf("batch").properties).toMatchObject({ operations: { type: "array", items: { type: "object" } } });
  });
});
