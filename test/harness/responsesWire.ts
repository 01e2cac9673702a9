import type { ServerResponse } from "node:http";
import { type Json, sendEvents, type Wire } from "./wire.ts";

/** OpenAI's Responses API, as Codex speaks it: always as a stream. */
export const responsesWire: Wire = {
  path: /\/responses(\?|$)/,
  read: ({ input = [], tools = [] }: Json) => ({
    tools: tools.flatMap(({ type, name, tools: inside }: Json) =>
      type === "namespace"
        ? inside.map((tool: Json) => ({ name: tool.name, namespace: name }))
        : [{ name: name ?? type }],
    ),
    results: input
      .filter(({ type }: Json) => type === "function_call_output")
      .map(({ output }: Json) => textOf(output)),
  }),
  shell: (cmd) => ({ name: "exec_command", input: { cmd } }),
  say: (response, body, text) => {
    const content = [{ type: "output_text", text, annotations: [] }];
    send(response, body, { type: "message", id: "msg_1", role: "assistant", status: "completed", content });
  },
  call: (response, body, id, { name, namespace, input }) => {
    const item = { type: "function_call", id: `fc_${id}`, call_id: `call_${id}`, name, status: "completed" };
    send(response, body, {
      ...item,
      ...(namespace === undefined ? {} : { namespace }),
      arguments: JSON.stringify(input),
    });
  },
};

/** What a tool answered: a text, or parts with texts. */
function textOf(output: Json): string {
  return typeof output === "string" ? output : output.map(({ text = "" }: Json) => text).join("\n");
}

function send(res: ServerResponse, { model }: Json, item: Json): void {
  const usage = { input_tokens: 10, output_tokens: 10, total_tokens: 20 };
  const response = {
    id: "resp_1",
    object: "response",
    created_at: 0,
    model,
    status: "completed",
    output: [item],
    usage,
  };
  const events: Json[] = [
    { type: "response.created", response: { ...response, status: "in_progress", output: [], usage: null } },
    { type: "response.output_item.added", output_index: 0, item: { ...item, status: "in_progress" } },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response },
  ];
  sendEvents(
    res,
    events.map((event, at) => [event.type, { ...event, sequence_number: at }]),
  );
}
