import type { ServerResponse } from "node:http";
import { type Json, sendEvents, sendJson, textsIn, type Wire } from "./wire.ts";

/** Gemini's generateContent, as Gemini CLI speaks it. */
export const geminiWire: Wire = {
  path: /:(?:streamGenerateContent|generateContent)(\?|$)/,
  read: ({ contents = [], tools = [] }: Json) => ({
    tools: tools.flatMap(({ functionDeclarations = [] }: Json) =>
      functionDeclarations.map(({ name }: Json) => ({ name })),
    ),
    results: contents
      .flatMap(({ parts = [] }: Json) => parts)
      .filter(({ functionResponse }: Json) => functionResponse !== undefined)
      .map(({ functionResponse }: Json) => textsIn(functionResponse.response)),
  }),
  shell: (command) => ({
    name: "run_shell_command",
    input: { command, description: "scripted", is_background: false },
  }),
  say: (response, body, text) => send(response, body, { text }),
  call: (response, body, id, { name, input }) =>
    send(response, body, { functionCall: { id: `call_${id}`, name, args: input }, thoughtSignature: "c2ln" }),
};

function send(response: ServerResponse, { isStream }: Json, part: Json): void {
  const body = {
    candidates: [{ content: { role: "model", parts: [part] }, finishReason: "STOP", index: 0 }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 },
  };
  if (isStream) sendEvents(response, [[undefined, body]]);
  else sendJson(response, body);
}
