import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ROOT } from "../helpers/pages.ts";

const WEB = path.join(ROOT, "dist/web");
/** Scripts, styles and pages of the board; the guide's styles are none of it. */
const FILES = readdirSync(WEB).filter((name) => /\.(?:js|css|html)$/.test(name) && name !== "docs.css");

const sizeOf = (names: readonly string[]): number =>
  names.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(WEB, name)), { level: 9 }).length, 0);

/** A script and all that it imports before it runs. */
function withImports(name: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = readFileSync(path.join(WEB, name), "utf8");
  for (const [, other = ""] of text.matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)) withImports(other, seen);
  return seen;
}

test("the first view comes in 61 kB, and all of the board in less than 150 for a reader of one language", () => {
  const first = [...withImports("main.js"), "main.css", "index.html"];
  expect(first).toEqual(["main.js", "main.css", "index.html"]);
  expect(sizeOf(first)).toBeLessThanOrEqual(61_000);
  for (const [language, most] of [
    ["en", 143_000],
    ["de", 148_500],
  ] as const) {
    const others = FILES.filter((name) => /^[a-z]{2}-[0-9a-f]+\.js$/.test(name) && !name.startsWith(`${language}-`));
    expect(others.length).toBeGreaterThan(0);
    expect(sizeOf(FILES.filter((name) => !others.includes(name))), language).toBeLessThanOrEqual(most);
  }
  // With the words of both.
  expect(sizeOf(FILES)).toBeLessThanOrEqual(150 * 1024);
});
