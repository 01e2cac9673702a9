/** What a language says at one place, and what is put into it there. */
export type Word = string | ((...parts: unknown[]) => unknown);

/** All words of a language by their paths: `inbox.heading`. */
export function leavesOf(words: unknown, path = ""): (readonly [path: string, word: Word])[] {
  if (typeof words === "string" || typeof words === "function") return [[path, words as Word]];
  return Object.entries(words as Readonly<Record<string, unknown>>).flatMap(([name, some]) =>
    leavesOf(some, path === "" ? name : `${path}.${name}`),
  );
}

/** What it says of these numbers; what is no number is said as it is. */
export function textWith(word: Word, parts: readonly number[]): string {
  return typeof word === "string" ? word : [word(...parts)].flat(9).join("");
}
