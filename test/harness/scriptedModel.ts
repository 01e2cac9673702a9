import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { anthropicWire } from "./anthropicWire.ts";
import { geminiWire } from "./geminiWire.ts";
import { responsesWire } from "./responsesWire.ts";
import { type Call, type Json, type Seen, type Step, sendJson, textsIn, type Wire } from "./wire.ts";

const WIRES = [anthropicWire, responsesWire, geminiWire];

/** One turn of the conversation: what the model got to read, and what it was told of its last call. */
export interface Turn extends Seen {
  readonly text: string;
}

/** A model on this machine that follows a script. */
export interface ScriptedModel {
  readonly url: string;
  /** The turns so far. */
  readonly turns: readonly Turn[];
  /** What came back from all calls; at the end of a run. */
  results(): readonly string[];
}

/**
 * Starts one. It keeps no state: what it does next is told by how many results the conversation has, so that a
 * request that is made again is answered as before. A step that cannot be done is said, and ends the run.
 */
export async function scriptedModel(steps: readonly Step[]): Promise<ScriptedModel> {
  const turns: Turn[] = [];
  const server = createServer((request, response) => {
    answer(steps, turns, request, response).catch((error: Error) => sendJson(response, { error: error.stack }, 500));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, turns, results: () => turns.at(-1)?.results ?? [] };
}

async function answer(
  steps: readonly Step[],
  turns: Turn[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = request.url ?? "";
  const wire = request.method === "POST" ? WIRES.find(({ path }) => path.test(url)) : undefined;
  if (wire === undefined) return sendJson(response, { error: { message: `no ${request.method} ${url}` } }, 404);
  const body: Json = { ...JSON.parse(Buffer.concat(chunks).toString()), isStream: url.includes(":stream") };
  const seen = wire.read(body);
  // Titles and the like are asked for without tools.
  if (seen.tools.length === 0) return wire.say(response, body, "ok");
  turns.push({ ...seen, text: textsIn(body) });
  const at = seen.results.length;
  const step = steps[at] ?? { say: "Done." };
  const call = "say" in step ? step.say : callOf(wire, step, seen);
  if (typeof call === "string") wire.say(response, body, call);
  else wire.call(response, body, `${at}`, call);
}

/** The call that a step means, or why there can be none. */
function callOf(wire: Wire, step: Exclude<Step, { say: string }>, { tools }: Seen): Call | string {
  const wanted = "shell" in step ? wire.shell(step.shell) : { name: step.tool, input: step.input };
  const tool = tools.find(({ name }) => name === wanted.name || name.endsWith(`_${wanted.name}`));
  if (tool === undefined) return `no tool ${wanted.name} among ${tools.map(({ name }) => name).join(" ")}`;
  return { ...tool, input: wanted.input };
}
