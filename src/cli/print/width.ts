/** Characters that terminals draw over two cells: East Asian Wide and Fullwidth of Unicode 16, without emoji. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
/** What has no cell of its own: accents, joiners, the later parts of Korean syllables, variation selectors. */
const NO_CELL = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff\ud7b0-\ud7ff]/u;
/** Emoji are wide by themselves, with the selector for emoji style, or as a pair of flag letters. */
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator}{2}/u;
const ASCII = /^[ -~]*$/;

/** How many cells of a terminal a text takes. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const cluster of clusters(text)) width += clusterWidth(cluster);
  return width;
}

/** The text in exactly `width` cells: cut with `…`, or filled up with blanks. */
export function fillTo(text: string, width: number): string {
  const cut = truncate(text, width);
  return cut + " ".repeat(width - widthOf(cut));
}

/** The text in at most `width` cells, with `…` where something was cut off. */
export function truncate(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${takeCells(text, width - 1)}…`;
}

/** The text in up to `lines` lines of `width` cells, broken between words where that is possible. */
export function wrap(text: string, width: number, lines: number): string[] {
  const wrapped: string[] = [];
  let rest = text.trim();
  while (widthOf(rest) > width && wrapped.length < lines - 1) {
    const head = takeCells(rest, width);
    const blank = rest[head.length] === " " ? head.length : head.lastIndexOf(" ");
    const line = blank > 0 ? rest.slice(0, blank) : head;
    wrapped.push(line.trimEnd());
    rest = rest.slice(line.length).trimStart();
  }
  return [...wrapped, truncate(rest, width)];
}

/** As much of the beginning as fits; at least one character, or nothing would ever get shorter. */
function takeCells(text: string, width: number): string {
  let taken = "";
  let cells = 0;
  for (const cluster of clusters(text)) {
    cells += clusterWidth(cluster);
    if (cells > width && taken !== "") break;
    taken += cluster;
  }
  return taken;
}

function clusterWidth(cluster: string): number {
  if (EMOJI.test(cluster)) return 2;
  let width = 0;
  for (const char of cluster) {
    if (WIDE.test(char)) width += 2;
    else if (!NO_CELL.test(char)) width += 1;
  }
  return Math.min(width, 2);
}

/** What a reader takes for one character: a letter with its accents, a family of emoji. */
function* clusters(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

let segmenter: Intl.Segmenter | undefined;
