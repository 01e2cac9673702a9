import { assertFields } from "../../actions/answers/ticketFields.ts";
import { describeInput } from "../../actions/input/describeInput.ts";
import { fitInput } from "../../actions/input/fitInput.ts";
import { inOurWords } from "../../actions/input/foreignInput.ts";
import { AyoError } from "../../error.ts";
import { versionIn } from "../answers/validators.ts";
import { nothingFor, replacesTexts } from "./clearing.ts";
import { mediaType, readBodyOf } from "./readBody.ts";
import type { Route } from "./route.ts";

/** What a request asks for: the action's input, and what only the server knows of. */
export interface Asked {
  readonly input: Record<string, unknown>;
  readonly workflow: string | undefined;
  /** Only these fields of tickets. */
  readonly fields: readonly string[] | undefined;
  /** What a change's answer is to have besides. */
  readonly include: "affected" | undefined;
  readonly cursor: string | undefined;
  readonly limit: number | undefined;
  /** So many tickets of the list come before the page. */
  readonly offset: number;
  /** The list begins at its other end. */
  readonly isReversed: boolean;
}

/**
 * The input of a route's action, from the path, the query or the JSON body, and the headers.
 * @throws bad_input for what the action does not take; HttpProblem too_large, unsupported_media_type
 */
export async function readInput(
  route: Route,
  request: Request,
  inPath: Readonly<Record<string, string>>,
): Promise<Asked> {
  const { searchParams } = new URL(request.url);
  if (route.method !== "get" && route.method !== "delete" && route.takesBytes === undefined)
    assertNoInput(searchParams);
  const query = queryOf(route, searchParams);
  const body = route.method === "get" ? {} : await readBodyOf(route, request);
  const told = inOurWords(route.takes ?? [], { ...query, ...body });
  const { workflow_id, fields, cursor, ...rest }: Record<string, unknown> = { ...told, ...inPath };
  assertNotSet(route, rest);
  const include = route.action.writes && route.method !== "get" ? includeOf(rest) : undefined;
  const page = route.pages === true ? pageOf(rest) : { offset: 0, isReversed: false };
  const input: Record<string, unknown> = {
    ...fitInput(route.action.input, { ...rest, ...route.sets }, route.names, {
      strict: route.loose !== true,
      ...(route.method === "patch" ? { nothingFor } : {}),
    }),
    ...(route.method === "patch" && replacesTexts(mediaType(request), body) ? { replace: true } : {}),
    ...fieldsToo(route, fields),
    ...fromHeaders(route, request),
  };
  const limit = route.pages === true ? limitOf(input.limit) : undefined;
  if (route.pages === true) delete input.limit;
  return {
    input,
    workflow: optionalText("workflow_id", workflow_id),
    fields: fields === undefined ? undefined : fieldsOf(fields),
    include,
    cursor: optionalText("cursor", cursor),
    limit,
    ...page,
  };
}

/** The action prunes what it writes itself: an export. */
function fieldsToo({ action }: Route, fields: unknown): Record<string, unknown> {
  const isOwn = fields !== undefined && describeInput(action.input).some(({ name }) => name === "fields");
  return isOwn ? { fields: fieldsOf(fields) } : {};
}

/** @throws bad_input for what a route sets itself, and nobody else does */
function assertNotSet({ sets = {} }: Route, given: Readonly<Record<string, unknown>>): void {
  const name = Object.keys(sets).find((one) => given[one] !== undefined);
  if (name !== undefined) throw bad(name, `there is no field '${name}' here`);
}

/** @throws bad_input for a name that no ticket has */
function fieldsOf(value: unknown): readonly string[] {
  const names = wordsOf("fields", value);
  assertFields(names);
  return names;
}

/** What says which store and how much of the answer; it changes nothing. */
const OF_THE_ANSWER = ["workflow_id", "fields", "include"];

/**
 * A form or a link of another site's page can have a query, but no body that is JSON. A DELETE is none of those: no page
 * of another site sends one unless we say that it may.
 */
function assertNoInput(params: URLSearchParams): void {
  const given = [...params.keys()].find((name) => !OF_THE_ANSWER.includes(name));
  if (given !== undefined)
    throw bad(given, `${given} belongs into the JSON body: a change takes nothing from the query`);
}

/** Repeated parameters make a list, and switches are words. */
function queryOf(route: Route, params: URLSearchParams): Record<string, unknown> {
  const switches = new Set(
    describeInput(route.action.input).flatMap(({ name, type }) => (type === "boolean" ? [name] : [])),
  );
  const query: Record<string, unknown> = {};
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name);
    const value: unknown = values.length === 1 ? values[0] : values;
    query[name] = switches.has(name) ? switchOf(name, value) : value;
  }
  return query;
}

function switchOf(name: string, value: unknown): boolean {
  if (value === "" || value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw bad(name, `${name} is true or false, not '${String(value)}'`);
}

/** If-Match is the version that a change was made for, X-Agent-ID the agent that makes it, or asks. */
function fromHeaders({ action, method }: Route, { headers }: Request): Record<string, unknown> {
  const known = new Set(describeInput(action.input).map(({ name }) => name));
  const as = headers.get("x-agent-id");
  const match = headers.get("if-match");
  const version = match === null || match.trim() === "*" ? undefined : versionOf(match);
  const field = known.has("version") ? "version" : "ifMatch";
  return {
    ...(as === null || !known.has("as") ? {} : { as }),
    ...(version === undefined || method === "get" || !known.has(field) ? {} : { [field]: version }),
  };
}

function versionOf(header: string): string {
  const version = versionIn(header);
  if (version === undefined) throw bad("If-Match", `If-Match is one ETag such as "5d41402a", not '${header}'`);
  return version;
}

function optionalText(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw bad(name, `${name} is one text`);
}

function wordsOf(name: string, value: unknown): string[] {
  const words: unknown[] = Array.isArray(value) ? value : [value];
  if (words.some((word) => typeof word !== "string")) throw bad(name, `${name} is a list of names`);
  return (words as string[]).flatMap((word) => word.split(",")).flatMap((word) => word.trim() || []);
}

/** What a change's answer is to have besides; it is taken out of the rest, which is the action's. */
function includeOf(rest: Record<string, unknown>): "affected" | undefined {
  const { include } = rest;
  delete rest.include;
  if (include === undefined || include === "affected") return include;
  throw bad("include", `include is 'affected' or nothing, not '${String(include)}'`);
}

/** So many tickets are on a page unless told. */
const PAGE = 100;

function limitOf(value: unknown): number {
  if (value === undefined) return PAGE;
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  throw bad("limit", `limit is a whole number from 1 on, not '${String(value)}'`);
}

/** Where in a list a page lies, as it is counted and from which end; taken out of the rest, which is the action's. */
function pageOf(rest: Record<string, unknown>): Pick<Asked, "offset" | "isReversed"> {
  const { offset = 0, sort_order, order = sort_order } = rest;
  for (const name of ["offset", "sort_order", "order"]) delete rest[name];
  // What other servers call times.
  for (const name of ["sort", "sort_by"])
    if (typeof rest[name] === "string") rest[name] = rest[name].replace(/_at$/, "");
  if (order !== undefined && order !== "asc" && order !== "desc")
    throw bad("order", `order is asc or desc, not '${order}'`);
  if (!/^\d{1,15}$/.test(String(offset))) throw bad("offset", `offset is a whole number from 0 on, not '${offset}'`);
  return { offset: Number(offset), isReversed: order === "desc" };
}

function bad(field: string, message: string): AyoError {
  return new AyoError("bad_input", message, { data: { field } });
}
