/** The longest text: it may be an answer. In characters, as all of these. */
export const MAX_TEXT = 1024 * 1024;
/** The longest detail of a tool, thought or reason. */
export const MAX_DETAIL = 64 * 1024;
/** The longest piece of a line that nobody understands. */
export const MAX_RAW = 4 * 1024;
/** The longest name. */
const MAX_NAME = 200;

const [ESC, CSI, BELL, ST] = ["\u001b", "\u009b", "\u0007", "\u009c"];
/** What terminals obey: sequences of control, those that carry a text, and those of two characters. */
const ESCAPES = new RegExp(
  [
    `(?:${ESC}\\[|${CSI})[0-?]*[ -/]*[@-~]`,
    `${ESC}\\][^${BELL}${ESC}${ST}]*(?:${BELL}|${ESC}\\\\|${ST})?`,
    `${ESC}[ -/]*[0-~]`,
  ].join("|"),
  "g",
);
/** Control characters but tab and line feed, what turns the direction of text, and halves of characters. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;
/** Colours and styles. */
const SGR = new RegExp(`^(?:${ESC}\\[|${CSI})([0-9;:]*)m$`);
const UNSEEN_BUT_COLOURS = new RegExp(`(?!${ESC}\\[[0-9;:]*m)${UNSEEN.source}`, "gu");

/** A text of a program without what a terminal would obey, at most `most` characters of it. */
export function clean(text: string, most = MAX_TEXT): string {
  const shown = cut(text, most).replaceAll(ESCAPES, "").replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  return shown.replaceAll(UNSEEN, "");
}

/** The same of what programs print, with its colours and styles (SGR). */
export function coloured(text: string, most = MAX_TEXT): string {
  const shown = cut(text, most).replaceAll(ESCAPES, (sequence) => {
    const codes = SGR.exec(sequence)?.[1];
    return codes === undefined ? "" : `${ESC}[${codes}m`;
  });
  return shown.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replaceAll(UNSEEN_BUT_COLOURS, "");
}

/** The same as a name of one line. */
export function cleanName(text: string): string {
  return clean(text, MAX_NAME).replaceAll(/\s+/g, " ").trim();
}

/** The first `most` characters, with a word about the rest. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}\n… (${text.length - most} more characters)`;
}
