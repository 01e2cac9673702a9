import { useEffect, useState } from "preact/hooks";

/** A value that views follow. */
export interface State<T> {
  get(): T;
  set(value: T): void;
  /** Calls `listener` after every change; the function that it answers with ends that. */
  follow(listener: () => void): () => void;
}

/** A state with its first value. */
export function state<T>(first: T): State<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    follow: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The value of a state, in a component that is drawn anew when it changes. */
export function useValue<T>({ get, follow }: State<T>): T {
  const [, redraw] = useState(0);
  const value = get();
  useEffect(() => {
    const look = (): void => redraw((count) => count + 1);
    // It may have changed between the drawing and this effect.
    if (!Object.is(get(), value)) look();
    return follow(look);
  }, [get, follow]);
  return value;
}

/** A state that the browser remembers under a name. */
export function storedState(name: string, first: string): State<string> {
  const kept = state(readStored(name) ?? first);
  kept.follow(() => writeStored(name, kept.get()));
  return kept;
}

/** A remembered text; undefined too where the browser keeps nothing. */
export function readStored(name: string): string | undefined {
  try {
    return localStorage.getItem(`ayo.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a text, or with "" forgets it. */
export function writeStored(name: string, text: string): void {
  try {
    if (text === "") localStorage.removeItem(`ayo.${name}`);
    else localStorage.setItem(`ayo.${name}`, text);
  } catch {
    // A browser without storage forgets drafts when it reloads.
  }
}
