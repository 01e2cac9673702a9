import type { SearchText } from "../searchText.ts";
import { synonymsOf } from "../words/expand.ts";
import { stem, tokenize } from "../words/tokens.ts";
import { loadWordTable, meaningOf, type WordTable } from "./wordTable.ts";

/** Whatever turns texts into vectors whose cosine says how close their meanings are. */
export interface Embedder {
  readonly provider: string;
  readonly model: string;
  /** The texts of a ticket that get a vector each; the closest one counts. As many for every ticket. */
  texts(ticket: Pick<SearchText, "title" | "tags" | "text">): readonly string[];
  /** One vector of the same length for each text, in their order. */
  embed(texts: readonly string[]): Promise<readonly Float32Array[]>;
  /** The vector of what somebody looks for. */
  query(text: string): Promise<Float32Array | undefined>;
  /** From 0 to 1: which part of a query's words it understands. */
  coverage(query: string): number;
  /** Cosines below this mean nothing. */
  readonly floor: number;
  /** The words that it knows, where it knows words. */
  readonly table?: WordTable;
}

/** More of a text says nothing new about what it is about. */
const MAX_TEXT = 20_000;
/** Synonyms are looked for among so many words of a query. */
const MAX_WORDS = 60;
/** What a synonym counts beside a word of the query. */
const SYNONYM = 0.1;

/** The embedder that is always there: averages of the shipped word vectors. `table` is the path of words.bin. */
export function builtinEmbedder(table: string): Embedder & { readonly table: WordTable } {
  const words = loadWordTable(table);
  return {
    provider: "builtin",
    model: words.fingerprint,
    table: words,
    floor: 0.2,
    texts: ({ title, tags, text }) => [title, wholeText(title, tags, text)],
    embed: async (texts) => texts.map((text) => meaningOf(words, [[text, 1]]).vector),
    query: async (text) =>
      meaningOf(words, [
        [text, 1],
        [synonymsIn(text), SYNONYM],
      ]).vector,
    coverage: (query) => meaningOf(words, [[query, 1]]).coverage,
  };
}

/** Other words for what a query says, as a text. */
function synonymsIn(query: string): string {
  const stems = tokenize(query).slice(0, MAX_WORDS).map(stem);
  return synonymsOf(stems)
    .map((phrase) => phrase.join(" "))
    .join("\n");
}

/** What a ticket says, the title twice. */
export function wholeText(title: string, tags: string, text: string): string {
  return `${title}\n${title}\n${tags}\n${text.slice(0, MAX_TEXT)}`;
}
