import { kept, type Runtime, runtimeKey } from "./runtime.ts";

/** Who of a process works on a store's index; copies of a store share one. */
interface IndexTurns {
  /** The last of those that wait for their turn. */
  tail: Promise<unknown>;
  /** How many changes wait for their turn or have it. */
  changing: number;
  /** How many times files of changes were begun to be put in place. */
  placings: number;
  /** Done when those of now are in place. */
  placing: Promise<unknown> | undefined;
}

const TURNS = runtimeKey<IndexTurns>("turns", () => ({
  tail: Promise.resolve(),
  changing: 0,
  placings: 0,
  placing: undefined,
}));

/** What of a store tells whose turn it is. */
interface Shared {
  readonly runtime: Runtime;
}

/**
 * Gives the store's index to `work` alone, from its first refresh to its last look: what it decides on does not change
 * between two of its awaits because somebody in the same process reads the store. Such readers get copies meanwhile.
 * It must not be called from within `work`.
 */
export async function exclusiveIndex<T>(store: Shared, work: () => Promise<T>): Promise<T> {
  const turns = kept(store, TURNS);
  turns.changing++;
  try {
    return await inTurn(turns, work);
  } finally {
    turns.changing--;
  }
}

/** Puts the files of a change in place: who reads aside meanwhile sees all of them, or none. */
export async function placeTogether<T>(store: Shared, work: () => Promise<T>): Promise<T> {
  const turns = kept(store, TURNS);
  turns.placings++;
  const result = work();
  const placing = Promise.allSettled([turns.placing, result]);
  turns.placing = placing;
  try {
    return await result;
  } finally {
    if (turns.placing === placing) turns.placing = undefined;
  }
}

/**
 * Reads the index when nobody else of the process is at it. While a change is, or waits to be, `aside` is done at once,
 * but not while that puts its files in place: nobody sees half of a change.
 */
export function readIndex<T>(store: Shared, work: () => Promise<T>, aside: () => Promise<T>): Promise<T> {
  const turns = kept(store, TURNS);
  return turns.changing > 0 ? betweenPlacings(turns, aside) : inTurn(turns, work);
}

async function betweenPlacings<T>(turns: IndexTurns, aside: () => Promise<T>): Promise<T> {
  for (;;) {
    await turns.placing;
    const { placings } = turns;
    const seen = await aside();
    if (turns.placings === placings) return seen;
  }
}

function inTurn<T>(turns: IndexTurns, work: () => Promise<T>): Promise<T> {
  const result = turns.tail.then(work);
  turns.tail = result.catch(() => {});
  return result;
}
