import type { RunRecord } from "../../store/runs/record.ts";

/** Between one try and the next: twice as long each time, at most so long. In milliseconds. */
const FIRST_MS = 10_000;
const MOST_MS = 5 * 60_000;
/** Between one time that other machines cannot be asked and the next. */
const PAUSE_MS = 10_000;

/** A run that is to be tried again. */
export interface Again {
  readonly record: RunRecord;
  /** By the clock that nobody sets. */
  readonly at: number;
}

/** What a dispatcher is to try again, and when. Should it end before, the next one does. */
export class Tries {
  readonly #waiting = new Map<string, Again>();
  readonly #firstMs: number;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  /** `firstMs` is set by tests. */
  constructor(firstMs = FIRST_MS) {
    this.#firstMs = firstMs;
  }

  /** Has a run tried again after a while. */
  add(record: RunRecord): void {
    // Whose answer did not fit is only asked once more, and who was not told something goes on.
    const isAtOnce = record.rejected !== undefined || record.isUnheard === true;
    const wait = isAtOnce ? 0 : Math.min(MOST_MS, this.#firstMs * 2 ** (record.tries - 1));
    this.#waiting.set(record.ticket, { record, at: performance.now() + wait });
  }

  /** Those whose time has come; they are not told of again. */
  due(): readonly RunRecord[] {
    const now = performance.now();
    const due = [...this.#waiting.values()].filter(({ at }) => at <= now);
    for (const { record } of due) this.#waiting.delete(record.ticket);
    return due.map(({ record }) => record);
  }

  /** Those that wait for their time. */
  get waiting(): readonly RunRecord[] {
    return [...this.#waiting.values()].map(({ record }) => record);
  }

  /** Does not try one again. */
  drop({ ticket }: RunRecord): void {
    this.#waiting.delete(ticket);
  }

  /** Starts nothing for a while: other machines could not be asked, and asking for each ticket holds up everything. */
  pause(): void {
    this.#pausedUntil = performance.now() + PAUSE_MS;
  }

  get isPaused(): boolean {
    return performance.now() < this.#pausedUntil;
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Whether a time has come: that of a try, or the end of a pause. */
  get isDue(): boolean {
    const isOver = !this.isPaused && this.#pausedUntil > Number.NEGATIVE_INFINITY;
    if (isOver) this.#pausedUntil = Number.NEGATIVE_INFINITY;
    return isOver || performance.now() >= this.nextAt;
  }

  /** When the next is to be tried. */
  get nextAt(): number {
    const pause = this.isPaused ? this.#pausedUntil : Number.POSITIVE_INFINITY;
    return Math.min(...[...this.#waiting.values()].map(({ at }) => at), pause);
  }
}
