import type { Span } from "../../ticket/printed/printedLines.ts";
import { THEME } from "../draw/theme.ts";
import type { App } from "./app.ts";
import { plainText } from "./commandLine.ts";
import { putCursorOn } from "./cursor.ts";
import type { Message, Ui } from "./ui.ts";

/** After so long it is told how long a command has been at work. In milliseconds. */
const SLOW_MS = 1000;
/** What may take seconds, and would keep the screen from answering. */
const LONG: readonly string[] = ["undo", "redo", "sync", "import", "prune", "doctor", "verify"];
/** So many tickets at once take long, too. */
const MANY_WORDS = 100;
/** So many messages can be read again. */
const MOST_TOLD = 500;

/** Runs a command, tells that it is at work and for how long, then what it says. */
export async function doNow(
  app: App,
  asked: Parameters<App["do"]>[0],
  { makes = false }: { readonly makes?: boolean } = {},
): Promise<void> {
  const argv = typeof asked === "function" ? asked() : asked;
  if (argv === undefined) return;
  const { ui, outside } = app;
  // What is marked while it is done, is meant by the next.
  const meant = [...ui.marks];
  const line = `ayo ${argv.length > MANY_WORDS ? `${argv.slice(0, 3).join(" ")} and ${argv.length - 3} more` : argv.join(" ")}`;
  const begun = performance.now();
  const progress = (): void => {
    const seconds = Math.floor((performance.now() - begun) / 1000);
    ui.message = { text: `${line} …${seconds === 0 ? "" : ` ${seconds} s`}`, tone: "plain" };
    app.redraw();
  };
  progress();
  const timer = setInterval(progress, SLOW_MS);
  const isLong = LONG.includes(argv[0] ?? "") || argv.length > MANY_WORDS;
  const { code, out, err } = await (isLong ? outside.runApart(argv) : outside.run(argv)).finally(() =>
    clearInterval(timer),
  );
  if (code === 0) for (const id of meant) ui.marks.delete(id);
  // What is told can be seen.
  await app.refresh();
  const isHidden = code === 0 && makes && !goToMade(app, out);
  app.say(
    `${plainText(`${err}${out}`.trim())}${isHidden ? ": not shown here, by the filter" : ""}`,
    code === 0 ? "good" : "error",
  );
}

/** Puts the cursor on the ticket that a command has made, which it names; false where it is not shown. */
export function goToMade(app: App, text: string): boolean {
  const id = text.match(/[\w.-]+/g)?.find((word) => app.ui.data?.view.byId.has(word) === true);
  if (id === undefined || !putCursorOn(app.ui, id)) return false;
  app.moved();
  return true;
}

/** Shows a message, and keeps it to be read again. */
export function tell(ui: Ui, message: Message): void {
  ui.message = message;
  if (message.text === "") return;
  ui.told.push({ ...message, at: new Date() });
  if (ui.told.length > MOST_TOLD) ui.told.shift();
}

/** What was told, the latest first. */
export function toldLines({ told }: Ui): readonly (readonly Span[])[] {
  return [...told].reverse().map(({ at, text, tone }) => [
    { text: `${at.toTimeString().slice(0, 8)}  `, style: THEME.dim },
    { text, style: tone === "error" ? THEME.error : tone === "good" ? THEME.good : undefined },
  ]);
}
