import { type CallToolResult, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { assertFields } from "../actions/answers/ticketFields.ts";
import { invoke } from "../actions/input/action.ts";
import { describeInput } from "../actions/input/describeInput.ts";
import { fitInput, jsonTextOf } from "../actions/input/fitInput.ts";
import { inOurWords } from "../actions/input/foreignInput.ts";
import { onlyHeld } from "../actions/lifecycle/claims/held.ts";
import { AyoError, refusedBySystem } from "../error.ts";
import type { Peer, Place } from "./place.ts";
import type { Tool } from "./tool.ts";

/** Data of an error that is longer than this, in characters of JSON, is no text for a model: only structured content has it. */
const MAX_DATA = 240;
/** And what is longer than this is for nobody. */
const MAX_STRUCTURED = 20_000;

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
    return refusal(error);
  }
}

async function run(tool: Tool, place: Place, peer: Peer, given: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { action } = tool;
  const { dir, ...others } = given;
  const { told, rest } = tool.tellsTickets ? wantedOf(others) : { told: {} as Told, rest: others };
  const [named, more] = [words("fields", told.fields), words("include", told.include)];
  assertFields(named ?? []);
  assertFields(more ?? [], "include");
  const input: Record<string, unknown> = {
    ...tool.defaults,
    ...fitInput(action.input, withoutNull(inOurWords(tool.takes, rest)), tool.aliases),
  };
  const store = place.store(peer, optionalWord("dir", dir), tool.name === "create_ticket" || tool.name === "batch");
  optionalWord("as", input.as);
  if (tool.isOwnWork && input.ids === undefined && input.id === undefined) {
    const own = await onlyHeld(store, optionalWord("as", input.as));
    const takesMany = describeInput(action.input).some(({ name }) => name === "ids");
    Object.assign(input, takesMany ? { ids: [own] } : { id: own });
  }
  const answer = await invoke(action, store, tool.complete?.(input) ?? input);
  return tool.brief(answer, { fields: named, include: more ?? [] });
}

/** Clients send null for what their model left out. */
function withoutNull(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

interface Told {
  readonly fields?: unknown;
  readonly include?: unknown;
}

/** What says how much of tickets is told, and what is the action's. */
function wantedOf({ fields, include, ...rest }: Readonly<Record<string, unknown>>) {
  const told: Told = { fields, include };
  return { told, rest };
}

function optionalWord(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  throw new AyoError("bad_input", `${name}: not a text`, { data: { field: name } });
}

/** A list of words, also as a text of JSON, or one text with commas. */
function words(name: string, value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const read = jsonTextOf(name, value, "list");
  const list: unknown[] = Array.isArray(read) ? read : String(read).split(",");
  if (list.every((one) => typeof one === "string")) return list.map((one) => one.trim());
  throw new AyoError("bad_input", `${name}: not a list of names`, { data: { field: name } });
}

/** What a refusal says: as a text for the model, and with all its data for programs. */
function refusal(thrown: unknown): CallToolResult {
  const { data, ...told } = facts(thrown);
  const length = data === undefined ? Number.POSITIVE_INFINITY : JSON.stringify(data).length;
  return {
    ...textResult({ error: length <= MAX_DATA ? { ...told, data } : told }),
    structuredContent: { error: length <= MAX_STRUCTURED ? { ...told, data } : told },
    isError: true,
  };
}

function facts(thrown: unknown): Pick<AyoError, "message" | "data"> & { readonly code: string } {
  const error = thrown instanceof AyoError ? thrown : (refusedBySystem(thrown) ?? thrown);
  if (error instanceof AyoError) return { code: error.code, message: error.message, data: error.data };
  return {
    code: "internal",
    message: `this is a bug in ayo: ${error instanceof Error ? error.stack : error}`,
    data: undefined,
  };
}

function textResult(value: unknown): CallToolResult {
  return { content: [{ type: "text", text: JSON.stringify(value) }] };
}
