import { type CallToolResult, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { assertFields } from "../actions/answers/ticketFields.ts";
import { invoke } from "../actions/input/action.ts";
import { fitInput } from "../actions/input/fitInput.ts";
import { AyoError, refusedBySystem } from "../error.ts";
import type { Peer, Place } from "./place.ts";
import type { Tool } from "./tool.ts";

/** Data of an error that is longer than this, in characters of JSON, is left out. */
const MAX_DATA = 240;

/**
 * Runs a tool. What the caller could do better comes back as a result that is an error, for the model to read.
 * @throws ProtocolError for a tool that there is not
 */
export async function callTool(
  tools: readonly Tool[],
  place: Place,
  peer: Peer,
  {
    name,
    arguments: given = {},
  }: { readonly name: string; readonly arguments?: Readonly<Record<string, unknown>> | undefined },
): Promise<CallToolResult> {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) {
    const names = tools.map((one) => one.name).join(", ");
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `there is no tool '${name}'; there are ${names}`);
  }
  try {
    return textResult(await run(tool, place, peer, given));
  } catch (error) {
    return { ...textResult({ error: facts(error) }), isError: true };
  }
}

async function run(tool: Tool, place: Place, peer: Peer, given: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { dir, fields, include, ...rest } = given;
  const { action } = tool;
  const named = words("fields", fields);
  if (named !== undefined) assertFields(named);
  const input: Record<string, unknown> = {
    ...tool.defaults,
    ...fitInput(action.input, rest, tool.aliases),
  };
  const store = place.store(peer, optionalWord("dir", dir), tool.name === "create_ticket" || tool.name === "batch");
  optionalWord("as", input.as);
  const answer = await invoke(action, store, tool.complete?.(input) ?? input);
  return tool.brief(answer, { fields: named, include: words("include", include) ?? [] });
}

function optionalWord(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  throw new AyoError("bad_input", `${name}: not a text`, { data: { field: name } });
}

/** A list of words, or one text with commas. */
function words(name: string, value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const list: unknown[] = Array.isArray(value) ? value : String(value).split(",");
  if (list.every((one) => typeof one === "string")) return list.map((one) => one.trim());
  throw new AyoError("bad_input", `${name}: not a list of names`, { data: { field: name } });
}

function facts(thrown: unknown): Readonly<Record<string, unknown>> {
  const error = thrown instanceof AyoError ? thrown : (refusedBySystem(thrown) ?? thrown);
  if (!(error instanceof AyoError)) {
    return { code: "internal", message: `this is a bug in ayo: ${error instanceof Error ? error.stack : error}` };
  }
  const { code, message, data } = error;
  return { code, message, ...(data === undefined || JSON.stringify(data).length > MAX_DATA ? {} : { data }) };
}

function textResult(value: unknown): CallToolResult {
  return { content: [{ type: "text", text: JSON.stringify(value) }] };
}
