const SIGNS = /\*\*\/|(?<=\/)\*\*$|\*+|\?|\[(?:[!^]?\]?[^\]]*)\]|\\.|[^*?[\\]+|./gs;

/**
 * The regular expression of a git path pattern (gitattributes, includeIf): a star stays inside one folder, two
 * stars do not.
 */
export function globExpression(pattern: string, flags = ""): RegExp {
  const source = pattern.replaceAll(SIGNS, (sign, at: number) => {
    if (sign === "**/") return "(?:.*/)?";
    if (sign === "**" && pattern[at - 1] === "/" && at + 2 === pattern.length) return ".+";
    if (sign.startsWith("*")) return "[^/]*";
    if (sign === "?") return "[^/]";
    if (sign.startsWith("[") && sign.length > 2) return bracket(sign);
    return literal(sign.startsWith("\\") ? sign.slice(1) : sign);
  });
  return new RegExp(`^${source}$`, `${flags}s`);
}

/** `[!a-z]`; one that is no valid set is taken as it stands. */
function bracket(sign: string): string {
  const inside = sign
    .slice(1, -1)
    .replace(/^!/, "^")
    .replaceAll(/[\\[\]]/g, "\\$&");
  try {
    new RegExp(`[${inside}]`);
    return `(?!/)[${inside}]`;
  } catch {
    return literal(sign);
  }
}

function literal(text: string): string {
  return text.replaceAll(/[.+^${}()|[\]\\*?/]/g, "\\$&");
}
