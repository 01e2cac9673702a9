import { readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { buildSchema, type DocumentNode, type ExecutionResult, execute, parse, validate } from "graphql";
import { resolvers } from "./resolvers.ts";
import { LinearWorld } from "./world.ts";

/** What goes wrong with a request: before it is done, or after it was. */
export type Mishap =
  | ("dropBefore" | "dropAfter" | "500before" | "500after" | "429" | "ratelimited" | "errors" | "slow")
  | ("401" | "forbidden" | "quota" | "refused");

/** A request as a test may look at it. */
export interface Seen {
  readonly operation: string;
  readonly isWrite: boolean;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A loopback Linear: every request is held against its schema and executed. */
export interface LinearServer {
  readonly url: string;
  readonly world: LinearWorld;
  /** Begins anew, with another world. */
  readonly replace: (world: LinearWorld) => void;
  /** All requests since it was last emptied. */
  readonly seen: Seen[];
  /** Requests that the schema does not allow, and answers that it does not. */
  readonly offences: string[];
  /** Asked before each request; people may change things in it, and what it answers goes wrong. */
  onRequest: (request: Seen) => Mishap | undefined;
  /** Headers of every answer. */
  headers: Record<string, string>;
  readonly close: () => Promise<void>;
}

type Answer = (response: http.ServerResponse, status: number, body: unknown, headers?: Record<string, string>) => void;

/** What comes in place of the request's being done. */
const BEFORE: Partial<Record<Mishap, (response: http.ServerResponse, answer: Answer) => void>> = {
  dropBefore: (response) => void response.destroy(),
  "500before": (response, answer) => answer(response, 502, "<html>"),
  "429": (response, answer) => answer(response, 429, "slow down", { "Retry-After": "0" }),
  ratelimited: (response, answer) => answer(response, 400, wrong("RATELIMITED", "Rate limit exceeded")),
  errors: (response, answer) => answer(response, 200, wrong("INTERNAL_SERVER_ERROR", "something went wrong")),
  slow: () => undefined,
  "401": (response, answer) => answer(response, 401, wrong("AUTHENTICATION_ERROR", "not authenticated")),
  forbidden: (response, answer) => answer(response, 400, wrong("FORBIDDEN", "Invalid scope: write is required")),
  quota: (response, answer) => answer(response, 400, wrong("USAGE_LIMIT_EXCEEDED", "usage limit exceeded")),
  refused: (response, answer) => answer(response, 400, wrong("INPUT_ERROR", "title is too long")),
};

/** The key that it takes. */
export const LINEAR_KEY = "lin_api_loopback";
const SCHEMA = buildSchema(readFileSync(path.join(import.meta.dirname, "linear.subset.graphql"), "utf8"));

/** Starts one on this machine. */
export async function linearServer(world = new LinearWorld()): Promise<LinearServer> {
  const documents = new Map<string, DocumentNode | string>();
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      handle(Buffer.concat(chunks).toString("utf8"), request, response).catch((error: unknown) => {
        self.offences.push(String(error));
        response.destroy();
      });
    });
  });
  const known = (query: string): DocumentNode | string => {
    const found = documents.get(query) ?? checked(query);
    documents.set(query, found);
    return found;
  };
  const answer: Answer = (response, status, body, headers = {}) => {
    response.writeHead(status, { "Content-Type": "application/json", ...self.headers, ...headers });
    response.end(JSON.stringify(body));
  };
  const handle = async (text: string, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    if (request.headers.authorization !== LINEAR_KEY)
      return answer(response, 401, wrong("AUTHENTICATION_ERROR", "not authenticated"));
    const { query, variables } = JSON.parse(text) as { query: string; variables: Record<string, unknown> };
    const document = known(query);
    if (typeof document === "string") {
      self.offences.push(document);
      return answer(response, 400, wrong("GRAPHQL_VALIDATION_FAILED", document));
    }
    const [, operation = ""] = /(?:query|mutation) (\w+)/.exec(query) ?? [];
    const seen: Seen = { operation, isWrite: query.startsWith("mutation"), variables };
    self.seen.push(seen);
    const mishap = self.onRequest(seen);
    const before = mishap === undefined ? undefined : BEFORE[mishap];
    if (before !== undefined) return before(response, answer);
    const rootValue = resolvers(self.world, "user-bot");
    const result = await execute({ schema: SCHEMA, document, rootValue, variableValues: variables });
    if (mishap === "dropAfter") return void response.destroy();
    if (mishap === "500after") return answer(response, 504, "<html>");
    reply(response, result, answer);
  };
  const reply = (response: http.ServerResponse, result: ExecutionResult, say: Answer): void => {
    const first = result.errors?.[0];
    if (first === undefined) {
      say(response, 200, result);
      return;
    }
    const { code, http: status } = first.extensions as { code?: string; http?: number };
    if (code === undefined) self.offences.push(first.message);
    say(response, status ?? 200, { errors: result.errors?.map((one) => one.toJSON()) });
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const self: LinearServer & { world: LinearWorld } = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    world,
    replace: (next) => {
      self.world = next;
    },
    seen: [],
    offences: [],
    onRequest: () => undefined,
    headers: {},
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return self;
}

function checked(query: string): DocumentNode | string {
  const document = parse(query);
  const errors = validate(SCHEMA, document);
  return errors.length === 0 ? document : errors.map(({ message }) => message).join("; ");
}

function wrong(code: string, message: string): unknown {
  return { data: null, errors: [{ message, extensions: { code, userPresentableMessage: message } }] };
}
