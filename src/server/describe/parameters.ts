import { foreignSchema } from "../../actions/input/foreignInput.ts";
import { inputProperties, type JsonSchema } from "../../actions/input/jsonSchema.ts";
import type { Route } from "../routes/route.ts";
import * as s from "./shapes.ts";

/** A parameter as OpenAPI has it. */
export type Parameter = Readonly<Record<string, unknown>>;

const inQuery = (name: string, description: string, schema: JsonSchema = s.text): Parameter => ({
  name,
  in: "query",
  required: false,
  description,
  schema,
});
const inHeader = (name: string, description: string): Parameter => ({
  name,
  in: "header",
  required: false,
  description,
  schema: s.text,
});

/** Which of a server's stores is meant. */
export const WORKFLOW = inQuery(
  "workflow_id",
  "one of the server's stores, by the id that /workflows tells; the first unless told",
);
/** Answers that a client has. */
export const IF_NONE_MATCH = inHeader(
  "If-None-Match",
  "ETags of answers that the client has: 304 where the answer is still one of them",
);
/** Where a client stopped to listen. */
export const LAST_EVENT = [
  inHeader("Last-Event-ID", "the id of the last event that was seen: those since come first"),
  inQuery("last_event_id", "the same, for who can set no header"),
];
const FIELDS = inQuery("fields", "only these fields of tickets, with commas");
const INCLUDE = inQuery(
  "include",
  "affected: the answer has the tickets that are otherwise than before, those that wait for the changed ones and their parents among them",
  s.oneOf("affected"),
);
const PAGE = [
  inQuery("cursor", "the cursor of the page before"),
  inQuery("offset", "so many tickets come before the page", s.count),
  inQuery("order", "desc: the list begins at its other end", s.oneOf("asc", "desc")),
];
const IF_MATCH = inHeader(
  "If-Match",
  "the ETag of the ticket that the change was made for; 412 when it was changed since",
);
const KEY = inHeader(
  "Idempotency-Key",
  "a key of your own, new for each change: sent again, the change is not made again and the answer is the same",
);
const AGENT = inHeader(
  "X-Agent-ID",
  "the agent who asks, or in whose name the change is made; the server's own user unless told",
);

/** What a route's inputs are besides those in the path, in headers and set by the route. */
export function inputsOf({ action, inPath, names, sets = {} }: Route) {
  const said = inPath.flatMap((name) => [name, names[name] ?? name]);
  const elsewhere = new Set(["ifMatch", ...Object.keys(sets), ...said, ...(inPath.includes("id") ? ["ids"] : [])]);
  return inputProperties(action.input)
    .filter(({ name }) => !elsewhere.has(name))
    .map((one) => ({ ...one, schema: typed(one.schema) }));
}

/** What an action leaves open may be any JSON: a generated client has a type for that. */
function typed(schema: JsonSchema): JsonSchema {
  const isOpen = [schema.type].flat().includes("object") && schema.additionalProperties === undefined;
  return isOpen ? { ...schema, additionalProperties: s.ref("Value") } : schema;
}

/** Everything that a route takes but its body. */
export function parametersOf(route: Route): readonly Parameter[] {
  const inPath = route.inPath.map((name) => ({ name, in: "path", required: true, schema: s.text }));
  return [...inPath, ...queryOf(route), ...answerOf(route), ...headersOf(route)];
}

/** The action's inputs, where they stand in the query. */
function queryOf(route: Route): readonly Parameter[] {
  const { method, takes = [], takesBytes } = route;
  if (method !== "get" && method !== "delete" && takesBytes === undefined) return [];
  const foreign = takes.map((name) => ({ name, required: false, schema: foreignSchema(name) }));
  // `fields` is told of below.
  const inputs = [...inputsOf(route), ...foreign].filter(({ name }) => name !== "fields" && !isBody(route, name));
  return inputs.map(({ name, required, schema: { description, ...schema } }) => ({
    name,
    in: "query",
    required,
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

/** What says which store and how much of the answer. */
/** Of a file's bytes what else could say them has no place. */
function isBody({ takesBytes }: Route, name: string): boolean {
  return takesBytes !== undefined && (name === takesBytes || name === "text");
}

function answerOf({ method, inPath, action, answer = "", pages }: Route): readonly Parameter[] {
  const isChange = action.writes && method !== "get";
  const tells = answer.startsWith("Ticket") || ["Board", "ReadyTickets", "Searched", "Exported"].includes(answer);
  return [
    ...(inPath.includes("workflow_id") ? [] : [WORKFLOW]),
    ...(tells || isChange ? [FIELDS] : []),
    ...(isChange ? [INCLUDE] : []),
    ...(pages === true ? PAGE : []),
  ];
}

function headersOf({ method, action, answer }: Route): readonly Parameter[] {
  const known = new Set(inputProperties(action.input).map(({ name }) => name));
  const isRead = method === "get";
  return [
    ...(!isRead && (known.has("ifMatch") || known.has("version")) ? [IF_MATCH] : []),
    ...(isRead ? [] : [KEY]),
    ...(isRead && answer !== "Exported" ? [IF_NONE_MATCH] : []),
    ...(known.has("as") ? [AGENT] : []),
  ];
}
