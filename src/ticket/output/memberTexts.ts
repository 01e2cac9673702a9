import { type JsonFault, readJson, TOKEN } from "./readJson.ts";

/**
 * The texts of the values that objects have under a key, in a text that is JSON: as they stand there, before a parser takes
 * the last of several and makes other numbers of those that it cannot hold. `depth` is how many objects and lists they lie
 * in: 1 for members of the whole.
 */
function memberTexts(text: string, key: string, depth: number): string[] {
  const found: string[] = [];
  let [open, isKey, from] = [0, false, -1];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const isEnd = token === "}" || token === "]";
    if (from >= 0 && open === depth && (isEnd || token === ",")) {
      found.push(text.slice(from, index));
      from = -1;
    }
    if (token === "{" || token === "[") open++;
    else if (isEnd) open--;
    else if (token === ":" && isKey && open === depth) from = index + 1;
    isKey = open === depth && token.startsWith('"') && JSON.parse(token) === key;
  }
  return found;
}

/**
 * What is wrong with the values under a key as their text has them, where what was made of the text no longer shows it;
 * undefined where nothing is.
 */
export function memberFault(text: string, key: string, depth = 1): JsonFault | undefined {
  const texts = memberTexts(text, key, depth);
  if (depth === 1 && texts.length > 1)
    return { pointer: "", message: "is there twice: only one of both could be kept" };
  for (const one of texts) {
    const read = readJson(one);
    if ("fault" in read) return read.fault;
  }
  return undefined;
}
