import { failureOf } from "./failures.ts";
import { guarded, raw, sessionName } from "./guarded.ts";
import { at, type Fields, listAt, objectIn, shown, sumOf, textAt } from "./json.ts";
import type { RunEvent } from "./runEvent.ts";
import { clean, cleanName, coloured, MAX_DETAIL } from "./texts.ts";

/** Items that are tools, by what says what they do. */
const TOOLS: Readonly<
  Record<string, (item: unknown) => { readonly name: string; readonly detail?: string | undefined }>
> = {
  command_execution: (item) => ({ name: "shell", detail: textAt(item, "command") }),
  file_change: (item) => ({ name: "edit", detail: changesOf(item) }),
  mcp_tool_call: (item) => ({
    name: [textAt(item, "server"), textAt(item, "tool")].filter((one) => one !== undefined).join("."),
    detail: shown(at(item, "arguments")),
  }),
  collab_tool_call: (item) => ({ name: textAt(item, "tool") ?? "agent", detail: textAt(item, "prompt") }),
  web_search: (item) => ({ name: "search", detail: textAt(item, "query") }),
};

/** What its tools gave back, wherever that stands. */
const GIVEN = [["aggregated_output"], ["error", "message"], ["result", "content"], ["result"]];

/** A connection that it makes anew by itself. */
const AGAIN = /^\s*Reconnecting\b/i;

/** What a line of `codex exec --json` says. */
export const parseCodex = guarded((line) => {
  if (line.trim() === "") return [];
  const fields = objectIn(line);
  switch (textAt(fields, "type")) {
    case "thread.started": {
      const id = sessionName(textAt(fields, "thread_id"));
      return id === undefined ? [] : [{ type: "session", id }];
    }
    case "item.started":
      return begun(at(fields, "item"));
    case "item.completed":
      return completed(at(fields, "item"));
    case "turn.completed":
      return turnCompleted(fields as Fields);
    case "turn.failed":
      return [failed(fields?.error)];
    case "error":
      return [error(fields as Fields)];
    case "turn.started":
    case "item.updated":
      return [];
    default:
      return [raw(line)];
  }
});

function begun(item: unknown): readonly RunEvent[] {
  const tool = toolOf(item);
  return tool === undefined ? [] : [{ type: "tool", phase: "begin", ...tool.same, ...tool.detail }];
}

function toolOf(item: unknown) {
  const type = textAt(item, "type") ?? "";
  if (!Object.hasOwn(TOOLS, type)) return undefined;
  const told = TOOLS[type]?.(item);
  const id = textAt(item, "id");
  const same = { name: cleanName(told?.name || "tool"), ...(id === undefined ? {} : { id: cleanName(id) }) };
  return { same, detail: told?.detail === undefined ? {} : { detail: clean(told.detail, MAX_DETAIL) } };
}

function completed(item: unknown): readonly RunEvent[] {
  const text = textAt(item, "text");
  switch (at(item, "type")) {
    case "agent_message":
      return text === undefined ? [] : [{ type: "text", text: clean(text) }];
    case "reasoning":
      return text === undefined ? [] : [{ type: "thought", text: clean(text, MAX_DETAIL) }];
    case "error":
      // A warning: what ends its work comes as an event of its own.
      return [raw(textAt(item, "message") ?? "a warning without words")];
    default:
      return ended(item);
  }
}

function ended(item: unknown): readonly RunEvent[] {
  const tool = toolOf(item);
  if (tool === undefined) return [];
  const given = GIVEN.map((path) => shown(at(item, ...path))).find((one) => one !== undefined);
  const status = textAt(item, "status");
  const exit = at(item, "exit_code");
  const ok = status !== "failed" && status !== "declined" && (typeof exit !== "number" || exit === 0);
  const detail = given === undefined ? tool.detail : { detail: coloured(given, MAX_DETAIL) };
  const end: RunEvent = { type: "tool", phase: "end", ...tool.same, ok, ...detail };
  return status === "declined" ? [{ type: "denied", what: tool.detail.detail ?? tool.same.name }, end] : [end];
}

function changesOf(item: unknown): string | undefined {
  const changes = listAt(item, "changes").map((one) =>
    [textAt(one, "kind"), textAt(one, "path")].filter((word) => word !== undefined).join(" "),
  );
  return changes.length === 0 ? undefined : changes.join("\n");
}

/** What it counts is its thread's, earlier turns included; cached tokens are among those of the input. */
function turnCompleted(fields: Fields): readonly RunEvent[] {
  const tokens = sumOf(fields.usage, ["input_tokens", "output_tokens"]);
  const end: RunEvent = { type: "end", ok: true };
  return tokens === undefined ? [end] : [{ type: "usage", tokens, isTotal: true }, end];
}

function failed(error: unknown): RunEvent {
  const why = innerMessage(textAt(error, "message") ?? shown(error) ?? "the turn failed");
  return { type: "end", ok: false, why: clean(why, MAX_DETAIL), ...failureOf(why) };
}

function error(fields: Fields): RunEvent {
  const message = textAt(fields, "message") ?? "";
  if (!AGAIN.test(message)) return failed(fields);
  const { isLogin } = failureOf(message);
  return { type: "retry", why: clean(message, MAX_DETAIL), ...(isLogin === true ? { isLogin } : {}) };
}

/** Some messages are the JSON that the server answered. */
function innerMessage(message: string): string {
  const fields = objectIn(message);
  const inner = textAt(fields, "error", "message") ?? textAt(fields, "message") ?? textAt(fields, "detail");
  const status = at(fields, "status");
  return inner === undefined ? message : `${typeof status === "number" ? `status ${status}: ` : ""}${inner}`;
}
