/** What the rooms of a process keep of an open store besides its index: queue, lock, shared reads, what is not published. */
export type Runtime = Map<RuntimeKey<unknown>, unknown>;

/** One thing that a room keeps of every open store, and what it is before anybody set it. */
export interface RuntimeKey<out T> {
  /** For people who look at a runtime. */
  readonly name: string;
  readonly initial: () => T;
}

interface Running {
  readonly runtime: Runtime;
}

/** A key for something that a room keeps of every open store. */
export function runtimeKey<T>(name: string, initial: () => T): RuntimeKey<T> {
  return { name, initial };
}

/** What is kept of a store under a key; made at the first look. */
export function kept<T>({ runtime }: Running, key: RuntimeKey<T>): T {
  if (!runtime.has(key)) runtime.set(key, key.initial());
  return runtime.get(key) as T;
}

/** Keeps something else of a store under a key from now on. */
export function keep<T>({ runtime }: Running, key: RuntimeKey<T>, value: T): void {
  runtime.set(key, value);
}
