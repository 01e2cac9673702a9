import { AyoError } from "../../error.ts";

/** Where the parts of a ticket file are, as character offsets; nothing is copied or changed. */
export interface Document {
  readonly bom: boolean;
  /** The YAML between the two `---` lines, with its last line end; null where the file has no front matter. */
  readonly front: { readonly start: number; readonly end: number } | null;
  /** Where the text after the front matter begins. */
  readonly body: number;
  /** The line end of the first line; new lines get the same. */
  readonly eol: "\n" | "\r\n";
}

/** Finds the front matter: a first line `---` up to the next line `---`, blanks after the dashes allowed. */
export function splitDocument(source: string): Document {
  const bom = source.startsWith("\uFEFF");
  const top = bom ? 1 : 0;
  const firstEnd = source.indexOf("\n");
  const eol = firstEnd > 0 && source[firstEnd - 1] === "\r" ? "\r\n" : "\n";
  const none: Document = { bom, front: null, body: top, eol };
  if (firstEnd < 0 || !isFence(source.slice(top, firstEnd))) return none;
  const start = firstEnd + 1;
  for (let line = start; line < source.length; ) {
    const newline = source.indexOf("\n", line);
    const end = newline < 0 ? source.length : newline;
    if (source.startsWith("---", line) && isFence(source.slice(line, end))) {
      return { bom, front: { start, end: line }, body: newline < 0 ? end : end + 1, eol };
    }
    line = end + 1;
  }
  return none;
}

/**
 * The YAML of a file that has to have one.
 * @throws bad_ticket saying how the front matter is missing, unclosed or in another language
 */
export function frontOf(source: string, path: string): { readonly start: number; readonly end: number } {
  const { front, bom } = splitDocument(source);
  if (front !== null) return front;
  const [first = ""] = source.slice(bom ? 1 : 0).split("\n", 1);
  const problem = (message: string) => new AyoError("bad_ticket", message, { data: { path, line: 1 } });
  if (isFence(first)) throw problem("front matter is not closed: end it with a line that is exactly ---");
  const language = /^---[ \t]*([A-Za-z][\w+-]*)[ \t\r]*$/.exec(first)?.[1];
  if (language === undefined) throw problem("no front matter: the first line must be ---");
  throw problem(`front matter in '${language}' is never read: write YAML after a first line that is exactly ---`);
}

function isFence(line: string): boolean {
  return /^---[ \t]*\r?$/.test(line);
}
