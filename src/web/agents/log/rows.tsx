import type { JSX } from "preact";
import { type Found, patternOf } from "./find.ts";
import { breaksOf, type Layout } from "./layout.ts";
import type { LogBuffer } from "./logBuffer.ts";
import type { LogLine } from "./logLines.ts";
import { type Marked, piecesOf } from "./pieces.ts";
import { ROW } from "./useRows.ts";

interface Props {
  readonly buffer: LogBuffer;
  readonly layout: Layout;
  /** The first row that is drawn, and the one behind the last. */
  readonly begin: number;
  readonly end: number;
  readonly words: string;
  /** What is looked for and shown now. */
  readonly current: Found | undefined;
}

/** The rows of a log that are near to what is seen, in a box as high as all of them. */
export function Rows({ buffer, layout, begin, end, words, current }: Props): JSX.Element {
  const pattern = patternOf(words);
  const rows: JSX.Element[] = [];
  for (let row = begin; row < end; ) {
    const n = layout.lineAt(row);
    const line = buffer.lines[n];
    if (line === undefined) break;
    const number = buffer.first + n;
    const before = row - layout.rowOf(n);
    const starts = breaksOf(line.text, layout.columns);
    const at = current?.line === number ? current.at : -1;
    const marked = pattern === undefined ? [] : markedIn(line, pattern, at);
    for (let part = before; part < starts.length && row < end; part++, row++) {
      rows.push(
        <Row
          key={`${number} ${part}`}
          line={line}
          isFirst={line.isFirst && part === 0}
          pieces={piecesOf(line, starts[part] ?? 0, starts[part + 1] ?? line.text.length, marked)}
        />,
      );
    }
  }
  return (
    <div style={{ height: `${layout.rows * ROW}px` }}>
      <div style={{ transform: `translateY(${begin * ROW}px)` }}>{rows}</div>
    </div>
  );
}

function markedIn({ text }: LogLine, pattern: RegExp, current: number): Marked[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    from: index,
    to: index + found.length,
    isCurrent: index === current,
  }));
}

function Row({
  line: { at, kind },
  isFirst,
  pieces,
}: {
  readonly line: LogLine;
  readonly isFirst: boolean;
  readonly pieces: ReturnType<typeof piecesOf>;
}): JSX.Element {
  return (
    <div class={`log-row ${kind}`}>
      <time>{isFirst ? new Date(at).toTimeString().slice(0, 8) : ""}</time>
      <bdi>
        {pieces.map(({ text, look, mark }, n) => {
          const isPlain = look === "" && mark === undefined;
          if (isPlain) return text;
          if (mark === undefined) return <span class={look}>{text}</span>;
          return (
            <mark key={n} class={mark === "current" ? "current" : ""}>
              {text}
            </mark>
          );
        })}
      </bdi>
    </div>
  );
}
