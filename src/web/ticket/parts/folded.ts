/** What a tree needs to know of a line. */
export interface Branch {
  readonly id: string;
  /** 1 for the outermost. */
  readonly depth: number;
  readonly isOver: boolean;
}

/** A line of a tree with what is below it. */
export interface Line<T> {
  readonly part: T;
  /** Parts of its own, and how many of them are over. */
  readonly total: number;
  readonly done: number;
  readonly isOpen: boolean;
}

/** The lines that are seen of a tree; `turned` are those that somebody opened or closed: else those that are over are closed. */
export function seenLines<T extends Branch>(parts: readonly T[], turned: ReadonlyMap<string, boolean>): Line<T>[] {
  const lines: Line<T>[] = [];
  let closedAt = Number.POSITIVE_INFINITY;
  for (const [n, part] of parts.entries()) {
    if (part.depth > closedAt) continue;
    closedAt = Number.POSITIVE_INFINITY;
    const own = belowOf(parts, n).filter(({ depth }) => depth === part.depth + 1);
    const done = own.filter(({ isOver }) => isOver).length;
    const isOpen = turned.get(part.id) ?? !part.isOver;
    if (!isOpen && own.length > 0) closedAt = part.depth;
    lines.push({ part, total: own.length, done, isOpen });
  }
  return lines;
}

/** What stands below a line, however deep. */
function belowOf<T extends Branch>(parts: readonly T[], n: number): readonly T[] {
  const depth = parts[n]?.depth ?? 0;
  const end = parts.findIndex((other, at) => at > n && other.depth <= depth);
  return parts.slice(n + 1, end === -1 ? undefined : end);
}
