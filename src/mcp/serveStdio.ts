import type { Readable, Writable } from "node:stream";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import { type Connection, connectionOf } from "./mcpServer.ts";
import { type McpOptions, placesOf } from "./place.ts";
import { updatesOf } from "./updates.ts";

/** A server that runs. */
export interface Served {
  /** Done when the client is gone, or after `stop`. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** Serves one client on a pair of streams, in any version of the protocol that it speaks. */
export function serveStdio(
  options: McpOptions & { readonly version: string; readonly onWarning: (text: string) => void },
  streams: { readonly input: Readable; readonly output: Writable },
): Served {
  const updates = updatesOf(options.onWarning);
  const shared = { options, place: placesOf(options), updates, version: options.version };
  let current: Connection | undefined;
  let markDone: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    markDone = resolve;
  });
  const wire = new StdioServerTransport(streams.input, streams.output);
  const look = (message: JSONRPCMessage): void => {
    // The library answers this request itself; who opens such a stream wants to hear of changes.
    if ("method" in message && message.method === "subscriptions/listen") void current?.listenToAll().catch(() => {});
  };
  const handle = serve(
    () => {
      current?.end();
      current = connectionOf(shared);
      return current.server;
    },
    {
      transport: tapped(wire, look, () => markDone()),
      onerror: (error) => options.onWarning(`mcp: ${error.message}`),
    },
  );
  const stop = async (): Promise<void> => {
    current?.end();
    await handle.close();
    await updates.close();
    markDone();
  };
  return { done: done.then(stop), stop };
}

/** A transport that shows us what comes in, before its owner sees it, and tells us when it is over. */
function tapped(wire: Transport, look: (message: JSONRPCMessage) => void, onEnd: () => void): Transport {
  const tap: Transport = {
    start: async () => {
      wire.onmessage = (message, extra) => {
        look(message);
        tap.onmessage?.(message, extra);
      };
      wire.onerror = (error) => tap.onerror?.(error);
      wire.onclose = () => {
        tap.onclose?.();
        onEnd();
      };
      await wire.start();
    },
    send: (message, options) => wire.send(message, options),
    close: () => wire.close(),
  };
  return tap;
}
