import type { Scores } from "./score.ts";

/** Who has less of what the best ticket has, and not all words, was not meant. */
const SHARE = 0.08;

/** Leaves out the documents that have a word of the query only by the way; those with `words` different words stay. */
export function relevant({ scores, found, names, termsOf }: Scores, words: number): Scores {
  let best = 0;
  for (const document of found) best = Math.max(best, scores[document] as number);
  const kept = found.filter((document) => {
    const isMeant = (scores[document] as number) >= SHARE * best || (names[document] as number) >= words;
    if (!isMeant) scores[document] = 0;
    return isMeant;
  });
  return { scores, found: kept, names, termsOf };
}
