import { describe, expect, test } from "vitest";
import { parseCodex } from "../../../src/work/adapters/codexLines.ts";

const parse = (value: unknown) => parseCodex(JSON.stringify(value));
const item = (type: string, it: Readonly<Record<string, unknown>>) => parse({ type, item: { id: "item_1", ...it } });

describe("a run of Codex", () => {
  test("begins with its thread", () => {
    const id = "019f2943-c0af-75b0-9d7b-d58679594749";
    expect(parse({ type: "thread.started", thread_id: id })).toEqual([{ type: "session", id }]);
    expect(parse({ type: "thread.started", thread_id: "-c sandbox_mode" })).toEqual([]);
    expect(parse({ type: "turn.started" })).toEqual([]);
  });

  test("says texts and thoughts", () => {
    expect(item("item.completed", { type: "agent_message", text: "Done." })).toEqual([{ type: "text", text: "Done." }]);
    expect(item("item.completed", { type: "reasoning", text: "Hm." })).toEqual([{ type: "thought", text: "Hm." }]);
    expect(item("item.completed", { type: "todo_list", items: [] })).toEqual([]);
  });

  test("says commands, with how they ended", () => {
    const command = { type: "command_execution", command: "bash -lc 'npm test'", aggregated_output: "" };
    const same = { type: "tool", name: "shell", id: "item_1" };
    expect(item("item.started", { ...command, status: "in_progress", exit_code: null })).toEqual([
      { ...same, phase: "begin", detail: "bash -lc 'npm test'" },
    ]);
    const ended = { ...command, aggregated_output: "1 fails\n", exit_code: 1, status: "failed" };
    expect(item("item.completed", ended)).toEqual([{ ...same, phase: "end", ok: false, detail: "1 fails\n" }]);
    expect(item("item.completed", { ...ended, exit_code: 0, status: "completed" })).toEqual([
      { ...same, phase: "end", ok: true, detail: "1 fails\n" },
    ]);
    expect(item("item.completed", { ...command, exit_code: null, status: "declined" })).toEqual([
      { type: "denied", what: "bash -lc 'npm test'" },
      { ...same, phase: "end", ok: false, detail: "bash -lc 'npm test'" },
    ]);
  });

  test("says tools of servers, and changes of files", () => {
    const call = { type: "mcp_tool_call", server: "ayo", tool: "claim_ticket", arguments: { id: "pro-1" } };
    const same = { type: "tool", name: "ayo.claim_ticket", id: "item_1" };
    expect(item("item.started", { ...call, status: "in_progress" })).toEqual([
      { ...same, phase: "begin", detail: '{"id":"pro-1"}' },
    ]);
    const result = { content: [{ type: "text", text: "claimed" }] };
    expect(item("item.completed", { ...call, status: "completed", result, error: null })).toEqual([
      { ...same, phase: "end", ok: true, detail: "claimed" },
    ]);
    expect(item("item.completed", { ...call, status: "failed", error: { message: "no" } })).toEqual([
      { ...same, phase: "end", ok: false, detail: "no" },
    ]);
    const changes = [
      { path: "/p/a.ts", kind: "update" },
      { path: "/p/b.ts", kind: "add" },
    ];
    expect(item("item.completed", { type: "file_change", changes, status: "completed" })).toEqual([
      { type: "tool", name: "edit", id: "item_1", phase: "end", ok: true, detail: "update /p/a.ts\nadd /p/b.ts" },
    ]);
  });

  test("ends well, with the tokens of its whole thread", () => {
    const usage = { input_tokens: 20, cached_input_tokens: 10, output_tokens: 5 };
    expect(parse({ type: "turn.completed", usage })).toEqual([
      { type: "usage", tokens: 25, isTotal: true },
      { type: "end", ok: true },
    ]);
    expect(parse({ type: "turn.completed" })).toEqual([{ type: "end", ok: true }]);
  });

  test.for([
    ["exceeded retry limit, last status: 429 Too Many Requests", { isTransient: true }],
    ["stream disconnected before completion: error sending request for url", { isTransient: true }],
    ["unexpected status 401 Unauthorized: Missing bearer", { isLogin: true }],
    ["unexpected status 400 Bad Request", {}],
    ["You've hit your usage limit. Try again at 3:45 PM.", {}],
    ["Selected model is at capacity. Please try a different model.", { isTransient: true }],
    ["thread/resume failed: no rollout found for thread id 019f", { isSessionGone: true }],
  ] as const)("fails by an event or a turn: %s", ([message, more]) => {
    const end = { type: "end", ok: false, why: message, ...more };
    expect(parse({ type: "turn.failed", error: { message } })).toEqual([end]);
    expect(parse({ type: "error", message })).toEqual([end]);
  });

  test("says the words inside of what a server answered", () => {
    const message = JSON.stringify({ error: { message: "The model does not exist" }, status: 400 });
    expect(parse({ type: "turn.failed", error: { message } })).toEqual([
      { type: "end", ok: false, why: "status 400: The model does not exist" },
    ]);
    expect(parse({ type: "turn.failed", error: "stub" })).toEqual([{ type: "end", ok: false, why: "stub" }]);
    expect(parse({ type: "turn.failed" })).toEqual([{ type: "end", ok: false, why: "the turn failed" }]);
  });

  test("says that it connects again, which is no end", () => {
    const message = "Reconnecting... 1/5 (unexpected status 401 Unauthorized)";
    expect(parse({ type: "error", message })).toEqual([{ type: "retry", why: message, isLogin: true }]);
    expect(parse({ type: "error", message: "Reconnecting... 2/5" })).toEqual([
      { type: "retry", why: "Reconnecting... 2/5" },
    ]);
  });

  test("shows warnings and what nobody knows", () => {
    expect(item("item.completed", { type: "error", message: "CODEX_HOME is below /tmp" })).toEqual([
      { type: "raw", line: "CODEX_HOME is below /tmp" },
    ]);
    for (const line of ['{"type":"later"}', "not json", '{"type":"turn.com'])
      expect(parseCodex(line)).toEqual([{ type: "raw", line }]);
  });
});
