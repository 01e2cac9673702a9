import { setTimeout as sleep } from "node:timers/promises";

/** So many go out at once; after them one in each pause, and never more than that in as many pauses. */
const AT_ONCE = 20;
const MOST = 60;

/**
 * Waits until one more thing may be made. GitHub lets 80 a minute and 500 an hour be made by one key, and shuts out for
 * longer who makes more; the rest is left to others with the same key.
 */
export function paced(pause: number): () => Promise<void> {
  const made: number[] = [];
  return async () => {
    const now = performance.now();
    const [last, early] = [made.at(-1) ?? 0, made.at(-MOST)];
    const next = made.length < AT_ONCE ? now : last + pause;
    const wait = Math.max(next, early === undefined ? now : early + MOST * pause) - now;
    if (wait > 0) await sleep(Math.ceil(wait));
    made.push(performance.now());
  };
}
