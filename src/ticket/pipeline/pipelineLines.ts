/** The lines of a YAML text that its keys and steps stand in, all from 1: values carry no positions. */
export interface PipelineLines {
  /** The line of a key at the margin, or of a word below it. */
  top(key: string, below?: string): number;
  /** The line of a step, counted from 0, or of a word in it. */
  step(at: number, key?: string): number;
}

/** Looks for lines in the text of a pipeline. */
export function linesOf(text: string): PipelineLines {
  const lines = text.split(/\r?\n/);
  const top = (key: string): number => lines.findIndex((line) => lineHas(line, key, true));
  const starts = stepStarts(lines, top("steps"));
  const end = (at: number): number => starts[at + 1] ?? lines.length;
  return {
    top: (key, below) => {
      const from = Math.max(0, top(key));
      return (below === undefined ? from : within(lines, from, blockEnd(lines, from), below)) + 1;
    },
    step: (at, key) => {
      const from = starts[at] ?? Math.max(0, top("steps"));
      return (key === undefined ? from : within(lines, from, end(at), key)) + 1;
    },
  };
}

/** Where the items of the list below `steps:` begin. */
function stepStarts(lines: readonly string[], from: number): number[] {
  const found: number[] = [];
  let indent: number | undefined;
  for (let at = from + 1; from >= 0 && at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (/^[^\s#-]/.test(line)) break;
    const blanks = /^(\s*)-(?:\s|$)/.exec(line)?.[1]?.length;
    if (blanks === undefined) continue;
    indent ??= blanks;
    if (blanks === indent) found.push(at);
  }
  return found;
}

function blockEnd(lines: readonly string[], from: number): number {
  const next = lines.findIndex((line, at) => at > from && /^[^\s#]/.test(line));
  return next < 0 ? lines.length : next;
}

function within(lines: readonly string[], from: number, to: number, key: string): number {
  for (let at = from; at < to; at++) if (lineHas(lines[at] ?? "", key)) return at;
  return from;
}

function lineHas(line: string, key: string, isTop = false): boolean {
  const escaped = key.replaceAll(/[^A-Za-z0-9_-]/g, "\\$&");
  return new RegExp(`${isTop ? "^" : "(?:^|[\\s{,])"}['"]?${escaped}['"]?\\s*:`).test(line);
}
