/** A text with what a pattern finds in its prose put into code; in code it stays as it is. `$1` stays before it. */
export function asCode(text: string, pattern: RegExp): string {
  let fence = "";
  return text
    .split("\n")
    .map((line) => {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
      if (fence !== "") {
        if (mark.startsWith(fence)) fence = "";
        return line;
      }
      if (mark !== "") fence = mark;
      return mark === "" ? outsideCode(line, pattern) : line;
    })
    .join("\n");
}

function outsideCode(line: string, pattern: RegExp): string {
  const parts = line.split(/(`+[^`]*`+)/);
  return parts.map((part, at) => (at % 2 === 0 ? part.replaceAll(pattern, "$1`$2`") : part)).join("");
}
