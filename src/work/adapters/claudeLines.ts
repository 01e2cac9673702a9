import { failureOf } from "./failures.ts";
import { guarded, raw, sessionName } from "./guarded.ts";
import { at, type Fields, fieldsOf, listAt, numberAt, objectIn, shown, sumOf, textAt } from "./json.ts";
import type { EndEvent, RunEvent } from "./runEvent.ts";
import { clean, cleanName, coloured, MAX_DETAIL } from "./texts.ts";

/** Lines that are known and say nothing that matters here. */
const SILENT = [
  ...["auth_status", "control_request", "control_response", "keep_alive", "prompt_suggestion", "rate_limit_event"],
  ...["stream_event", "tool_use_summary"],
];

const TOKENS = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens"];
/** What of a tool's input says most. */
const TELLING = ["command", "file_path", "notebook_path", "pattern", "url", "query", "description"];

/** What a line of `claude -p --output-format stream-json` says. */
export const parseClaude = guarded((line) => {
  if (line.trim() === "") return [];
  const fields = objectIn(line);
  const type = textAt(fields, "type");
  if (fields === undefined || type === undefined) return [raw(line)];
  if (type === "system") return system(fields);
  if (type === "assistant") return listAt(fields, "message", "content").flatMap(said);
  if (type === "user") return listAt(fields, "message", "content").flatMap(toolResult);
  if (type === "tool_progress") return subagentRetry(fields);
  if (type === "result") return result(fields);
  return SILENT.includes(type) ? [] : [raw(line)];
});

function system(fields: Fields): readonly RunEvent[] {
  switch (fields.subtype) {
    case "init": {
      const id = sessionName(textAt(fields, "session_id"));
      const version = textAt(fields, "claude_code_version");
      return id === undefined ? [] : [{ type: "session", id, ...(version && { version: cleanName(version) }) }];
    }
    case "api_retry":
      return [retry(fields, "error")];
    case "permission_denied": {
      const why = textAt(fields, "decision_reason") ?? textAt(fields, "message");
      const what = [textAt(fields, "tool_name") ?? "a tool", why].filter((one) => one !== undefined).join(": ");
      return [{ type: "denied", what: clean(what, MAX_DETAIL) }];
    }
    default:
      return [];
  }
}

/** `error_status` is missing where the model was not reached at all. */
function retry(fields: unknown, kindKey: string): RunEvent {
  const kind = textAt(fields, kindKey) ?? "no answer";
  const status = numberAt(fields, "error_status");
  const [attempt, most] = [numberAt(fields, "attempt"), numberAt(fields, "max_retries")];
  const tries = attempt === undefined ? "" : `, try ${attempt}${most === undefined ? "" : ` of ${most}`}`;
  const why = clean(`${kind}${status === undefined ? "" : ` (status ${status})`}${tries}`, MAX_DETAIL);
  const { isLogin } = failureOf(kind, status);
  return { type: "retry", why, ...(isLogin === true ? { isLogin } : {}) };
}

function subagentRetry(fields: Fields): readonly RunEvent[] {
  const found = fieldsOf(fields.subagent_retry);
  return found === undefined ? [] : [retry(found, "error_category")];
}

function said(block: unknown): readonly RunEvent[] {
  const [text, thought] = [textAt(block, "text"), textAt(block, "thinking")];
  switch (at(block, "type")) {
    case "text":
      return text === undefined ? [] : [{ type: "text", text: clean(text) }];
    case "thinking":
      return thought === undefined ? [] : [{ type: "thought", text: clean(thought, MAX_DETAIL) }];
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use":
      return [toolUse(block)];
    default:
      return [];
  }
}

function toolUse(block: unknown): RunEvent {
  const input = at(block, "input");
  const telling = TELLING.map((key) => textAt(input, key)).find((text) => text !== undefined) ?? shown(input);
  const detail = telling === undefined ? {} : { detail: clean(telling, MAX_DETAIL) };
  return { type: "tool", phase: "begin", ...idOf(textAt(block, "id")), name: toolName(block), ...detail };
}

function toolName(block: unknown): string {
  return cleanName(textAt(block, "name") ?? "tool");
}

function idOf(id: string | undefined): { readonly id?: string } {
  return id === undefined ? {} : { id: cleanName(id) };
}

/** What comes back from a tool; a success may leave `is_error` out. */
function toolResult(block: unknown): readonly RunEvent[] {
  if (at(block, "type") !== "tool_result") return [];
  const text = shown(at(block, "content"));
  const detail = text === undefined ? {} : { detail: coloured(text, MAX_DETAIL) };
  const ok = at(block, "is_error") !== true;
  return [{ type: "tool", phase: "end", ...idOf(textAt(block, "tool_use_id")), ok, ...detail }];
}

/** Tokens are this run's; the cost is its session's. */
function result(fields: Fields): readonly RunEvent[] {
  const tokens = sumOf(fields.usage, TOKENS);
  const cost = numberAt(fields, "total_cost_usd");
  return [
    ...(tokens === undefined ? [] : [{ type: "usage", tokens } as const]),
    ...(cost === undefined ? [] : [{ type: "usage", cost, isTotal: true } as const]),
    endOf(fields),
  ];
}

/** The subtype alone lies: what the model's server refused is called a success that is an error. */
function endOf(fields: Fields): EndEvent {
  const text = textAt(fields, "result");
  const output = fields.structured_output;
  const words = {
    ...(text === undefined ? {} : { text: clean(text) }),
    ...(output === undefined || output === null ? {} : { output }),
  };
  if (fields.subtype === "success" && fields.is_error !== true) return { type: "end", ok: true, ...words };
  const errors = listAt(fields, "errors").flatMap((one) => shown(one) ?? []);
  const subtype = textAt(fields, "subtype") ?? "no reason told";
  const why = (errors.length > 0 ? errors.join("\n") : text) ?? subtype.replaceAll("_", " ");
  const failure = failureOf(why, numberAt(fields, "api_error_status"));
  return { type: "end", ok: false, why: clean(why, MAX_DETAIL), ...words, ...failure };
}
