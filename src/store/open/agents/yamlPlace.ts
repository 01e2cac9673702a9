/** One line of a YAML text that begins a key. */
interface KeyLine {
  readonly indent: number;
  readonly key: string;
}

const KEY = /^(\s*)(?:- +)?(?:"([^"]*)"|'([^']*)'|([^\s"'#[{:][^:#]*?))\s*:(?:\s|$)/;

/**
 * The line, from 1, of the key at a path in a YAML text of block mappings, or of as much of the path as can be found: YAML
 * values carry no positions.
 */
export function lineAt(text: string, path: readonly string[]): number {
  const lines = text.split("\n");
  let [from, to] = [0, lines.length];
  let found = 1;
  for (const name of path) {
    const indent = leastIndent(lines, from, to);
    const at = indexOfKey(lines, { from, to, indent }, name);
    if (at < 0) break;
    found = at + 1;
    [from, to] = [at + 1, endOfBlock(lines, at + 1, to, indent)];
  }
  return found;
}

function keyIn(line: string): KeyLine | undefined {
  const match = KEY.exec(line);
  if (match === null) return undefined;
  const [, blanks = "", double, single, plain] = match;
  return { indent: blanks.length, key: (double ?? single ?? plain ?? "").trim() };
}

function leastIndent(lines: readonly string[], from: number, to: number): number {
  const indents = lines.slice(from, to).flatMap((line) => keyIn(line)?.indent ?? []);
  return Math.min(...indents, Number.POSITIVE_INFINITY);
}

function indexOfKey(
  lines: readonly string[],
  { from, to, indent }: { readonly from: number; readonly to: number; readonly indent: number },
  name: string,
): number {
  for (let at = from; at < to; at++) {
    const key = keyIn(lines[at] ?? "");
    if (key?.indent === indent && key.key === name) return at;
  }
  return -1;
}

/** What is indented deeper belongs to the key above. */
function endOfBlock(lines: readonly string[], from: number, to: number, indent: number): number {
  for (let at = from; at < to; at++) {
    const key = keyIn(lines[at] ?? "");
    if (key !== undefined && key.indent <= indent) return at;
  }
  return to;
}
