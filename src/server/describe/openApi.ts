import { PROBLEM_CODES } from "../problem.ts";
import type { Route } from "../routes/route.ts";
import { bodyOf } from "./bodies.ts";
import { COMPONENTS } from "./openApiShapes.ts";
import { IF_NONE_MATCH, LAST_EVENT, parametersOf, WORKFLOW } from "./parameters.ts";
import { askedResponses, RESPONSES, readResponses, responsesOf } from "./responses.ts";
import * as s from "./shapes.ts";

/** A document of OpenAPI 3.1. */
export type OpenApi = Readonly<Record<string, unknown>>;

const TAGS = {
  tickets: "Tickets, and what is done with them",
  store: "The store as a whole: lists, numbers, history, settings, who is here",
  live: "Events as they happen",
  aliases: "The addresses and names of Hephaestus, for programs that were written for it",
} as const;

const SECURITY = {
  token: {
    type: "http",
    scheme: "bearer",
    description: "the token that the server printed; only servers that more than this machine reaches ask for one",
  },
  cookie: {
    type: "apiKey",
    in: "cookie",
    name: "ayo_{port}",
    description: "what a browser keeps in its place after its first visit",
  },
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
    security: [{}, { token: [] }, { cookie: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: { ...paths, ...ownPaths() },
    components: { securitySchemes: SECURITY, responses: RESPONSES, schemas: COMPONENTS },
  };
}

function operationOf(route: Route): Record<string, unknown> {
  const { method, path, action, alias } = route;
  const tag = path.startsWith("/tickets") || path === "/batch" ? "tickets" : "store";
  return {
    operationId: operationId(method, path),
    summary: route.summary ?? action.summary,
    tags: [alias === true ? "aliases" : tag],
    ...(alias === true ? { deprecated: true } : {}),
    parameters: parametersOf(route),
    ...(method === "get" || method === "delete" ? {} : { requestBody: bodyOf(route) }),
    responses: responsesOf(route),
  };
}

function operationId(method: string, path: string): string {
  const words = path.split(/[/{}_-]+/).filter((word) => word !== "");
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** The routes that are no actions. */
function ownPaths(): Record<string, unknown> {
  const json = (answer: string) => ({ "application/json": { schema: s.ref(answer) } });
  const read = (operationId: string, summary: string, content: unknown) => ({
    get: {
      operationId,
      summary,
      tags: ["store"],
      parameters: [WORKFLOW, IF_NONE_MATCH],
      responses: readResponses(content, false),
    },
  });
  const event = {
    type: "string",
    contentMediaType: "application/json",
    contentSchema: s.ref("Event"),
    description:
      "each data line is an Event as JSON; `hello` comes first, `reset` where everything is to be read anew, `config` when config.yml is another",
  };
  return {
    "/workflows": read("getWorkflows", "The stores that this server shows", json("Workflows")),
    "/config": read(
      "getConfig",
      "The board, the settings and the actor of a store, and where its events stand: a Last-Event-ID for who reads it now",
      json("Config"),
    ),
    "/markdown": {
      post: {
        operationId: "postMarkdown",
        summary: "Texts as trees of the elements that they may become, for pages that show them",
        tags: ["store"],
        requestBody: { required: true, content: json("Texts") },
        responses: askedResponses(json("Trees")),
      },
    },
    "/events": {
      get: {
        operationId: "getEvents",
        summary: "Everything that happens, as server-sent events; Last-Event-ID resumes",
        tags: ["live"],
        parameters: [WORKFLOW, ...LAST_EVENT],
        responses: readResponses({ "text/event-stream": { schema: event } }, true),
      },
    },
  };
}
