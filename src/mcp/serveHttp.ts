import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createMcpHandler,
  InMemoryServerEventBus,
  isInitializeRequest,
  isLegacyRequest,
  type ServerEvent,
  type ServerEventBus,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { AyoError } from "../error.ts";
import { bodyOf, isBatch, methodOf } from "./httpMessages.ts";
import { type Connection, connectionOf, type Shared } from "./mcpServer.ts";
import { WITH_BATCHES } from "./messageLines.ts";
import { MAX_BODY, sendResponse, webRequest } from "./nodeHttp.ts";
import { type McpOptions, placesOf } from "./place.ts";
import type { Served } from "./serveStdio.ts";
import { loadTools } from "./tools.ts";
import { type Updates, updatesOf } from "./updates.ts";

/** Clients that open sessions and never close them: beyond this many the one that was quiet the longest goes. */
const MAX_SESSIONS = 200;

/** Where a server listens, and whom it lets in. */
export interface HttpOptions {
  readonly port: number;
  /** The addresses to listen on, all at the same port. */
  readonly addresses: readonly string[];
  /** By which name it is called. */
  readonly name: string;
  /** Lets a request in or answers with a refusal. */
  readonly guard: (request: Request, from: string) => Response | undefined;
  /** Sent with every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Session extends Connection {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** Its version of the protocol has batches. */
  readonly hasBatches: boolean;
}

/**
 * Serves any number of clients by streamable HTTP, as far as the door lets them in.
 * @throws bad_usage when the port is taken, or the address is not this machine's
 */
export async function serveHttp(
  options: McpOptions & { readonly version: string; readonly onWarning: (text: string) => void },
  { port, addresses, name, guard, headers }: HttpOptions,
): Promise<Served & { readonly url: string }> {
  const tools = await loadTools({ core: !options.all });
  const updates = updatesOf(options.onWarning);
  const shared = { tools, place: placesOf(options), updates, version: options.version };
  const sessions = sessionsOf(shared);
  const bus = watchedBus(shared, updates, options.onWarning);
  const modern = createMcpHandler(() => connectionOf(shared).server, {
    legacy: "reject",
    bus,
    maxRequestBodySize: MAX_BODY,
    onerror: (error) => options.onWarning(`mcp: ${error.message}`),
  });
  const answer: Answerer = async (request, from) => {
    const refused = guard(request, from);
    if (refused !== undefined) return refused;
    if (new URL(request.url).pathname !== "/mcp") return problem(404, -32_600, "not found: the endpoint is /mcp");
    const isSession =
      request.method !== "POST" ||
      (await isLegacyRequest(request.clone(), undefined, { maxRequestBodySize: MAX_BODY }));
    if (isSession) return sessions.answer(request);
    // Who opens such a stream is to hear of every change after the answer.
    if ((await methodOf(request)) === "subscriptions/listen") await bus.watching();
    return modern.fetch(request);
  };
  const servers = await listenAll(addresses, port, (request, response) => {
    for (const [key, value] of Object.entries(headers)) response.setHeader(key, value);
    void respond(answer, request, response, options.onWarning);
  });
  const done = Promise.all(servers.map((http) => new Promise((resolve) => http.on("close", resolve))));
  const stop = async (): Promise<void> => {
    await sessions.close();
    await modern.close();
    await updates.close();
    for (const http of servers) {
      http.close();
      http.closeAllConnections();
    }
    await done;
  };
  const first = servers[0] as Server;
  return { url: `http://${name}:${(first.address() as AddressInfo).port}/mcp`, done: done.then(() => {}), stop };
}

type Answerer = (request: Request, from: string) => Promise<Response>;
type Listener = (request: IncomingMessage, response: ServerResponse) => void;

async function listenAll(addresses: readonly string[], port: number, listener: Listener): Promise<Server[]> {
  const servers: Server[] = [];
  for (const address of addresses) {
    const [first] = servers;
    const taken = first === undefined ? port : (first.address() as AddressInfo).port;
    const server = await listen(createServer(listener), address, taken).catch((cause: NodeJS.ErrnoException) => {
      // A machine without IPv6 has only the first.
      if (first !== undefined && cause.code !== "EADDRINUSE") return undefined;
      for (const one of servers) one.close();
      const fact = `cannot listen on port ${port}: ${cause.message}`;
      throw new AyoError("bad_usage", fact, { cause, try: ["ayo", "mcp", "--http", "--port", "0"] });
    });
    if (server !== undefined) servers.push(server);
  }
  return servers;
}

function listen(http: Server, address: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, address, () => resolve(http));
  });
}

async function respond(
  answer: Answerer,
  request: IncomingMessage,
  response: ServerResponse,
  onWarning: (text: string) => void,
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  try {
    await sendResponse(
      await answer(await webRequest(request, gone.signal), request.socket.remoteAddress ?? ""),
      response,
    );
  } catch (error) {
    if (response.headersSent) return;
    if (error instanceof AyoError && error.code === "bad_input") {
      await sendResponse(problem(400, -32_700, error.message), response);
      return;
    }
    const tooLarge = error instanceof RangeError;
    if (!tooLarge && !gone.signal.aborted) onWarning(`mcp: ${(error as Error).message}`);
    await sendResponse(problem(tooLarge ? 413 : 500, -32_603, (error as Error).message), response);
  }
}

/** A refusal in the protocol's words. */
export function problem(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ jsonrpc: "2.0", error: { code, message }, id: null }, { status, headers });
}

async function handle({ hasBatches, transport }: Session, request: Request): Promise<Response> {
  if (hasBatches || !(await isBatch(request))) return transport.handleRequest(request);
  return problem(400, -32_600, "this version of MCP has no batches: send one message a request");
}

/** The sessions of clients that speak the protocol of 2025, where a connection has a server of its own. */
function sessionsOf(shared: Shared): { answer(request: Request): Promise<Response>; close(): Promise<void> } {
  const sessions = new Map<string, Session>();
  const end = async (id: string): Promise<void> => {
    const session = sessions.get(id);
    sessions.delete(id);
    session?.end();
    await session?.transport.close();
  };
  const begin = async (hasBatches: boolean): Promise<Session> => {
    const connection = connectionOf(shared);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      maxRequestBodySize: MAX_BODY,
      onsessioninitialized: async (id) => {
        sessions.set(id, session);
        const [oldest] = sessions.keys();
        if (sessions.size > MAX_SESSIONS && oldest !== undefined) await end(oldest);
      },
      onsessionclosed: (id) => end(id),
    });
    const session: Session = { ...connection, transport, hasBatches };
    await connection.server.connect(transport);
    return session;
  };
  const answer = async (request: Request): Promise<Response> => {
    const id = request.headers.get("mcp-session-id");
    const session = id === null ? undefined : sessions.get(id);
    if (id !== null && session !== undefined) {
      // The map keeps the order of use.
      sessions.delete(id);
      sessions.set(id, session);
      return handle(session, request);
    }
    if (id !== null) return problem(404, -32_001, "session not found: initialize again");
    const body = await bodyOf(request);
    if (isInitializeRequest(body)) {
      return (await begin(body.params.protocolVersion === WITH_BATCHES)).transport.handleRequest(request);
    }
    return body === undefined && request.method === "POST"
      ? problem(400, -32_700, "the body is not JSON")
      : problem(400, -32_000, "a session is needed: initialize first and send its Mcp-Session-Id");
  };
  return { answer, close: async () => void (await Promise.all([...sessions.keys()].map(end))) };
}

/** Changes for clients of the newer protocol, which say by subscribing that they listen. */
interface WatchedBus extends ServerEventBus {
  /** Done when the store is being watched, which ends with the last listener. */
  watching(): Promise<unknown>;
}

function watchedBus(shared: Shared, updates: Updates, onWarning: (text: string) => void): WatchedBus {
  const bus = new InMemoryServerEventBus();
  let stopping: Promise<() => void> | undefined;
  const begin = async (): Promise<() => void> => {
    try {
      const store = shared.place.store({ roots: [], name: undefined });
      return await updates.listen(store, (uris) => {
        for (const uri of uris) bus.publish({ kind: "resource_updated", uri });
      });
    } catch (error) {
      onWarning(`mcp: ${(error as Error).message}`);
      return () => {};
    }
  };
  const watching = (): Promise<unknown> => {
    stopping ??= begin();
    return stopping;
  };
  return {
    watching,
    publish: (event: ServerEvent) => bus.publish(event),
    subscribe: (listener) => {
      void watching();
      const unsubscribe = bus.subscribe(listener);
      return () => {
        unsubscribe();
        if (bus.listenerCount > 0) return;
        void stopping?.then((stop) => stop());
        stopping = undefined;
      };
    },
  };
}
