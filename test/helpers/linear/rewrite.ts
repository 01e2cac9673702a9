/** Markdown as Linear gives it back: it keeps a document and spells it anew, in code too. */
export function rewritten(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .split("\n")
    .map((line) =>
      line
        .trimEnd()
        .replace(/^(\s*)[-+] /, "$1* ")
        .replaceAll(/\]\((https?:[^()<>\s]+)\)/g, "](<$1>)")
        .replaceAll(/(^|\s)(https?:[^\s<>()]+)/g, "$1<$2>")
        .replaceAll(/(\w)_(\w)/g, "$1\\_$2"),
    )
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
