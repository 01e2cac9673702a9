import { THESAURUS } from "./thesaurus.ts";
import { stem, tokenize } from "./tokens.ts";

/**
 * The thesaurus by stems: each phrase between two bars, a group a line. The build puts the text itself in the place of this
 * module (`.ci/atBuild.mjs`): stemming 1,500 phrases takes longer than most searches.
 */
export const STEMMED: string = THESAURUS.trim()
  .split("\n")
  .map((line) => `|${line.split(", ").map(stemsOf).join("|")}|\n`)
  .join("");

/** What a phrase is looked up by: `sign-in` and `sign in` are the same two stems. */
function stemsOf(phrase: string): string {
  return tokenize(phrase.replaceAll(/[-_/]/g, " ")).map(stem).join(" ");
}
