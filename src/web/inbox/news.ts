import type { Line } from "../data/shapes.ts";

/** What a notification says: plain text, whatever stands in a ticket. */
export interface Told {
  readonly title: string;
  readonly body: string;
  /** The line; "" where it is about several. */
  readonly key: string;
}

/** The words of the page's language. */
export interface NewsWords {
  readonly many: (count: number) => string;
  readonly kind: (kind: string) => string;
}

/** More than these at once are told together. */
const MOST = 3;
/** Longer texts are cut; in characters. */
const LONGEST = 160;

/** What a line is about: where this is another, it is something new. */
export function aboutOf({ key, kind, text }: Pick<Line, "key" | "kind" | "text">): string {
  return kind === "question" ? `${key} ${text}` : key;
}

/** The lines that are not known, and what is known from now on. */
export function newsIn(
  items: readonly Line[],
  known: ReadonlySet<string>,
): { readonly fresh: readonly Line[]; readonly now: ReadonlySet<string> } {
  return { fresh: items.filter((line) => !known.has(aboutOf(line))), now: new Set(items.map(aboutOf)) };
}

/** What is told of new lines: each by itself, many together. */
export function tellOf(fresh: readonly Line[], words: NewsWords): Told[] {
  const lines = fresh.map((line) => ({
    title: plain(line.title || line.id),
    body: sentenceOf(line, words),
    key: line.key,
  }));
  if (lines.length <= MOST) return lines;
  const body = lines.slice(0, MOST).map((line) => `${line.title}: ${line.body}`);
  return [
    { title: words.many(lines.length), body: [...body, ...(lines.length > MOST ? ["…"] : [])].join("\n"), key: "" },
  ];
}

function sentenceOf({ kind, by, text }: Line, words: NewsWords): string {
  const what = text === "" ? words.kind(kind) : text;
  return plain(by === null ? what : `${by}: ${what}`);
}

/** In one line, without what steers how letters are shown. */
function plain(text: string): string {
  const line = text
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .replaceAll(/\p{Bidi_Control}/gu, "")
    .trim();
  return [...line].length <= LONGEST ? line : `${[...line].slice(0, LONGEST - 1).join("")}…`;
}
