import { describe, expect, test } from "vitest";
import { parseClaude } from "../../../src/work/adapters/claudeLines.ts";

const parse = (value: unknown) => parseClaude(JSON.stringify(value));
const said = (...content: unknown[]) => ({
  type: "assistant",
  message: { role: "assistant", content },
  session_id: "s",
});
const RESULT = { type: "result", subtype: "success", is_error: false, num_turns: 3, session_id: "s", result: "Done." };

describe("a run of Claude Code", () => {
  test("begins with its session, and its version", () => {
    const init = { type: "system", subtype: "init", cwd: "/p", session_id: "6f1c-1", tools: ["Bash"], mcp_servers: [] };
    expect(parse({ ...init, claude_code_version: "2.1.332" })).toEqual([
      { type: "session", id: "6f1c-1", version: "2.1.332" },
    ]);
    expect(parse(init)).toEqual([{ type: "session", id: "6f1c-1" }]);
    expect(parse({ ...init, session_id: "--resume" })).toEqual([]);
  });

  test("says texts, thoughts and tools with what they are about", () => {
    const bash = { type: "tool_use", id: "toolu_1", name: "Bash", input: { command: "npm test", description: "Test" } };
    const tool = { type: "tool_use", id: "toolu_2", name: "mcp__ayo__claim_ticket", input: { id: "pro-1" } };
    expect(
      parse(
        said({ type: "thinking", thinking: "Hm.", signature: "x" }, { type: "text", text: "Testing." }, bash, tool),
      ),
    ).toEqual([
      { type: "thought", text: "Hm." },
      { type: "text", text: "Testing." },
      { type: "tool", phase: "begin", id: "toolu_1", name: "Bash", detail: "npm test" },
      { type: "tool", phase: "begin", id: "toolu_2", name: "mcp__ayo__claim_ticket", detail: '{"id":"pro-1"}' },
    ]);
  });

  test("says what came back from tools; a success may not say that it is one", () => {
    const content = [
      { type: "tool_result", tool_use_id: "toolu_1", content: "12 pass\n" },
      { type: "tool_result", tool_use_id: "toolu_2", content: [{ type: "text", text: "no" }], is_error: true },
      { type: "text", text: "[Request interrupted by user]" },
    ];
    expect(parse({ type: "user", message: { role: "user", content } })).toEqual([
      { type: "tool", phase: "end", id: "toolu_1", ok: true, detail: "12 pass\n" },
      { type: "tool", phase: "end", id: "toolu_2", ok: false, detail: "no" },
    ]);
    expect(parse({ type: "user", message: { role: "user", content: "a prompt that is told again" } })).toEqual([]);
  });

  test.for([
    [401, "authentication_failed", true],
    [403, "unknown", true],
    [529, "overloaded", undefined],
    [429, "rate_limit", undefined],
    [null, "unknown", undefined],
  ] as const)("a retry after %s %s is a matter of login: %s", ([status, error, isLogin]) => {
    const line = { type: "system", subtype: "api_retry", attempt: 2, max_retries: 10, error_status: status, error };
    const why = `${error}${status === null ? "" : ` (status ${status})`}, try 2 of 10`;
    expect(parse(line)).toEqual([{ type: "retry", why, ...(isLogin && { isLogin }) }]);
  });

  test("says that a helper of its own tries again", () => {
    const subagent_retry = { attempt: 1, max_retries: 10, error_status: 529, error_category: "overloaded" };
    expect(parse({ type: "tool_progress", tool_name: "Agent", subagent_retry })).toEqual([
      { type: "retry", why: "overloaded (status 529), try 1 of 10" },
    ]);
    expect(parse({ type: "tool_progress", tool_name: "Bash", elapsed_time_seconds: 3 })).toEqual([]);
  });

  test("says what it was not allowed to do", () => {
    const line = { type: "system", subtype: "permission_denied", tool_name: "Bash", message: "needs approval" };
    expect(parse(line)).toEqual([{ type: "denied", what: "Bash: needs approval" }]);
  });

  test("ends well with its words, its answer to a schema, and what it used up", () => {
    const usage = { input_tokens: 10, cache_creation_input_tokens: 5, cache_read_input_tokens: 80, output_tokens: 5 };
    const line = { ...RESULT, structured_output: { ok: true }, total_cost_usd: 0.25, usage };
    expect(parse(line)).toEqual([
      { type: "usage", tokens: 100 },
      { type: "usage", cost: 0.25, isTotal: true },
      { type: "end", ok: true, text: "Done.", output: { ok: true } },
    ]);
    expect(parse(RESULT)).toEqual([{ type: "end", ok: true, text: "Done." }]);
  });

  test.for([
    [{ is_error: true, result: 'API Error: 529 {"type":"overloaded_error"}' }, { isTransient: true }],
    [{ is_error: true, result: "API Error: 400 bad" }, {}],
    [{ is_error: true, result: "x", api_error_status: 500 }, { isTransient: true }],
    [{ is_error: true, result: "Invalid API key · Please run /login" }, { isLogin: true }],
    [{ is_error: true, result: "API Error: Unable to connect to API (ECONNREFUSED)" }, { isTransient: true }],
  ] as const)("a success that is an error is none: %j", ([over, more]) => {
    const { result: why } = over;
    expect(parse({ ...RESULT, ...over })).toEqual([{ type: "end", ok: false, why, text: why, ...more }]);
  });

  test("ends ill with the reason that there is", () => {
    const line = { type: "result", subtype: "error_max_budget_usd", is_error: false, errors: [] };
    expect(parse(line)).toEqual([{ type: "end", ok: false, why: "error max budget usd" }]);
    expect(
      parse({ ...line, subtype: "error_during_execution", errors: ["No conversation found with session ID: x"] }),
    ).toEqual([{ type: "end", ok: false, why: "No conversation found with session ID: x", isSessionGone: true }]);
    expect(parse({ type: "result" })).toEqual([{ type: "end", ok: false, why: "no reason told" }]);
  });

  test("says nothing by lines that are about nothing, and shows those that nobody knows", () => {
    for (const type of ["rate_limit_event", "stream_event", "tool_use_summary", "auth_status"])
      expect(parse({ type })).toEqual([]);
    expect(parse({ type: "system", subtype: "compact_boundary" })).toEqual([]);
    expect(parseClaude("")).toEqual([]);
    for (const line of ['{"type":"later"}', "null", "[1]", "Warning: x", '{"type":"res', "{}"])
      expect(parseClaude(line)).toEqual([{ type: "raw", line }]);
  });
});
