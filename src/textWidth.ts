import { eastAsianWidth } from "get-east-asian-width";

/** What has no cell of its own: accents, joiners, the later parts of Korean syllables, variation selectors. */
const NO_CELL = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]$/u;
/** Emoji are wide by themselves, with the selector for emoji style, or as a pair of flag letters. */
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator}{2}/u;
/** Letters and signs of one cell each that join with nothing: Latin, dashes, arrows, mathematics, boxes and what we draw. */
const SIMPLE = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc\u2713]*$/;
/** To begin with it costs as much as all the rest of a frame, so that it is made where it is needed. */
let segmenter: Intl.Segmenter | undefined;

/** Whether a text has only characters of one cell. */
export function isSimple(text: string): boolean {
  return SIMPLE.test(text);
}

/** What a reader takes for one character: a letter with its accents, a family of emoji. */
export function* clusters(text: string): Generator<string> {
  if (SIMPLE.test(text)) return yield* text;
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** How many cells a terminal gives to one cluster: 0, 1 or 2. */
export function clusterWidth(cluster: string): number {
  if (cluster.length === 1 && SIMPLE.test(cluster)) return 1;
  if (EMOJI.test(cluster)) return 2;
  let width = 0;
  for (const char of cluster) if (!NO_CELL.test(char)) width += eastAsianWidth(char.codePointAt(0) ?? 0);
  return Math.min(width, 2);
}

/** How many cells a text takes. */
export function widthOf(text: string): number {
  if (SIMPLE.test(text)) return text.length;
  let width = 0;
  for (const cluster of clusters(text)) width += clusterWidth(cluster);
  return width;
}

/** The text in at most `width` cells, with `…` where something was cut off. */
export function cut(text: string, width: number): string {
  if (text.length <= width && isSimple(text)) return text;
  let taken = "";
  let cells = 0;
  // Of a long text only as much is looked at as there is room for.
  for (const cluster of clusters(text)) {
    const more = clusterWidth(cluster);
    if (cells + more > width) return width < 1 ? "" : `${taken}…`;
    if (cells + more <= width - 1) taken += cluster;
    cells += more;
  }
  return text;
}
