/** Something that can be chosen. */
export interface Choice {
  readonly value: string;
  readonly text: string;
  /** Told beside it, quietly. */
  readonly about?: string;
}

/** Where words were found: at the beginning, at the beginning of words, within them, or not. */
const [FIRST, BEGINS, WITHIN, NOT] = [0, 1, 2, 3];

/**
 * The choices that have every word that was typed, each in a place of its own. Where anything may be typed it is a
 * choice too: Enter takes it unless a choice has words that begin so, and what is told beside choices is not searched.
 */
export function fitting(choices: readonly Choice[], typed: string, isFree = false): readonly Choice[] {
  const value = typed.trim();
  const words = value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return choices;
  // The longest first, so that no part of it is taken by a shorter one.
  const longest = [...words].sort((left, right) => right.length - left.length);
  const ranked = choices
    .map((choice) => ({ choice, rank: rankOf(isFree ? { ...choice, about: "" } : choice, words[0] ?? "", longest) }))
    .filter(({ rank }) => rank < NOT)
    .sort((left, right) => left.rank - right.rank);
  const found = ranked.map(({ choice }) => choice);
  if (!isFree || choices.some((choice) => choice.value === value)) return found;
  const better = ranked.filter(({ rank }) => rank < WITHIN).length;
  return [...found.slice(0, better), { value, text: value, about: "as typed" }, ...found.slice(better)];
}

function rankOf({ text, about = "" }: Choice, first: string, words: readonly string[]): number {
  let rest = `${text} ${about}`.toLowerCase();
  let rank = rest.replace(/^@/, "").startsWith(first) ? FIRST : BEGINS;
  for (const word of words) {
    const { at, isBegin } = wordIn(rest, word);
    if (at < 0) return NOT;
    if (!isBegin) rank = WITHIN;
    // What is taken counts no more.
    rest = `${rest.slice(0, at)}\u0000${rest.slice(at + word.length)}`;
  }
  return rank;
}

const LETTER = /[\p{L}\p{N}]/u;

/** Where a word stands in a text, best at the beginning of one of its words. */
function wordIn(text: string, word: string): { readonly at: number; readonly isBegin: boolean } {
  const first = text.indexOf(word);
  for (let at = first; at >= 0; at = text.indexOf(word, at + 1))
    if (at === 0 || !LETTER.test(text[at - 1] as string)) return { at, isBegin: true };
  return { at: first, isBegin: false };
}
