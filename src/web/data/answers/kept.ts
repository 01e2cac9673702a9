import { route } from "../../page/router.ts";
import { readStored, state, writeStored } from "../../page/state.ts";

/*
 * Answers of the server, kept by the browser for when it cannot be reached. Each says by a header of which store it is, and
 * each store has a place of its own, so that what one server told is never shown as another's at the same address.
 */

/** As of when is what is shown of what was kept, in milliseconds since 1970; undefined where none of it is. */
export const keptSince = state<number | undefined>(undefined);

/** What the board, a ticket and the inbox are drawn from. */
const WORTH = /^\/(?:config|board\?fields=[\w,]+|projects\?all=true|(?:tickets|trees)\/[^/?]+|inbox\?limit=\d+)$/;
/** Tickets, and what the server read of their texts. */
const TICKET = /\/(tickets|trees)\/[^/]+$/;
const PREFIX = "ayo kept ";
/** Which store an address showed, as JSON. */
const POINTERS = "kept";
const AT = "kept-at";
/** Of a store so many tickets are kept, of a server so many stores. */
const MOST_TICKETS = 100;
const MOST_STORES = 4;
/** Longer answers are not kept, in bytes: a board of 15,000 tickets is. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_OF_TICKET = { tickets: 256 * 1024, trees: 1024 * 1024 };

/** What is kept is kept after so long at the latest, in milliseconds. */
const SOON = 1000;

/** Answers are kept one after the other. */
let last: Promise<void> = Promise.resolve();

/** Whether an answer is one to be kept; outside of this machine and TLS browsers keep none. */
export function isWorthKeeping(path: string): boolean {
  return WORTH.test(path) && "caches" in globalThis;
}

/**
 * Keeps an answer of the server about a store, once there is nothing better to do: it is to be drawn first. Where the
 * browser has no room it is as if there was none.
 */
export function keepAnswer(path: string, store: string | null, text: string): Promise<void> {
  const { workflow } = route.get();
  const at = Date.now();
  return inTurn(async () => {
    await rest();
    if (store !== null) await keep(await placeOf(workflow, store), path, new Blob([text]), at);
  });
}

/** Done when the browser rests, or soon. */
function rest(): Promise<unknown> {
  if (!("requestIdleCallback" in globalThis)) return new Promise((resolve) => setTimeout(resolve, SOON));
  return new Promise((resolve) => requestIdleCallback(resolve, { timeout: SOON }));
}

/** Keeps a value as the newest answer to a path. */
export function keepValue(path: string, value: unknown): Promise<void> {
  const { workflow } = route.get();
  const body = new Blob([JSON.stringify(value)]);
  const at = Date.now();
  return inTurn(async () => {
    const store = pointers()[workflow];
    if (store !== undefined && isWorthKeeping(path)) await keep(PREFIX + store, path, body, at);
  });
}

function inTurn(work: () => Promise<void>): Promise<void> {
  last = last.then(work).catch(() => undefined);
  return last;
}

/** What the server last answered for the store of the address; undefined where nothing was kept. */
export async function keptAnswer<T>(path: string): Promise<T | undefined> {
  // An answer that has just come may be of another store.
  await last;
  const store = pointers()[route.get().workflow];
  if (store === undefined || !isWorthKeeping(path)) return undefined;
  try {
    const found = await (await caches.open(PREFIX + store)).match(addressOf(path));
    if (found === undefined) return undefined;
    const value = (await found.json()) as T;
    keptSince.set(Math.min(keptSince.get() ?? Number.POSITIVE_INFINITY, Number(found.headers.get(AT))));
    return value;
  } catch {
    return undefined;
  }
}

/** Forgets all that was kept: the server does not let this browser in any longer, or has other stores. */
export async function forgetKept(): Promise<void> {
  writeStored(POINTERS, "");
  if (!("caches" in globalThis)) return;
  const places = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(places.map((name) => caches.delete(name)));
}

/** Where answers of a store are kept. What this address showed before, if it was another, is forgotten with all the rest. */
async function placeOf(workflow: string, store: string): Promise<string> {
  const known = pointers();
  if (known[workflow] !== undefined && known[workflow] !== store) await forgetKept();
  if (known[workflow] !== store) {
    const stores = Object.entries({ ...pointers(), [workflow]: store }).slice(-MOST_STORES);
    writeStored(POINTERS, JSON.stringify(Object.fromEntries(stores)));
    const wanted = stores.map(([, one]) => PREFIX + one);
    const left = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && !wanted.includes(name));
    await Promise.all(left.map((name) => caches.delete(name)));
  }
  return PREFIX + store;
}

async function keep(place: string, path: string, body: Blob, at: number): Promise<void> {
  const kind = TICKET.exec(path)?.[1] as keyof typeof MOST_OF_TICKET | undefined;
  if (body.size > (kind === undefined ? MOST_BYTES : MOST_OF_TICKET[kind])) return;
  const cache = await caches.open(place);
  const headers = { "content-type": "application/json", [AT]: String(at) };
  await cache.put(addressOf(path), new Response(body, { headers }));
  if (kind === undefined) return;
  const tickets = (await cache.keys()).filter(({ url }) => TICKET.exec(url)?.[1] === kind);
  await Promise.all(tickets.slice(0, -MOST_TICKETS).map((old) => cache.delete(old)));
}

/** No address of the server's: nothing else finds it there. */
function addressOf(path: string): string {
  return `/kept${path}`;
}

/** The stores by the name that the address has for them. */
function pointers(): Readonly<Record<string, string | undefined>> {
  try {
    return JSON.parse(readStored(POINTERS) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}
