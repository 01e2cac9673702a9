import { inputProperties, type JsonSchema } from "../../actions/input/jsonSchema.ts";
import { PROBLEM_CODES } from "../problem.ts";
import { CLEARABLE } from "../routes/clearing.ts";
import type { Route } from "../routes/route.ts";
import { ANSWERS, COMPONENTS } from "./openApiShapes.ts";

/** A document of OpenAPI 3.1. */
export type OpenApi = Readonly<Record<string, unknown>>;

const JSON_TYPE = "application/json";
const WORKFLOW = {
  name: "workflow_id",
  in: "query",
  required: false,
  description: "one of the server's stores, by the id that /workflows tells; the first unless told",
  schema: { type: "string" },
};
const FIELDS = {
  name: "fields",
  in: "query",
  required: false,
  description: "only these fields of tickets, with commas",
  schema: { type: "string" },
};
const INCLUDE = {
  name: "include",
  in: "query",
  required: false,
  description:
    "affected: the answer has the tickets that are otherwise than before, those that wait for the changed ones and their parents among them",
  schema: { enum: ["affected"] },
};
const CURSOR = {
  name: "cursor",
  in: "query",
  required: false,
  description: "the cursor of the page before",
  schema: { type: "string" },
};
const IF_MATCH = {
  name: "If-Match",
  in: "header",
  required: false,
  description: "the ETag of the ticket that the change was made for; 412 when it was changed since",
  schema: { type: "string" },
};
const IF_NONE_MATCH = {
  name: "If-None-Match",
  in: "header",
  required: false,
  description: "ETags of answers that the client has: 304 where the answer is still one of them",
  schema: { type: "string" },
};
const ETAG = {
  ETag: {
    description: "another one when the answer is; a ticket's begins with its version, and is what If-Match takes",
    schema: { type: "string" },
  },
};
const NOT_MODIFIED = { description: "the client has this answer, as If-None-Match says", headers: ETAG };
const AGENT = {
  name: "X-Agent-ID",
  in: "header",
  required: false,
  description: "the agent who asks, or in whose name the change is made; the server's own user unless told",
  schema: { type: "string" },
};
const PROBLEM = {
  description: "refused, as RFC 9457 describes it",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

/** The description of the interface, made from the table of routes and the schemas of the actions. */
export function openApi(routes: readonly Route[], version: string): OpenApi {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const { path, method } = route;
    paths[path] = { ...paths[path], [method]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "ayo",
      version,
      summary: "Tickets that people and AI agents share",
      description:
        "Every change is a git commit of the store. POST, PUT and PATCH take what they are to do from a JSON body alone, {} at " +
        "the least; DELETE takes it from the query or a JSON body. Codes of problems: " +
        [...PROBLEM_CODES].map(([code, status]) => `${code} (${status})`).join(", "),
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/api" }],
    tags: ["tickets", "store", "live", "aliases"].map((name) => ({ name })),
    paths: { ...paths, ...ownPaths() },
    components: { schemas: COMPONENTS },
  };
}

function operationOf(route: Route): Record<string, unknown> {
  const { method, path, action, alias, makes, answer = "Answer" } = route;
  const tag = path.startsWith("/tickets") || path === "/batch" ? "tickets" : "store";
  return {
    operationId: operationId(method, path),
    summary: route.summary ?? action.summary,
    tags: [alias === true ? "aliases" : tag],
    ...(alias === true ? { deprecated: true } : {}),
    parameters: parametersOf(route),
    ...(method === "get" || method === "delete" ? {} : { requestBody: bodyOf(route) }),
    responses: {
      [makes === true ? 201 : 200]: {
        description: "done",
        ...headersOf(route),
        content: { [JSON_TYPE]: { schema: { $ref: `#/components/schemas/${answer}` } } },
      },
      ...(method === "get" ? { 304: NOT_MODIFIED } : {}),
      default: PROBLEM,
    },
  };
}

function headersOf({ method, makes }: Route): Record<string, unknown> {
  const location = makes === true ? { Location: { schema: { type: "string" } } } : {};
  const headers = { ...location, ...(method === "get" ? ETAG : {}) };
  return Object.keys(headers).length === 0 ? {} : { headers };
}

function operationId(method: string, path: string): string {
  const words = path.split(/[/{}_-]+/).filter((word) => word !== "");
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** What a route's inputs are besides those in the path, in headers and set by the route. */
function inputsOf({ action, inPath, sets = {} }: Route) {
  const elsewhere = new Set(["ifMatch", ...Object.keys(sets), ...inPath, ...(inPath.includes("id") ? ["ids"] : [])]);
  return inputProperties(action.input).filter(({ name }) => !elsewhere.has(name));
}

function parametersOf(route: Route): unknown[] {
  const { method, inPath, action, answer, pages } = route;
  const known = new Set(inputProperties(action.input).map(({ name }) => name));
  const inQuery =
    method === "get" || method === "delete"
      ? inputsOf(route).map(({ name, required, schema: { description, ...schema } }) => ({
          name,
          in: "query",
          required,
          ...(description === undefined ? {} : { description }),
          schema,
        }))
      : [];
  return [
    ...inPath.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
    ...inQuery,
    ...(inPath.includes("workflow_id") ? [] : [WORKFLOW]),
    ...(answer?.startsWith("Ticket") === true || answer === "Board" || action.writes ? [FIELDS] : []),
    ...(action.writes ? [INCLUDE] : []),
    ...(pages === true ? [CURSOR] : []),
    ...(known.has("ifMatch") || known.has("version") ? [IF_MATCH] : []),
    ...(method === "get" ? [IF_NONE_MATCH] : []),
    ...(known.has("as") ? [AGENT] : []),
  ];
}

function bodyOf(route: Route): Record<string, unknown> {
  const inputs = inputsOf(route);
  const required = inputs.flatMap(({ name, required }) => (required ? [name] : []));
  const schema: JsonSchema = {
    type: "object",
    properties: Object.fromEntries(
      inputs.map(({ name, schema }) => [name, route.method === "patch" ? clearable(name, schema) : schema]),
    ),
    ...(required.length === 0 || route.alias === true ? {} : { required }),
  };
  return { required: true, content: { [JSON_TYPE]: { schema } } };
}

/** Null takes the value away. */
function clearable(name: string, schema: JsonSchema): JsonSchema {
  return CLEARABLE.includes(name) ? { ...schema, type: [schema.type, "null"] } : schema;
}

/** The routes that are no actions. */
function ownPaths(): Record<string, unknown> {
  const get = (id: string, summary: string, content: Record<string, unknown>, tag = "store") => {
    const isStream = tag === "live";
    return {
      get: {
        operationId: id,
        summary,
        tags: [tag],
        parameters: isStream ? [WORKFLOW] : [WORKFLOW, IF_NONE_MATCH],
        responses: {
          200: { description: "done", ...(isStream ? {} : { headers: ETAG }), content },
          ...(isStream ? {} : { 304: NOT_MODIFIED }),
          default: PROBLEM,
        },
      },
    };
  };
  const json = (answer: string) => ({ [JSON_TYPE]: { schema: { $ref: `#/components/schemas/${answer}` } } });
  const commit = { type: "string", pattern: "^[0-9a-fA-F]{7,64}$" };
  const properties = { ticket_id: { type: "string" }, commit_sha: commit, workflow_id: { type: "string" } };
  return {
    "/workflows": get("getWorkflows", "The stores that this server shows", json("Workflows")),
    "/config": get(
      "getConfig",
      "The board, the settings and the actor of a store, and where its events stand: a Last-Event-ID for who reads it now",
      json("Answer"),
    ),
    "/events": get(
      "getEvents",
      "Everything that happens, as server-sent events; Last-Event-ID resumes",
      { "text/event-stream": { schema: { type: "string", description: "each data line is an Event as JSON" } } },
      "live",
    ),
    "/tickets/link-commit": {
      post: {
        operationId: "postTicketsLinkCommit",
        summary: "Record a commit in a ticket",
        tags: ["aliases"],
        deprecated: true,
        requestBody: {
          required: true,
          content: { [JSON_TYPE]: { schema: { type: "object", properties, required: ["ticket_id", "commit_sha"] } } },
        },
        responses: { 200: { description: "done", content: json(ANSWERS.written) }, default: PROBLEM },
      },
    },
  };
}
