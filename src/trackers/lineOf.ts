/** Something of others' in one line, without characters that no line shows. */
export function lineOf(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

/** Somebody's name: it never begins as those of agents do, however that is hidden. */
export function personName(text: string): string {
  return lineOf(text).replace(/^[@\uFE6B\uFF20\s\p{Z}\p{Cf}\p{DI}]+/u, "");
}
