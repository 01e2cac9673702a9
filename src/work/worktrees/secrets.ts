import path from "node:path";

/** Shorter values are words that logs are full of. */
const LEAST = 8;

/** Values in a file of `KEY=VALUE` lines, such as `.env`, to be struck from logs; of a value over several lines each line. */
export function secretsIn(name: string, bytes: Buffer): string[] {
  if (!/(?:^|\.)env(?:rc)?(?:\.|$)/i.test(path.posix.basename(name))) return [];
  const text = bytes.toString("utf8");
  const found = new Set<string>();
  const pairs = /^[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.-]*[ \t]*=[ \t]*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([^\r\n]*))/gms;
  for (const [, double, single, plain] of text.matchAll(pairs)) {
    const value = double ?? single ?? plain?.replace(/\s+#.*$/, "").trim() ?? "";
    // As it is written, and as programs get it.
    for (const form of [value, value.replaceAll("\\n", "\n").replaceAll(/\\(.)/g, "$1")]) {
      for (const line of form.split(/\r?\n/)) if (line.trim().length >= LEAST) found.add(line.trim());
    }
  }
  return [...found];
}
