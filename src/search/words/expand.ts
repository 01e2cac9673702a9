import { STEMMED } from "./stemmed.ts";

/** A phrase as the stems of its words. */
export type Phrase = readonly string[];

/** No phrase of the thesaurus has more words. */
const LONGEST = 6;

/** Other phrases for what the stems say, each once, without those that are there already. */
export function synonymsOf(stems: readonly string[]): Phrase[] {
  const found = new Set<string>();
  for (let length = Math.min(LONGEST, stems.length); length > 0; length--) {
    for (let at = 0; at + length <= stems.length; at++) addGroups(stems.slice(at, at + length).join(" "), found);
  }
  const there = ` ${stems.join(" ")} `;
  return [...found].filter((phrase) => !there.includes(` ${phrase} `)).map((phrase) => phrase.split(" "));
}

/** Adds all phrases of the groups that have this one. */
function addGroups(phrase: string, found: Set<string>): void {
  const wanted = `|${phrase}|`;
  for (let at = STEMMED.indexOf(wanted); at >= 0; at = STEMMED.indexOf(wanted, at)) {
    const end = STEMMED.indexOf("\n", at);
    for (const other of STEMMED.slice(STEMMED.lastIndexOf("\n", at) + 2, end - 1).split("|")) found.add(other);
    at = end;
  }
}
