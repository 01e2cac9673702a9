import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { getRequestListener } from "@hono/node-server";
import { AyoError } from "../error.ts";
import { packageDir } from "../host.ts";
import type { Store } from "../store/open/store.ts";
import { accessTo } from "./access/access.ts";
import { cookieFor, type GuardOptions, SECURITY_HEADERS } from "./access/guard.ts";
import { serverApp } from "./app.ts";
import { readWebFiles } from "./files.ts";
import { streamsOf } from "./live/sse.ts";
import { collectSoon } from "./memory.ts";
import { loadRoutes } from "./routes/routes.ts";
import { warm } from "./warm.ts";
import { openWorkflows } from "./workflow.ts";

/** How a server is started. */
export interface ServeOptions {
  /** Openers of the stores that it shows; the first is meant where a request names none. */
  readonly stores: readonly (() => Store)[];
  /** Exactly this port; 0 takes any free one. Without, 3000 or the next free one. */
  readonly port?: number;
  /** The address or name to listen on; this machine's loopback unless told. */
  readonly host?: string;
  /** What everyone must bring along; where needed and not given, one is made. */
  readonly token?: string;
  /** Asks for one on this machine too. */
  readonly asksToken?: boolean;
  /** Browsers may keep the board's files for when the server is away; true unless told. */
  readonly offline?: boolean;
  readonly version: string;
  readonly onWarning: (text: string) => void;
}

/** A server that runs. */
export interface Served {
  /** Where to open it in a browser, with the token where one is needed. */
  readonly url: string;
  /** Undefined where only this machine can connect. */
  readonly token: string | undefined;
  readonly workflows: readonly { readonly id: string; readonly dir: string }[];
  stop(): Promise<void>;
}

const FIRST_PORT = 3000;
/** So many ports after the first are tried. */
const TRIES = 50;
/** How long a quiet connection is kept, in milliseconds. */
const KEEP_ALIVE = 65_000;

/**
 * Serves stores to browsers and programs until it is stopped; ending it in any way loses nothing.
 * @throws bad_usage for a port that is taken, an address that is not this machine's, a token that is too short;
 * no_store
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { host = "localhost", asksToken, version, onWarning } = options;
  collectSoon();
  const { addresses, name, token, guard: allowed } = accessTo(host, options.token, asksToken);
  const workflows = openWorkflows(options.stores, onWarning);
  const streams = streamsOf();
  const stopFeeds = async (): Promise<void> => {
    streams.close();
    await Promise.all(workflows.map(({ feed }) => feed.close()));
  };
  try {
    const guard: { -readonly [key in keyof GuardOptions]: GuardOptions[key] } = {
      ...allowed,
      hasPages: true,
      cookie: undefined,
    };
    const files = readWebFiles(path.join(packageDir(), "dist", "web"), options.offline);
    const app = serverApp({ routes: await loadRoutes(), workflows, guard, files, streams, version, onBug: onWarning });
    const answer = getRequestListener(app.fetch);
    const listener: Listener = (incoming, outgoing) => {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) outgoing.setHeader(name, value);
      void answer(incoming, outgoing);
    };
    const servers = await listenSomewhere(listener, addresses, options.port);
    const { port } = (servers[0] as Server).address() as AddressInfo;
    if (token !== undefined) guard.cookie = cookieFor(token, port);
    await Promise.all(workflows.map(({ feed }) => feed.ready));
    const [first] = workflows;
    const headers = {
      host: `${name}:${port}`,
      "accept-encoding": "gzip",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    if (first !== undefined)
      void warm(first, async (path) => app.fetch(new Request(`http://${name}:${port}${path}`, { headers }), {}));
    const query = token === undefined ? "" : `/?token=${encodeURIComponent(token)}`;
    return {
      url: `http://${name}:${port}${query}`,
      token,
      workflows: workflows.map(({ id, dir }) => ({ id, dir })),
      stop: async () => {
        // Neither waits for the other: what hangs on one end must not keep the other open.
        await Promise.all([...servers.map(closed), stopFeeds()]);
      },
    };
  } catch (error) {
    await stopFeeds();
    throw error;
  }
}

type Listener = NonNullable<Parameters<typeof createServer>[1]>;

/** Listens on one port of all addresses: the wanted one, or the first that is free on each. */
async function listenSomewhere(listener: Listener, addresses: readonly string[], wanted?: number): Promise<Server[]> {
  const first = wanted ?? FIRST_PORT;
  for (let port = first; ; port++) {
    try {
      return await listenOn(listener, addresses, port);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === "EADDRINUSE" && wanted === undefined && port < first + TRIES) continue;
      const isNone = code === "ERR_SOCKET_BAD_PORT";
      const what =
        code === "EADDRINUSE"
          ? `port ${port} is in use`
          : isNone
            ? `there is no port ${port}, they go from 0 to 65535`
            : message;
      throw new AyoError("bad_usage", `cannot listen: ${what}`, { cause, try: ["ayo", "serve", "--port", "0"] });
    }
  }
}

async function listenOn(listener: Listener, addresses: readonly string[], port: number): Promise<Server[]> {
  const servers: Server[] = [];
  let taken = port;
  try {
    for (const address of addresses) {
      // A client's next request must not meet the end of a connection that was only quiet.
      const made = createServer({ keepAliveTimeout: KEEP_ALIVE }, listener);
      const server = await listen(made, address, taken).catch((error: NodeJS.ErrnoException) => {
        // A machine without IPv6 has only the first.
        if (servers.length > 0 && error.code !== "EADDRINUSE") return undefined;
        throw error;
      });
      if (server === undefined) continue;
      servers.push(server);
      taken = (server.address() as AddressInfo).port;
    }
    return servers;
  } catch (error) {
    await Promise.all(servers.map(closed));
    throw error;
  }
}

function listen(server: Server, address: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
