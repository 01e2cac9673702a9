/**
 * Whether a TOML text defines a table, or something in it, in any of the ways that TOML has: as a head, by dotted keys,
 * or inline. A second definition would make the whole file invalid.
 */
export function definesTable(text: string, table: readonly string[]): boolean {
  let head: readonly string[] = [];
  for (const line of plainLines(text)) {
    const named = /^\s*\[\[?([^\]]+)\]/.exec(line)?.[1];
    if (named !== undefined) head = keysOf(named);
    const key = named === undefined ? DOTTED.exec(line)?.[1] : undefined;
    if (named === undefined && key === undefined) continue;
    const whole = key === undefined ? head : [...head, ...keysOf(key)];
    if (startsWith(whole, table)) return true;
    // `mcp_servers = { … }` is closed: nothing may be added to it.
    if (key !== undefined && startsWith(table, whole)) return true;
  }
  return false;
}

/** `a."b".c =`, from the beginning of a line. */
const DOTTED = /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/;

/** The lines of a TOML text without those inside of texts of several lines. */
function plainLines(text: string): string[] {
  const plain = text.replace(/("""|''')[\s\S]*?\1/g, '""');
  return plain.split(/\r?\n/);
}

function keysOf(dotted: string): string[] {
  const keys = dotted.match(/"[^"]*"|'[^']*'|[\w-]+/g) ?? [];
  return keys.map((key) => key.replace(/^["']|["']$/g, ""));
}

function startsWith(whole: readonly string[], start: readonly string[]): boolean {
  return start.every((key, at) => whole[at] === key);
}
