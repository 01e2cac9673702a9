import type { ServerResponse } from "node:http";
import { type Json, sendEvents, sendJson, textsIn, type Wire } from "./wire.ts";

/** Anthropic's Messages API, as Claude Code speaks it. */
export const anthropicWire: Wire = {
  path: /\/v1\/messages(\?|$)/,
  read: ({ messages = [], tools = [] }: Json) => ({
    tools: tools.map(({ name }: Json) => ({ name })),
    results: messages
      .flatMap(({ content }: Json) => (Array.isArray(content) ? content : []))
      .filter(({ type }: Json) => type === "tool_result")
      .map(({ content }: Json) => textsIn(content)),
  }),
  shell: (command) => ({ name: "Bash", input: { command, description: "scripted" } }),
  say: (response, body, text) => send(response, body, { type: "text", text }),
  call: (response, body, id, { name, input }) =>
    send(response, body, { type: "tool_use", id: `toolu_${id}`, name, input }),
};

function send(response: ServerResponse, { model, stream }: Json, block: Json): void {
  const isCall = block.type === "tool_use";
  const usage = { input_tokens: 10, output_tokens: 10 };
  const end = { stop_reason: isCall ? "tool_use" : "end_turn", stop_sequence: null };
  const message = { id: "msg_1", type: "message", role: "assistant", model, content: [block], ...end, usage };
  if (stream !== true) {
    sendJson(response, message);
    return;
  }
  const empty = isCall ? { ...block, input: {} } : { ...block, text: "" };
  const delta = isCall
    ? { type: "input_json_delta", partial_json: JSON.stringify(block.input) }
    : { type: "text_delta", text: block.text };
  const events: Json[] = [
    { type: "message_start", message: { ...message, content: [], stop_reason: null } },
    { type: "content_block_start", index: 0, content_block: empty },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: end, usage },
    { type: "message_stop" },
  ];
  sendEvents(
    response,
    events.map((event) => [event.type, event]),
  );
}
