/** A setting as `section.key` or `section.subsection.key`, and its value. */
export type GitSetting = readonly [key: string, value: string];

interface Cursor {
  readonly text: string;
  at: number;
}

/**
 * Every setting of a git configuration file in order; sections and keys in lower case, subsections as written, a
 * key without a value "true". Lines that git would refuse are passed over.
 */
export function parseGitConfig(text: string): GitSetting[] {
  const cursor: Cursor = { text: text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"), at: 0 };
  const found: GitSetting[] = [];
  let section = "";
  while (cursor.at < cursor.text.length) {
    const header = take(cursor, /\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\\n]|\\.)*)")?\s*\]/y);
    if (header !== undefined) {
      section = sectionName(header[1] as string, header[2]);
      continue;
    }
    const key = take(cursor, /\s*([A-Za-z][\w-]*)[ \t]*/y)?.[1];
    if (key === undefined) take(cursor, /[^\n]*\n?/y);
    else found.push([`${section}.${key.toLowerCase()}`, take(cursor, /=/y) === undefined ? "true" : readValue(cursor)]);
  }
  return found;
}

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match === null) return undefined;
  cursor.at = pattern.lastIndex;
  return match;
}

function sectionName(name: string, sub: string | undefined): string {
  const lower = name.toLowerCase();
  return sub === undefined ? lower : `${lower}.${sub.replaceAll(/\\(.)/g, "$1")}`;
}

/** Quotes protect blanks and comment signs; a backslash at the end of the line carries on with the next. */
function readValue(cursor: Cursor): string {
  let value = "";
  let quoted = false;
  take(cursor, /[ \t]*/y);
  for (;;) {
    const plain = take(cursor, quoted ? /[^"\\\n]+/y : /[ \t]*[^"\\\n#; \t]+/y);
    const sign = plain === undefined ? take(cursor, /([ \t]*)(["\\])/y) : undefined;
    if (plain !== undefined) value += plain[0];
    else if (sign === undefined) break;
    else {
      value += sign[1];
      if (sign[2] === "\\") value += escaped(cursor);
      else quoted = !quoted;
    }
  }
  take(cursor, /[^\n]*\n?/y);
  return value;
}

function escaped(cursor: Cursor): string {
  const char = cursor.text[cursor.at++] ?? "";
  return { n: "\n", t: "\t", b: "\b", "\n": "" }[char] ?? char;
}
