import { statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { exampleStore, PICTURE_TIME } from "../../helpers/exampleStore.ts";
import { ROOT } from "../../helpers/pages.ts";
import { screenSvg } from "../../helpers/screenSvg.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { openTerminal } from "../../helpers/terminal.ts";

const PICTURES = path.join(ROOT, "templates/guide/pictures");
const [COLS, ROWS] = [104, 24];
/** As long as somebody looks at what a key has done, and as long as a letter takes. In seconds. */
const [LOOK, LETTER] = [1.6, 0.09];

/** What is typed, what shows then, and how long it is looked at. */
const STEPS: readonly (readonly [keys: readonly string[], shows: string | RegExp, seconds?: number])[] = [
  [["j"], "sho-", 0.5],
  [["j"], "sho-", 0.5],
  [["l"], "sho-", 1],
  [["h"], "sho-", 0.8],
  [["/", ..."tag:api"], /\/ tag:api/, 1],
  [["enter"], "/tag:api", LOOK],
  [["escape"], /\b[4-9]\d? $|live/m, 0.8],
  [["space", "space"], "2 marked", 1],
  [["p"], "priority", 0.8],
  [["down", "enter"], "Updated", LOOK],
  [["u"], "Undid", LOOK],
  [["g d"], "└", LOOK],
  [["g i"], "question", LOOK],
  [["r"], "The older one", LOOK],
  [["enter"], /Answered|Updated|answered/, LOOK],
  [["?"], "Keys:", 0.6],
  [[..."undo"], "undo", LOOK],
  [["escape"], "inbox", 0.6],
  [["q"], /./, 0.2],
];

test("records a session for the guide, and makes a picture of its screen for the README", async () => {
  const project = await exampleStore(path.join(tempDir(), "shorty"), PICTURE_TIME);
  await project.ayo("ticket", "list");
  const clock = path.join(tempDir(), "clock");
  writeFileSync(clock, String(PICTURE_TIME - Date.now()));
  const preload = path.join(ROOT, "test/helpers/clockFrom.cjs");
  const env = { AYO_TEST_CLOCK: clock, NODE_OPTIONS: `--require ${preload}` };
  const term = await openTerminal(project.dir, { cols: COLS, rows: ROWS, env });
  const head = { version: 2, width: COLS, height: ROWS, timestamp: PICTURE_TIME / 1000, title: "ayo tui" };
  const lines: string[] = [JSON.stringify({ ...head, env: { TERM: "xterm-256color" } })];
  let written = 0;
  let time = 0;
  const record = (seconds: number): void => {
    const text = term.output().slice(written);
    written += text.length;
    if (text !== "") lines.push(JSON.stringify([Number(time.toFixed(2)), "o", text]));
    time += seconds;
  };
  await term.untilScreen((text) => text.includes("live") && /status +open/.test(text));
  await quiet(term);
  record(LOOK);
  for (const [keys, shows, seconds = LOOK] of STEPS) {
    for (const key of keys) {
      term.type(key);
      if (keys.length > 2) {
        await quiet(term);
        record(LETTER);
      }
    }
    if (keys.includes("q")) await term.code;
    else await term.untilScreen(shows);
    await quiet(term);
    record(seconds);
    if (keys.includes("h")) writeFileSync(path.join(PICTURES, "terminal.svg"), screenSvg(term, COLS, "ayo tui"));
  }
  const cast = path.join(PICTURES, "terminal.cast");
  writeFileSync(cast, `${lines.join("\n")}\n`);
  expect(statSync(cast).size).toBeLessThan(60_000);
});

/** Once nothing more is drawn for a moment: a recording is no race. */
async function quiet(term: { readonly frames: () => number }): Promise<void> {
  for (let frames = -1; frames !== term.frames(); await new Promise((resolve) => setTimeout(resolve, 400)))
    frames = term.frames();
}
