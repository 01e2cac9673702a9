import {
  CLIENT_INFO_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { invoke } from "../actions/input/action.ts";
import { show } from "../actions/show/show.ts";
import { AyoError } from "../error.ts";
import type { Store } from "../store/open/store.ts";
import { callTool } from "./callTool.ts";
import type { Peer, Place } from "./place.ts";
import { listResources, readGuide, readResource, TEMPLATES, ticketOf } from "./resources.ts";
import type { Tool } from "./tool.ts";
import { listTool } from "./toolSchema.ts";
import type { Updates } from "./updates.ts";

/** What all connections of one process share. */
export interface Shared {
  readonly tools: readonly Tool[];
  readonly place: Place;
  readonly updates: Updates;
  readonly version: string;
}

/** One server for one client, and what it must give back when that is gone. */
export interface Connection {
  readonly server: Server;
  /** Sends every change of the store to this client, whose entry sorts out what it listens to. */
  listenToAll(): Promise<void>;
  end(): void;
}

/** What a model is told once. */
const INSTRUCTIONS =
  "Tickets that people and agents share; every change is a git commit. Take work with claim_ticket, " +
  "say what you found with add_ticket_comment, finish with resolve_ticket: tickets that waited for it become ready. " +
  "Ids may be shortened. Answers are brief: include and fields ask for more. dir names another project, as another agent.";

/** A client that does not say where it works is taken to work in our directory. In milliseconds. */
const ROOTS_MS = 2_000;

/** A server with our tools and resources for one client. */
export function connectionOf({ tools, place, updates, version }: Shared): Connection {
  const peer: Peer = { roots: undefined, name: undefined };
  const server = new Server(
    { name: "ayo", title: "ayo tickets", version },
    { capabilities: { tools: {}, resources: { subscribe: true } }, instructions: INSTRUCTIONS },
  );
  const subscriptions = new Map<string, () => void>();
  const known = async (context: ServerContext): Promise<Peer> => {
    peer.name = clientName(server, context);
    peer.roots ??= await rootsOf(server, context);
    return peer;
  };
  // A client that left in the meantime needs to hear of nothing.
  const tell = (uri: string) => void server.sendResourceUpdated({ uri }).catch(() => {});
  const subscribe = async (store: Store, uri: string): Promise<void> => {
    if (subscriptions.has(uri)) return;
    const watched = await canonical(store, uri);
    const stop = await updates.listen(store, (uris) => {
      if (uris.includes(watched)) tell(uri);
    });
    subscriptions.get(uri)?.();
    subscriptions.set(uri, stop);
  };
  const unsubscribe = (uri: string): void => {
    subscriptions.get(uri)?.();
    subscriptions.delete(uri);
  };
  server.setRequestHandler("tools/list", () => ({ tools: tools.map((tool) => ({ ...listTool(tool) })) }));
  server.setRequestHandler("tools/call", async ({ params }, context) =>
    callTool(tools, place, await known(context), params),
  );
  server.setRequestHandler("resources/list", () => ({ resources: listResources().map((one) => ({ ...one })) }));
  server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates: [...TEMPLATES] }));
  server.setRequestHandler("resources/read", async ({ params }, context) => {
    const page = readGuide(params.uri);
    if (page !== undefined) return { contents: [{ ...page }] };
    const caller = await known(context);
    return { contents: [await asProtocol(() => readResource(place.store(caller), params.uri))] };
  });
  server.setRequestHandler("resources/subscribe", async ({ params }, context) => {
    const caller = await known(context);
    await asProtocol(() => subscribe(place.store(caller), params.uri));
    return {};
  });
  server.setRequestHandler("resources/unsubscribe", ({ params }) => {
    unsubscribe(params.uri);
    return {};
  });
  server.setNotificationHandler("notifications/roots/list_changed", () => {
    peer.roots = undefined;
  });
  return {
    server,
    listenToAll: async () => {
      if (subscriptions.has("")) return;
      subscriptions.set("", await updates.listen(place.store(peer), (uris) => uris.forEach(tell)));
    },
    end: () => {
      for (const uri of [...subscriptions.keys()]) unsubscribe(uri);
    },
  };
}

/** The older protocol says once who is calling, the newer with each request. */
function clientName(server: Server, { mcpReq }: ServerContext): string | undefined {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const info = (envelope[CLIENT_INFO_META_KEY] ?? server.getClientVersion()) as { readonly name?: string } | undefined;
  return info?.name;
}

/** Where the client works; asked within a call, since only then there surely is a way to ask. */
async function rootsOf(server: Server, { mcpReq }: ServerContext): Promise<readonly string[]> {
  // The newer protocol has no such question: a call names its dir.
  if (mcpReq.envelope !== undefined || server.getClientCapabilities()?.roots === undefined) return [];
  try {
    const { roots } = await mcpReq.send({ method: "roots/list" }, { timeout: ROOTS_MS });
    return roots.map(({ uri }) => uri);
  } catch {
    return [];
  }
}

/** The URI that changes are told under: with the ticket's whole id. */
async function canonical(store: Store, uri: string): Promise<string> {
  await readResource(store, uri);
  const id = ticketOf(uri);
  if (id === undefined) return uri;
  const shown = await invoke(show, store, { id });
  return "ticket" in shown ? `ayo://ticket/${shown.ticket.id}` : uri;
}

/** Our errors as the protocol's. */
async function asProtocol<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message, { code: error.code });
  }
}
