import { proseOf } from "./prose.ts";

const SPECIAL = /[\\`<\]:@]/g;
const NAME = /[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]*/uy;
/** Scripts that are written without spaces: in them a name may stand right beside other words. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const WORD = /[\p{L}\p{N}\p{M}]/u;
const AUTOLINK = /<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>/y;
const TAG = /<\/?[A-Za-z][^<>]*>/y;
const BARE_LINK = /:\/\/[^\s<>]*/y;
const STEPS: Readonly<Record<string, number>> = { "(": 1, ")": -1 };
const RUN = /`+/g;
/** What stands in the brackets of a link: `https://x.y "its title"`. */
const TARGET = /^\s*(?:<[^<>]*>|\S*)(?:\s+["'(][\s\S]*)?\s*$/;
/** Longer names than this are none. */
const MAX_NAME = 100;

/**
 * The names that a Markdown text mentions, each once, as it is written first: `@coder` where people would see it as a
 * word of the text. Not in code, quotes, comments, targets of links, addresses of mail and inside of words, and
 * not `\@coder`; of `@coder.` the name ends before the full stop. `@me` is whoever reads it, and mentions nobody.
 */
export function mentionsIn(text: string): string[] {
  if (!text.includes("@")) return [];
  const names = new Map<string, string>();
  for (const paragraph of proseOf(text)) {
    if (!paragraph.includes("@")) continue;
    for (const name of namesIn(paragraph)) {
      const key = foldName(name);
      if (key !== "me" && !names.has(key)) names.set(key, `@${name}`);
    }
  }
  return [...names.values()];
}

/** A name as names are compared: without its `@`, in any case. */
export function foldName(name: string): string {
  return name.replace(/^@/, "").normalize("NFC").toLowerCase();
}

/** Reads a paragraph from left to right; every kind of mark is looked for once in what is left of it. */
function namesIn(text: string): string[] {
  const found: string[] = [];
  const code = codeSpans(text);
  const comment = finder(text, "-->");
  const element = finder(text, "</code>");
  let last = -1;
  for (let at = next(text, 0); at >= 0; ) {
    const mark = text[at];
    if (mark === "@") {
      const name = nameAt(text, at, last);
      if (name.name !== undefined) {
        found.push(name.name);
        last = at + 1 + name.name.length;
      }
      at = next(text, name.end);
    } else {
      const end = mark === "`" ? code(at) : mark === "<" ? endOfTag(text, at, comment, element) : endOf(text, at);
      at = next(text, end);
    }
  }
  return found;
}

function next(text: string, from: number): number {
  SPECIAL.lastIndex = from;
  return SPECIAL.exec(text)?.index ?? -1;
}

/** The end of what begins with a backslash, a colon or a bracket, else of the mark itself. */
function endOf(text: string, at: number): number {
  if (text[at] === "\\") return at + (/[!-/:-@[-`{-~]/.test(text[at + 1] ?? "") ? 2 : 1);
  if (text[at] === ":") return matchAt(BARE_LINK, text, at) ?? at + 1;
  return text[at + 1] === "(" ? endOfTarget(text, at + 2) : at + 1;
}

/** The end of `(target "title")`, whose target may have brackets one in the other; where it has no end, its beginning. */
function endOfTarget(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    const char = text[at] as string;
    // A second target inside is no target: so no text is read twice.
    if (char === "]" && text[at + 1] === "(") return from;
    if (char === "\\") at++;
    depth += STEPS[char] ?? 0;
    if (depth === 0) return TARGET.test(text.slice(from, at)) ? at + 1 : from;
  }
  return from;
}

function endOfTag(text: string, at: number, comment: Finder, element: Finder): number {
  if (text.startsWith("<!--", at)) return comment(at) ?? at + 1;
  if (/^<code[\s>]/i.test(text.slice(at, at + 6))) return element(at) ?? at + 1;
  return matchAt(AUTOLINK, text, at) ?? matchAt(TAG, text, at) ?? at + 1;
}

function matchAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Says where the next of its words ends, from a place on that only grows. */
type Finder = (from: number) => number | undefined;

function finder(text: string, word: string): Finder {
  let found = -1;
  return (from) => {
    if (found < from && found !== Number.POSITIVE_INFINITY) {
      const at = text.indexOf(word, from);
      found = at < 0 ? Number.POSITIVE_INFINITY : at;
    }
    return Number.isFinite(found) ? found + word.length : undefined;
  };
}

/** Says where the code that begins at a backtick ends, or the run of backticks where it is closed by none of its length. */
function codeSpans(text: string): (at: number) => number {
  let runs: Map<number, number[]> | undefined;
  const passed = new Map<number, number>();
  return (at) => {
    runs ??= runsByLength(text);
    let length = 1;
    while (text[at + length] === "`") length++;
    const places = runs.get(length) ?? [];
    let n = passed.get(length) ?? 0;
    while (n < places.length && (places[n] as number) <= at) n++;
    passed.set(length, n);
    return (places[n] ?? at) + length;
  };
}

function runsByLength(text: string): Map<number, number[]> {
  const runs = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const places = runs.get(run.length);
    if (places === undefined) runs.set(run.length, [index]);
    else places.push(index);
  }
  return runs;
}

/** The name that an `@` mentions, and where to read on; `last` is where the mention before it ended. */
function nameAt(text: string, at: number, last: number): { readonly name?: string; readonly end: number } {
  NAME.lastIndex = at + 1;
  const whole = NAME.exec(text)?.[0];
  if (whole === undefined) return { end: at + 1 };
  const name = withoutPunctuation(isAscii(whole) ? whole.slice(0, spaceless(whole)) : whole);
  const end = at + 1 + whole.length;
  const isPath =
    text[at + 1 + name.length] === "@" || (text[end] === "/" && /[\p{L}\p{N}_.-]/u.test(text[end + 1] ?? ""));
  if (isPath || name.length > MAX_NAME || !isFree(text, at, last)) return { end };
  return { name, end };
}

/** Whether a name begins as names of agents do: other words that follow it are not part of it. */
function isAscii(name: string): boolean {
  return /^[A-Za-z0-9]/.test(name);
}

/** Backwards by hand: an expression for the end of a text begins anew at each of a million full stops. */
function withoutPunctuation(name: string): string {
  let end = name.length;
  while (end > 0 && /[._-]/.test(name[end - 1] as string)) end--;
  return name.slice(0, end);
}

function spaceless(name: string): number | undefined {
  const at = name.search(SPACELESS);
  return at < 0 ? undefined : at;
}

/** Whether an `@` stands at the beginning of a word, or right behind another mention (`@a/@b`). */
function isFree(text: string, at: number, last: number): boolean {
  let before = at;
  while (before > 0 && before !== last && /[._+-]/.test(text[before - 1] as string)) before--;
  if (before === 0 || before === last) return true;
  const char = text[before - 1] as string;
  if (char === "/") return before - 1 === last;
  if (char === "@" || char === "=") return false;
  const point = /[\uDC00-\uDFFF]/.test(char) ? text.slice(before - 2, before) : char;
  return !WORD.test(point) || SPACELESS.test(point);
}
