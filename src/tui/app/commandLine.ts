import { linesOf } from "../../ticket/printed/printedLines.ts";
import { pager } from "../overlays/pager.ts";
import { prompt } from "../overlays/prompt.ts";
import type { App } from "./app.ts";
import { placeOf, targets } from "./cursor.ts";
import type { Overlay } from "./ui.ts";

/** Asks for any `ayo` command, with its completion; `{{id}}` and `{{ids}}` stand for the tickets that are meant. */
export function commandPrompt(app: App, text = ""): Overlay {
  return prompt({
    label: ":",
    text,
    history: app.histories.command,
    complete: async (text) => {
      const words = text.split(/\s+/);
      const before = words.slice(0, -1).join(" ");
      // The one under the cursor is meant most often.
      const own = words.at(-1) === "{{" || words.at(-1) === "{{i" ? ["{{id}}", "{{ids}}"] : [];
      const found = own.length > 0 ? own : await app.outside.complete(words);
      return found.map((word) => (before === "" ? word : `${before} ${word}`));
    },
    onDone: (text) => {
      if (text === undefined || text.trim() === "") return;
      app.histories.command.push(text);
      app.hold(runCommand(app, text.trim()));
    },
    redraw: () => app.redraw(),
  });
}

/** Commands that go on until they are ended, or want the terminal for themselves. */
const HERE = ["serve", "watch", "work", "mcp", "edit"];

async function runCommand(app: App, line: string): Promise<void> {
  if (["q", "quit"].includes(line)) return app.quit();
  const argv = wordsOf(line.replace(/^ayo\s+/, "")).flatMap((word) => withIds(app, word));
  if (/\{\{ids?\}\}/.test(line) && targets(app.ui).length === 0) return app.say("no ticket here", "error");
  if (argv[0] === "tui") return app.say("this is it already");
  if (argv.some((word) => HERE.includes(word))) return app.away(() => app.outside.runHere(argv, false));
  app.say(`ayo ${argv.join(" ")} …`);
  const { code, out, err } = await app.outside.run(argv);
  const text = `${err}${out}`.trimEnd();
  if (code === 0 && !text.includes("\n")) app.say(plainText(text), "good");
  else app.open(pager(`ayo ${line}`, linesOf(text)));
  await app.refresh();
  if (argv[0] === "allow") await app.readStoreKeys();
}

/** A word with the tickets that are meant in it: one for each of `{{ids}}`. */
function withIds({ ui }: App, word: string): string[] {
  if (word === "{{ids}}") return targets(ui);
  return [
    word.replaceAll("{{id}}", () => placeOf(ui).row?.id ?? "").replaceAll("{{ids}}", () => targets(ui).join(",")),
  ];
}

/** What a command printed in one line, without colours. */
export function plainText(text: string): string {
  return linesOf(text)
    .map((spans) => spans.map((span) => span.text).join(""))
    .join("  ")
    .replace(/^error: /, "");
}

/** A line as a shell takes it apart: words in quotes are one. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double?.replaceAll(/\\(.)/g, "$1") ?? single ?? bare ?? "",
  );
}
