import type { Readable, Writable } from "node:stream";
import { type Decoder, decoder, type Input } from "../keys/decode.ts";
import { type Cells, cellsOf, clear } from "./cells.ts";
import { type Cursor, frameOf } from "./frame.ts";
import { type Depth, type Styles, stylesOf } from "./style.ts";

/** A screen of its own, no cursor, no wrapping, mouse with coordinates, marked pastes, told of focus. */
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?1000h\u001b[?1002h\u001b[?1006h\u001b[?2004h\u001b[?1004h";
/** All of it back, colours too; to say it twice does no harm. */
export const LEAVE =
  "\u001b[?1004l\u001b[?2004l\u001b[?1006l\u001b[?1002l\u001b[?1000l\u001b[?7h\u001b[0m\u001b[?25h\u001b[?1049l";
/** Of terminals without a screen beside theirs, as GNU screen is unless told otherwise, the board would stay where it was. */
const WIPE = "\u001b[0m\u001b[1;1H\u001b[2J";
/** Terminals that know this show a frame at once. */
const BEGIN_FRAME = "\u001b[?2026h";
const END_FRAME = "\u001b[?2026l";
/** An escape that is followed by nothing for so long is the key; over slow lines sequences come in one piece, too. In milliseconds. */
const ESCAPE_MS = 40;

/** Both ends of a terminal. */
export interface TerminalStreams {
  readonly input: Readable & { setRawMode?(isRaw: boolean): unknown };
  readonly output: Writable & { readonly columns?: number; readonly rows?: number };
}

/** A terminal that shows frames and tells of keys. */
export interface Terminal {
  readonly styles: Styles;
  /** Cells in a line now. */
  width(): number;
  /** What the next frame will show: blank where nothing was put. */
  begin(): Cells;
  /** Shows it, by one write of what differs. */
  show(cursor: Cursor): void;
  /** Draws all of it anew with the next frame: something else has written there. */
  forget(): void;
  /** Hands a text to the clipboard of whoever looks at the terminal, over ssh too (OSC 52); false where it has none. */
  copy(text: string): boolean;
  /** Gives the terminal back, and takes it again. */
  leave(): void;
  enter(): void;
  /** Gives it back for good: whoever comes back from elsewhere does not take it again. */
  close(): void;
}

/** What a terminal tells. */
export interface TerminalEvents {
  readonly onInput: (input: Input) => void;
  readonly onResize: () => void;
  /** Nobody is at the other end any more. */
  readonly onEnd: () => void;
}

/** Takes a terminal. */
export function openTerminal(
  { input, output }: TerminalStreams,
  { depth, name }: { readonly depth: Depth; readonly name: string },
  events: TerminalEvents,
): Terminal {
  const styles = stylesOf(depth);
  let cells = cellsOf(output.columns ?? 80, output.rows ?? 24);
  let shown: Cells | undefined;
  let isOurs = false;
  let isClosed = false;
  let lastCursor = "";
  const keys = keysOf(events.onInput);
  const onResize = (): void => events.onResize();
  const onEnd = (): void => events.onEnd();
  const leave = (): void => {
    if (!isOurs) return;
    isOurs = false;
    keys.forget();
    input.off("data", keys.take);
    input.off("end", onEnd);
    output.off("resize", onResize);
    input.pause();
    try {
      output.write(`${WIPE}${LEAVE}`);
      input.setRawMode?.(false);
    } catch {
      // It is gone.
    }
  };
  return {
    styles,
    width: () => output.columns ?? 80,
    begin: () => {
      const [width, height] = [output.columns ?? 80, output.rows ?? 24];
      if (width !== cells.width || height !== cells.height) {
        cells = cellsOf(width, height);
        shown = undefined;
      } else clear(cells);
      return cells;
    },
    show: (cursor) => {
      if (!isOurs) return;
      const place = cursor === undefined ? "\u001b[?25l" : `\u001b[${cursor.y + 1};${cursor.x + 1}H\u001b[?25h`;
      const frame = frameOf(shown, cells, styles, name === "screen");
      if (frame !== "" || place !== lastCursor) output.write(`${BEGIN_FRAME}\u001b[?25l${frame}${place}${END_FRAME}`);
      lastCursor = place;
      const before = shown;
      shown = cells;
      cells = before ?? cellsOf(cells.width, cells.height);
    },
    forget: () => {
      shown = undefined;
    },
    copy: (text) => {
      const sequence = clipboardOf(name, text);
      if (!isOurs || sequence === "") return false;
      output.write(sequence);
      return true;
    },
    enter: () => {
      if (isOurs || isClosed) return;
      isOurs = true;
      shown = undefined;
      input.setRawMode?.(true);
      input.on("data", keys.take);
      input.on("end", onEnd);
      input.resume();
      output.on("resize", onResize);
      output.on("error", onEnd);
      output.write(ENTER);
    },
    leave,
    close: () => {
      isClosed = true;
      leave();
    },
  };
}

/**
 * What puts a text into the clipboard; "" for the Linux console, which has none. GNU screen passes on what it is told
 * to; over ssh tmux may have the same name, and each passes over what is meant for the other.
 */
function clipboardOf(name: string, text: string): string {
  if (name === "linux") return "";
  const sequence = `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
  return name.startsWith("screen") ? `${sequence}\u001bP${sequence}\u001b\\` : sequence;
}

/** Bytes as inputs; what may be the escape key waits a moment for more. */
function keysOf(onInput: (input: Input) => void): {
  readonly take: (bytes: Buffer) => void;
  readonly forget: () => void;
} {
  let keys: Decoder = decoder();
  const utf8 = new TextDecoder("utf-8");
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    take: (bytes) => {
      clearTimeout(timer);
      for (const input of keys.take(utf8.decode(bytes, { stream: true }))) onInput(input);
      if (keys.isWaiting()) timer = setTimeout(() => keys.flush().forEach(onInput), ESCAPE_MS);
    },
    forget: () => {
      clearTimeout(timer);
      keys = decoder();
    },
  };
}
