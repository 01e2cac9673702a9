import type { ServerResponse } from "node:http";

/** What the model is to do next, whatever protocol it is asked by. */
export type Step =
  | { readonly shell: string }
  | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly say: string };

/** A tool that the model is offered, by its whole name. */
export interface Offered {
  readonly name: string;
  /** What the program groups it under, where it does. */
  readonly namespace?: string;
}

/** A call of a tool. */
export interface Call extends Offered {
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a request shows of the conversation. */
export interface Seen {
  readonly tools: readonly Offered[];
  /** What came back from the tools, in their order. */
  readonly results: readonly string[];
}

/** A request's or an answer's JSON. */
// biome-ignore lint/suspicious/noExplicitAny: three protocols of others, of which a few fields are read
export type Json = any;

/** How one maker's programs talk to its models. */
export interface Wire {
  /** Paths of requests. */
  readonly path: RegExp;
  readonly read: (body: Json) => Seen;
  readonly shell: (command: string) => Call;
  readonly say: (response: ServerResponse, body: Json, text: string) => void;
  readonly call: (response: ServerResponse, body: Json, id: string, call: Call) => void;
}

/** Sends events as a stream; of pairs, the first is the event's name. */
export function sendEvents(response: ServerResponse, events: readonly (readonly [string | undefined, Json])[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const [name, data] of events) {
    response.write(`${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);
  }
  response.end();
}

/** Sends one JSON. */
export function sendJson(response: ServerResponse, body: Json, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** Every text in a JSON, a line each: what a model gets to read. */
export function textsIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return "";
  return Object.values(value)
    .map(textsIn)
    .filter((text) => text !== "")
    .join("\n");
}
