import { type Readable, Transform, type Writable } from "node:stream";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import { type Connection, connectionOf } from "./mcpServer.ts";
import { messageLines } from "./messageLines.ts";
import { type McpOptions, placesOf } from "./place.ts";
import { loadTools } from "./tools.ts";
import { updatesOf } from "./updates.ts";

/** A server that runs. */
export interface Served {
  /** Done when the client is gone, or after `stop`. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** Serves one client on a pair of streams, in any version of the protocol that it speaks. */
export async function serveStdio(
  options: McpOptions & { readonly version: string; readonly onWarning: (text: string) => void },
  streams: { readonly input: Readable; readonly output: Writable },
): Promise<Served> {
  const tools = await loadTools({ core: !options.all });
  const updates = updatesOf(options.onWarning);
  const shared = { tools, place: placesOf(options), updates, version: options.version };
  let current: Connection | undefined;
  let markDone: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    markDone = resolve;
  });
  const unanswered = unansweredOf();
  const wire = new StdioServerTransport(
    streams.input.pipe(messageLines(streams.output)).pipe(unanswered.heldOpen),
    streams.output,
  );
  const look = async (message: JSONRPCMessage): Promise<void> => {
    unanswered.asked(message);
    // The library answers this request itself; who opens such a stream is to hear of every change after the answer.
    if ("method" in message && message.method === "subscriptions/listen") await current?.listenToAll().catch(() => {});
  };
  const handle = serve(
    () => {
      current?.end();
      current = connectionOf(shared);
      return current.server;
    },
    {
      transport: tapped(wire, { look, sent: unanswered.answered, onEnd: () => markDone() }),
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

/** After the end of the input, calls that take longer are given up. In milliseconds. */
const GRACE_MS = 10_000;

/**
 * Calls that wait for their answers; `heldOpen` passes the input on, and ends when all are given: the library drops
 * them at the end of its input, so that `ayo mcp < calls` would answer nothing.
 */
function unansweredOf() {
  const ids = new Set<unknown>();
  let whenNone: () => void = () => {};
  const heldOpen = new Transform({
    transform: (chunk, _, done) => done(null, chunk),
    flush: (done) => {
      const timer = setTimeout(done, GRACE_MS);
      whenNone = () => {
        clearTimeout(timer);
        done();
      };
      // What was passed on last is read in this turn of the loop.
      setImmediate(() => ids.size === 0 && whenNone());
    },
  });
  return {
    heldOpen,
    asked: (message: JSONRPCMessage): void => {
      if ("method" in message && "id" in message && message.method !== "subscriptions/listen") ids.add(message.id);
    },
    answered: (message: JSONRPCMessage): void => {
      if (!("method" in message) && ids.delete(message.id) && ids.size === 0) whenNone();
    },
  };
}

/** Who looks at what a transport does. */
interface Tap {
  /** Sees what comes in, before its owner, who gets it when this is done. */
  readonly look: (message: JSONRPCMessage) => Promise<void>;
  /** Sees what went out. */
  readonly sent: (message: JSONRPCMessage) => void;
  readonly onEnd: () => void;
}

function tapped(wire: Transport, { look, sent, onEnd }: Tap): Transport {
  const tap: Transport = {
    start: async () => {
      wire.onmessage = (message, extra) => {
        void look(message).then(() => tap.onmessage?.(message, extra));
      };
      wire.onerror = (error) => tap.onerror?.(error);
      wire.onclose = () => {
        tap.onclose?.();
        onEnd();
      };
      await wire.start();
    },
    send: async (message, options) => {
      await wire.send(message, options);
      sent(message);
    },
    close: () => wire.close(),
  };
  return tap;
}
