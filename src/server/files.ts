import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Content } from "./answers/content.ts";
import { hashTag } from "./answers/validators.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

/** What a browser runs to answer for a server that it cannot reach. */
const WORKER = "serviceWorker.js";

/**
 * The files of the web app by their names, read once: what is not in this map cannot be asked for. Empty where the app
 * was not built. Names that carry a hash may be kept for ever. Without `offline` browsers are not to keep them for when
 * the server is away.
 */
export function readWebFiles(dir: string, offline = true): ReadonlyMap<string, Content> {
  const files = new Map<string, Content>();
  for (const name of namesIn(dir)) {
    const type = TYPES[path.extname(name)];
    if (type === undefined || (name === WORKER && !offline)) continue;
    const body = new Uint8Array(readFileSync(path.join(dir, name)));
    const ready = name === "index.html" ? { "ayo-offline": offline ? "on" : "off" } : {};
    const isHashed = /-[0-9a-f]{8}\.js$/.test(name);
    const keep = isHashed ? "public, max-age=31536000, immutable" : "no-cache";
    const headers = { ...ready, "content-type": type, "cache-control": keep, etag: hashTag(body) };
    files.set(name, { status: 200, headers, body, isLasting: true });
  }
  return files;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
