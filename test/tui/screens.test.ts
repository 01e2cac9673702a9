import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { aRun } from "../helpers/aRun.ts";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";
import { openTerminal, type TestTerminal } from "../helpers/terminal.ts";

const SIZES = [
  [80, 24],
  [140, 40],
  [40, 15],
] as const;

/** The keys of each view. */
const VIEWS = { columns: "g b", list: "g l", tree: "g t", inbox: "g i", agents: "g a", projects: "g p" };

test("each view, on a common terminal, a wide one and a narrow one", async () => {
  const store = await tempStore();
  const created = "created: 2026-11-01T10:00:00Z";
  writeTickets(store, {
    "t-aaaa": `Log people in\npriority: 1\n${created}\nproject: apollo\ntags: [ui, security]\nassignee: ann`,
    "t-bbbb": `Show an error when the password is wrong, and say which of the two it was\n${created}\nparent: t-aaaa\ndeps: [t-cccc]`,
    "t-cccc": `日本語のタイトル und Grüße 👍\n${created}\nparent: t-aaaa`,
    "t-dddd": `Move to the new server\nstatus: in_progress\n${created}\nassignee: bob`,
    "t-eeee": `Done long ago\nstatus: closed\n${created}\nclosed: 2026-11-02T10:00:00Z`,
    "t-ffff": `Ask somebody\n${created}\nquestion: Which colour?`,
  });
  store.write(
    "t-aaaa",
    `${store.text("t-aaaa")}\n## Why\n\nPeople want **their own** lists:\n\n- one\n- two \`code\`\n`,
  );
  aRun(store, "t-dddd", { at: "2026-11-01T10:00:00Z", outcome: "ok" });
  const term = await openTerminal(store.dir, { cols: 80, rows: 24 });
  await term.untilScreen((text) => text.includes("live") && text.includes("t-aaaa"));
  for (const [cols, rows] of SIZES) {
    term.resize(cols, rows);
    for (const [view, keys] of Object.entries(VIEWS)) {
      term.type(keys);
      await expectScreen(term, `${view}-${cols}x${rows}`);
    }
  }
  term.type("q");
  expect(await term.code).toBe(0);
});

/** Waits for the screen that a file has; `AYO_SCREENS=renew` writes what shows once nothing more is drawn. */
async function expectScreen(term: TestTerminal, name: string): Promise<void> {
  const file = path.join(import.meta.dirname, "screens", `${name}.txt`);
  const shown = (): string => `${term.text().replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "2026-11-01 10:00")}\n`;
  if (process.env.AYO_SCREENS === "renew") {
    for (let frames = -1; frames !== term.frames(); await new Promise((resolve) => setTimeout(resolve, 500)))
      frames = term.frames();
    writeFileSync(file, shown());
  }
  await expect.poll(shown, { interval: 20 }).toBe(readFileSync(file, "utf8"));
}
