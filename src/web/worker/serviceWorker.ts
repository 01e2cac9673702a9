// Started by the browser, not by the page: it answers for the server with the page's own files where the server cannot
// be reached. Answers about tickets are no matter of it: data/kept.ts keeps those.

/** What the build puts in: its name, and the hash of every file of it. */
declare const BUILD: { readonly name: string; readonly files: Readonly<Record<string, string>> };

interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface Fetched extends Lasting {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(response: Promise<Response>): void;
}

interface Clicked extends Lasting {
  readonly notification: { readonly data: string; close(): void };
}

/** A window of the page. */
interface Client {
  focus(): Promise<unknown>;
  postMessage(said: unknown): void;
}

interface Worker {
  readonly registration: {
    readonly navigationPreload?: { enable(): Promise<void> };
    unregister(): Promise<boolean>;
  };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { readonly type: "window" }): Promise<readonly Client[]>;
    openWindow(href: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(name: "install" | "activate", hear: (event: Lasting) => void): void;
  addEventListener(name: "fetch", hear: (event: Fetched) => void): void;
  addEventListener(name: "notificationclick", hear: (event: Clicked) => void): void;
}

const worker = self as unknown as Worker;
const PREFIX = "ayo files ";
const CACHE = PREFIX + BUILD.name;
/** The header by which a server says that it is ayo, and wants this. */
const MARK = "ayo-offline";
/** The addresses of views, as the server knows them. */
const PAGES =
  /^\/(?:board|inbox|agents|graph|search|stats|timeline|sync|ticket\/[^/]+|(?:projects|pipelines)(?:\/[^/]+)?)?\/?$/;
/** A proxy says that there is no server behind it. */
const GONE = [502, 504];

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate") {
    if (PAGES.test(pathname)) event.respondWith(pageFor(event));
  } else if (/^\/[\w-]+\.\w+$/.test(pathname)) event.respondWith(fileFor(event.request));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(showAt(event.notification.data));
});

/** Shows an address in a window that is there, else in a new one. */
async function showAt(href: string): Promise<void> {
  const [client] = await worker.clients.matchAll({ type: "window" });
  if (client === undefined) return void (await worker.clients.openWindow(href));
  client.postMessage({ open: href });
  await client.focus();
}

/** All files of one build, or none: while a server is being replaced it may send those of another. */
async function install(): Promise<void> {
  await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  const keep = async ([name, hash]: [string, string]): Promise<void> => {
    const response = await fetch(`/${name}`, { cache: "no-cache" });
    const bytes = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
    const found = btoa(String.fromCharCode(...new Uint8Array(bytes)));
    if (!response.ok || found !== hash) throw new Error(`${name} is not of build ${BUILD.name}`);
    await cache.put(`/${name}`, response);
  };
  await Promise.all(Object.entries(BUILD.files).map(keep));
  await worker.skipWaiting();
}

/** The build before stays for the pages that run it. */
async function activate(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(builds.slice(0, -2).map((name) => caches.delete(name)));
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

async function fileFor(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    return GONE.includes(response.status) ? ((await kept(request.url)) ?? response) : response;
  } catch (error) {
    const found = await kept(request.url);
    if (found === undefined) throw error;
    return found;
  }
}

async function pageFor(event: Fetched): Promise<Response> {
  try {
    const response = (await event.preloadResponse) ?? (await fetch(event.request));
    if (response.type === "opaqueredirect") return response;
    if (GONE.includes(response.status)) return (await kept("/index.html")) ?? response;
    // A server that does not want this, or wants a token first, or another program at this port.
    if (response.headers.get(MARK) !== "on") event.waitUntil(leave());
    return response;
  } catch (error) {
    const found = await kept("/index.html");
    if (found === undefined) throw error;
    return found;
  }
}

/** What is kept of this build, else of the one before. */
async function kept(url: string): Promise<Response | undefined> {
  const how = { ignoreSearch: true, ignoreVary: true };
  return (await (await caches.open(CACHE)).match(url, how)) ?? (await caches.match(url, how));
}

async function leave(): Promise<void> {
  const ours = (await caches.keys()).filter((name) => name.startsWith("ayo "));
  await Promise.all(ours.map((name) => caches.delete(name)));
  await worker.registration.unregister();
}
