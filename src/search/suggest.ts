import MiniSearch from "minisearch";
import { tokenize } from "./words/tokens.ts";

/** Half of a word's letters wrong is another word. */
const FUZZY = 0.4;

/**
 * What a query that found nothing may have meant, the likest first: its words as the titles and tags of tickets write
 * them. Another typing error is forgiven than the search forgives, also in a word's first letter.
 */
export function suggestions(query: string, titles: Iterable<string>, limit = 3): string[] {
  const index = new MiniSearch<{ readonly id: number; readonly title: string }>({ fields: ["title"], tokenize });
  let id = 0;
  for (const title of titles) index.add({ id: id++, title });
  const found = index.autoSuggest(query, {
    fuzzy: FUZZY,
    maxFuzzy: 3,
    prefix: (word) => word.length > 2,
    combineWith: "AND",
  });
  const words = new Set(tokenize(query));
  return found
    .map(({ suggestion }) => suggestion)
    .filter((suggestion) => suggestion.split(" ").some((word) => !words.has(word)))
    .slice(0, limit);
}
