import { globExpression } from "./glob.ts";

/** The state of a file's attributes: a value, true (set) or false (unset); what is not there is unspecified. */
export type Attributes = Readonly<Record<string, string | boolean>>;

/** One line of a gitattributes file. */
export interface AttributeRule {
  /** `file` is relative to the folder that the line stands for. */
  readonly matches: (file: string) => boolean;
  readonly words: readonly string[];
}

/** What a gitattributes file says: its rules, and the macros it defines. */
export interface AttributeFile {
  readonly rules: readonly AttributeRule[];
  readonly macros: ReadonlyMap<string, readonly string[]>;
}

/** Reads a gitattributes file (gitattributes(5)); patterns that git ignores, such as `!x`, are ignored. */
export function parseAttributes(text: string): AttributeFile {
  const rules: AttributeRule[] = [];
  const macros = new Map<string, readonly string[]>();
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const match = /^\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))\s+(.*\S)\s*$/.exec(line);
    if (match === null || line.trimStart().startsWith("#")) continue;
    const pattern = match[2] ?? (match[1] as string).replaceAll(/\\(["\\])/g, "$1");
    const words = (match[3] as string).split(/\s+/);
    if (pattern.startsWith("[attr]")) macros.set(pattern.slice("[attr]".length), words);
    else if (!pattern.startsWith("!")) rules.push({ matches: matcherOf(pattern), words });
  }
  return { rules, macros };
}

/** Applies the words of matching rules, the last one for an attribute winning. */
export function applyWords(
  words: readonly string[],
  macros: ReadonlyMap<string, readonly string[]>,
  into: Record<string, string | boolean>,
): void {
  for (const word of words) {
    const at = word.indexOf("=");
    if (at > 0) into[word.slice(0, at)] = word.slice(at + 1);
    else if (word.startsWith("!")) delete into[word.slice(1)];
    else if (word.startsWith("-")) into[word.slice(1)] = false;
    else {
      applyWords(macros.get(word) ?? [], new Map(), into);
      into[word] = true;
    }
  }
}

/** A pattern without a slash matches names in any folder; one that ends in a slash matches no file. */
function matcherOf(pattern: string): (file: string) => boolean {
  const whole = globExpression(pattern.replace(/^\//, ""));
  return pattern.includes("/")
    ? (file) => whole.test(file)
    : (file) => whole.test(file.slice(file.lastIndexOf("/") + 1));
}
