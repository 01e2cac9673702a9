import { TrackerError } from "./provider.ts";

/** Ways to hold what a tracker answers to what was asked of it. */
export interface Shapes {
  /** Something of an answer that has what was asked for: texts at some paths, numbers at others. @throws TrackerError `broken` */
  readonly whole: <T extends object>(
    value: T | null | undefined,
    what: string,
    texts?: readonly string[],
    numbers?: readonly string[],
  ) => T;
  /** A list of an answer. @throws TrackerError `broken` */
  readonly listOf: <T>(value: readonly T[] | null | undefined, what: string) => readonly T[];
}

/** Those of a tracker, by its name. */
export function shapesOf(tracker: string): Shapes {
  const lacks = (what: string): TrackerError => new TrackerError("broken", `${tracker}: an answer without ${what}`);
  return {
    whole: (value, what, texts = [], numbers = []) => {
      if (typeof value !== "object" || value === null) throw lacks(what);
      const missing =
        texts.find((path) => typeof at(value, path) !== "string") ??
        numbers.find((path) => !Number.isSafeInteger(at(value, path)));
      if (missing !== undefined) throw lacks(`the ${missing} of ${what}`);
      return value;
    },
    listOf: (value, what) => {
      if (!Array.isArray(value)) throw lacks(what);
      return value;
    },
  };
}

/** Reads the answer to a write: where it lacks something, it may have been done all the same. */
export function afterWrite<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TrackerError) || error.fault !== "broken") throw error;
    throw new TrackerError("ambiguous", error.message, { cause: error });
  }
}

function at(value: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((one, key) => (one as Record<string, unknown> | null | undefined)?.[key], value);
}
