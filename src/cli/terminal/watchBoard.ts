import { watchStores } from "../../actions/watch.ts";
import type { Context } from "../table/command.ts";

/** How often it is looked whether the window has another size, in milliseconds. */
const LOOK_MS = 500;
const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";

/**
 * Draws a text anew whenever something changes in the store or the window, until the process is asked to end. On a
 * terminal it has a screen of its own; elsewhere each drawing follows the one before.
 */
export async function watchBoard(context: Context, read: () => Promise<string>): Promise<void> {
  const { tty } = context;
  let size = "";
  let last: string | undefined;
  let drawing = Promise.resolve();
  const draw = async (): Promise<void> => {
    size = `${context.columns}x${context.rows}`;
    const text = await read();
    if (text === last && !tty.stdout) return;
    context.out(tty.stdout ? screenOf(text, context.rows) : `${last === undefined ? "" : "\n"}${text}\n`);
    last = text;
  };
  const redraw = (): Promise<void> => {
    drawing = drawing.then(draw).catch((error: Error) => context.warn(`warning: ${error.message}`));
    return drawing;
  };
  if (tty.stdout) context.out(ENTER);
  const timer = setInterval(() => {
    if (tty.stdout && size !== `${context.columns}x${context.rows}`) void redraw();
  }, LOOK_MS);
  try {
    await redraw();
    await watchStores(
      [() => context.store()],
      { since: undefined },
      {
        onEvents: redraw,
        onWarning: (text) => context.warn(`warning: ${text}`),
        onReady: () => void redraw(),
        until: context.untilSignal(),
      },
    );
  } finally {
    clearInterval(timer);
    await drawing;
    if (tty.stdout) context.out(LEAVE);
  }
}

/** A text from the screen's first line on, cut at its last; what was there before is wiped as it is written over. */
function screenOf(text: string, rows: number): string {
  const lines = text.split("\n");
  const shown =
    lines.length > rows - 1 ? [...lines.slice(0, rows - 2), `… ${lines.length - rows + 2} more lines`] : lines;
  return `\u001b[H${shown.map((line) => `${line}\u001b[K`).join("\r\n")}\u001b[J`;
}
