import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One file of the web app. */
export interface WebFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Its name changes with its content. */
  readonly isHashed: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

/**
 * The files of the web app by their names, read once: what is not in this map cannot be asked for. Empty where the app
 * was not built.
 */
export function readWebFiles(dir: string): ReadonlyMap<string, WebFile> {
  const files = new Map<string, WebFile>();
  for (const name of namesIn(dir)) {
    const type = TYPES[path.extname(name)];
    if (type === undefined) continue;
    const body = new Uint8Array(readFileSync(path.join(dir, name)));
    files.set(name, { body, type, isHashed: /-[A-Z0-9]{8}\.\w+$/.test(name) });
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

/** The response for a file; names that carry a hash may be kept for ever. */
export function fileResponse({ body, type, isHashed }: WebFile, status = 200): Response {
  const keep = isHashed ? "public, max-age=31536000, immutable" : "no-cache";
  return new Response(body, { status, headers: { "content-type": type, "cache-control": keep } });
}
