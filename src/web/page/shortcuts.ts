import { say, wordFor } from "../words/say.ts";

/** Keys and what they do, by where they do it. */
export type Shortcuts = readonly (readonly [group: string, rows: readonly (readonly [keys: string, what: string])[]])[];

/** Keys as keyboards of the language name them: `Strg K`. */
export function keyText(keys: string): string {
  return keys.replaceAll(/[a-z]{2,}/gi, (name) => wordFor(name, say.keyNames));
}

/** Those that have every word of what is typed: as keys, in what they do, or as the place where they do it. */
export function shortcutsFor(text: string, all: Shortcuts): Shortcuts {
  const words = text.toLowerCase().split(/\s+/);
  const fits = (some: string): boolean => words.every((word) => some.toLowerCase().includes(word));
  return all.flatMap(([group, rows]) => {
    const fitting = rows.filter(([keys, what]) => fits(`${group} ${keys} ${keyText(keys)} ${what}`));
    return fitting.length === 0 ? [] : [[group, fitting] as const];
  });
}
