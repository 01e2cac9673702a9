import { AyoError } from "../../error.ts";
import { type Starting, startRun } from "../run/startRun.ts";
import type { Work } from "../work.ts";

/** Worktrees that are made, and set-ups that run, at one time. */
const AT_ONCE = 4;

/** What is asked before one is started, and who hears that it was not. */
export interface Hears {
  readonly isPaused: () => boolean;
  readonly later: () => void;
  /** Whether it is anybody's fault. */
  readonly refused: (error: AyoError) => boolean;
}

/** Runs that are being started: a set-up may take minutes, and other runs are looked after meanwhile. */
export class Starts {
  readonly #work: Work;
  readonly #settled: () => void;
  readonly #running = new Set<Promise<void>>();
  readonly #waiting: (() => Promise<void>)[] = [];
  /** Tickets that are being started. */
  readonly tickets = new Set<string>();
  /** How many programs were started. */
  count = 0;
  /** How many could not be. */
  refused = 0;
  /** Tickets whose agents cannot be started here. */
  readonly unready = new Set<string>();

  /** `settled` hears of each that was started, or was not. */
  constructor(work: Work, settled: () => void) {
    this.#work = work;
    this.#settled = settled;
  }

  get pending(): number {
    return this.tickets.size;
  }

  /** Starts one as soon as there is room. */
  add(starting: Starting, hears: Hears): void {
    this.tickets.add(starting.choice.ticket.id);
    this.#waiting.push(() => this.#start(starting, hears));
    this.#next();
  }

  /** Done when none is being started any more. */
  async settled(): Promise<void> {
    // Those that have not begun are left to the next dispatcher.
    this.#waiting.length = 0;
    await Promise.all(this.#running);
  }

  #next(): void {
    while (this.#running.size < AT_ONCE) {
      const start = this.#waiting.shift();
      if (start === undefined) return;
      const running = start().finally(() => {
        this.#running.delete(running);
        this.#next();
        this.#settled();
        this.#work.wake();
      });
      this.#running.add(running);
    }
  }

  async #start(starting: Starting, { isPaused, later, refused }: Hears): Promise<void> {
    const { id } = starting.choice.ticket;
    try {
      if (isPaused()) {
        later();
        return;
      }
      const run = await startRun(this.#work, starting);
      if (run === undefined) {
        this.refused++;
        return;
      }
      this.#work.runs.add(run);
      this.count++;
    } catch (error) {
      // Whatever went wrong with one ticket, the others go on.
      const known = error instanceof AyoError ? error : new AyoError("internal", String((error as Error).message));
      if (refused(known)) this.refused++;
    } finally {
      this.tickets.delete(id);
    }
  }
}
