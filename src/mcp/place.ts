import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AyoError } from "../error.ts";
import type { Host } from "../host.ts";
import { keepView } from "../store/disk/keepView.ts";
import { variableOf } from "../store/open/identity/harness.ts";
import { actorOf } from "../store/open/identity/identity.ts";
import { absolutePath } from "../store/open/locate/home.ts";
import { locateStore, type StoreChoice } from "../store/open/locate/locate.ts";
import { openOrTell } from "../store/open/noStore.ts";
import { type Store, storeAt } from "../store/open/store.ts";

/** What a server is started with. */
export interface McpOptions {
  readonly host: Host;
  /** The store that the command line names; without one the client's roots, then the working directory decide. */
  readonly choice: StoreChoice;
  /** The agent in whose name changes are made where a call does not say. */
  readonly as: string | undefined;
  /** Offer every tool instead of the core set. */
  readonly all: boolean;
  /** Told of each store that is opened, which stays open. */
  readonly onOpen?: (store: Store) => void;
}

/** What a server knows of the client at the other end. */
export interface Peer {
  /** `file:` URIs of the directories that the client works in; undefined until it was asked. */
  roots: readonly string[] | undefined;
  /** What the client calls itself: `claude-code`. */
  name: string | undefined;
}

/** Finds the store of each call, and keeps those that were opened. */
export interface Place {
  /**
   * The store in or around `dir`, else the one for this client, where the client is an agent of its own.
   * @throws no_store unless `create`
   */
  store(peer: Peer, dir?: string, create?: boolean): Store;
}

/** The places of one server. */
export function placesOf(options: McpOptions): Place {
  const opened = new Map<string, Store>();
  const store = (peer: Peer, dir?: string, create = false): Store => {
    const [choice, place] = dir === undefined ? usual(options, peer) : around(dir, options.host);
    const location = locateStore(choice, place);
    const host = withAgent(options, peer, { dir: location.dir, host: place });
    const key = [location.dir, host.cwd, actorOf(undefined, { dir: location.dir, host }).name].join("\0");
    const known = opened.get(key);
    if (known?.journal !== undefined && existsSync(known.journal.stateDir) && existsSync(known.dir)) return known;
    const mayMake = location.exists || (create && dir === undefined);
    const fresh = mayMake ? storeAt(location, host) : openOrTell(choice, host);
    opened.set(key, fresh);
    if (fresh.journal !== undefined) keepView(fresh);
    options.onOpen?.(fresh);
    return fresh;
  };
  return { store };
}

/** Whoever calls a tool is an agent: it must not go by the name of the person whose git this is. */
function withAgent({ as }: McpOptions, { name }: Peer, place: { readonly dir: string; readonly host: Host }): Host {
  const { host } = place;
  const called = (env: Host["env"]): Host => ({ ...host, env: { ...host.env, ...env } });
  if (as !== undefined) return called({ AYO_AGENT: as });
  if (actorOf(undefined, place).agent) return host;
  const variable = name === undefined ? undefined : variableOf(name);
  if (variable !== undefined) return called({ [variable]: "1" });
  const word = (name ?? "").replaceAll(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return called({ AYO_AGENT: word.slice(0, 64) || "agent" });
}

/** Variables that name a store, which a directory that the caller names overrules. */
const NAMING = ["TICKETS_DIR", "AYO_SESSION"];

function usual({ choice, host }: McpOptions, { roots = [] }: Peer): readonly [StoreChoice, Host] {
  const isNamed = Object.keys(choice).length > 0 || NAMING.some((variable) => host.env[variable]);
  if (isNamed) return [choice, host];
  const hosts = roots.flatMap((root) => {
    const cwd = root.startsWith("file:") ? filePath(root) : undefined;
    return cwd === undefined ? [] : [{ ...host, cwd }];
  });
  const first = hosts.find((one) => isDirectory(one.cwd) && locateStore({}, one).exists);
  return [{}, first ?? hosts.find((one) => isDirectory(one.cwd)) ?? host];
}

/** A store's own directory, a project's, or any directory in one. */
function around(dir: string, host: Host): readonly [StoreChoice, Host] {
  const written = dir.startsWith("file:") ? filePath(dir) : dir;
  const cwd = written === undefined ? undefined : absolutePath(written, "dir", host);
  if (cwd === undefined || !isDirectory(cwd)) throw new AyoError("no_store", `dir: ${cwd ?? dir} is not a directory`);
  const env = Object.fromEntries(Object.entries(host.env).filter(([name]) => !NAMING.includes(name)));
  return [isStore(cwd, host) ? { dir: cwd } : {}, { ...host, cwd, env }];
}

/** Whether a directory is or holds a store; one that is neither lies, perhaps, in a project that has one. */
function isStore(dir: string, host: Host): boolean {
  try {
    const { exists } = locateStore({ dir }, host);
    return exists;
  } catch (error) {
    if (error instanceof AyoError && error.code === "no_store") return false;
    throw error;
  }
}

/** The path of a `file:` URI; undefined for one that names another machine, or none. */
function filePath(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

function isDirectory(dir: string): boolean {
  try {
    return statSync(dir).isDirectory();
  } catch {
    return false;
  }
}
