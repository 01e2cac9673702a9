import { type LogEvent, type LogLine, logLines } from "./logLines.ts";

/** So much of a log is held, in characters and lines; what is older is let go, and read again when somebody wants it. */
const MOST = { chars: 6_000_000, lines: 100_000 };
/** When too much is held so much of it goes at once, so that it is seldom. */
const LET_GO = 0.2;

/** Events that were read together. */
interface Chunk {
  /** Where the first of them lies in the log. */
  readonly from: number;
  readonly lines: number;
  readonly chars: number;
}

/** What is held of a log: its lines from some place on. */
export class LogBuffer {
  lines: readonly LogLine[] = [];
  /** The number of the first line, which stays the number of that line: earlier ones have smaller ones, also below 0. */
  first = 0;
  /** Whether the log has more before the first line. */
  hasEarlier = false;
  #chunks: Chunk[] = [];
  #chars = 0;
  readonly #most: typeof MOST;

  constructor(most = MOST) {
    this.#most = most;
  }

  /** Where the first line lies in the log. */
  get from(): number {
    return this.#chunks[0]?.from ?? 0;
  }

  /** Whether earlier lines can be taken in. */
  get hasRoom(): boolean {
    return this.#chars < this.#most.chars * (1 - LET_GO) && this.lines.length < this.#most.lines * (1 - LET_GO);
  }

  /** Takes in what comes behind all that is held. */
  append(events: readonly LogEvent[], from: number): void {
    const lines = events.flatMap(logLines);
    if (lines.length === 0) return;
    const chunk = { from, lines: lines.length, chars: charsOf(lines) };
    this.lines = [...this.lines, ...lines];
    this.#chunks.push(chunk);
    this.#chars += chunk.chars;
    if (this.#chars > this.#most.chars || this.lines.length > this.#most.lines) this.#letGo();
  }

  /** Takes in what lies before all that is held. */
  prepend(events: readonly LogEvent[], from: number, hasEarlier: boolean): void {
    const lines = events.flatMap(logLines);
    const chunk = { from, lines: lines.length, chars: charsOf(lines) };
    this.lines = [...lines, ...this.lines];
    this.first -= lines.length;
    this.#chunks.unshift(chunk);
    this.#chars += chunk.chars;
    this.hasEarlier = hasEarlier;
  }

  /** The newest stay, if they are too many by themselves. */
  #letGo(): void {
    const { chars, lines } = this.#most;
    let gone = 0;
    let left = this.lines.length;
    while (this.#chunks.length > 1 && (this.#chars > chars * (1 - LET_GO) || left > lines * (1 - LET_GO))) {
      const chunk = this.#chunks.shift() as Chunk;
      gone += chunk.lines;
      left -= chunk.lines;
      this.#chars -= chunk.chars;
    }
    if (gone === 0) return;
    this.lines = this.lines.slice(gone);
    this.first += gone;
    this.hasEarlier = true;
  }
}

function charsOf(lines: readonly LogLine[]): number {
  return lines.reduce((sum, { text }) => sum + text.length + 1, 0);
}
