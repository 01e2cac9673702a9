import { appendFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runFile } from "../../src/store/runs/record.ts";
import { aRun } from "../helpers/aRun.ts";
import { tempStore } from "../helpers/tempStore.ts";
import { openTerminal, type TestTerminal } from "../helpers/terminal.ts";

/** What would clear a screen, rename a window, fill a clipboard, ask for an answer, leave the screen, turn a line around. */
const EVIL = [
  "\u001b[2J\u001b[1;1HPWNED",
  "\u001b]0;evil\u0007",
  "\u001b]52;c;ZXZpbA==\u0007",
  "\u001b]8;;http://evil.example\u001b\\link",
  "\u001b[6n\u001b[c\u001b[>c",
  "\u001b[?1049l\u001b[?1000l",
  '\u001bP$q"p\u001b\\',
  "\u001bc\u001b(0",
  "\u009b2J\u009d0;evil\u009c",
  "\u0007\u0008\u000e\u000f",
  "\u202eright to left\u2066",
].join("");

/** What ayo wrote that is neither a move, a style, nor one of its own modes. */
function strays(term: TestTerminal): string {
  return (
    term
      .output()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what terminals obey
      .replaceAll(/\u001b\[(?:\d+;\d+H|[\d;]*m|2J|\d*K|\?(?:25|7|1000|1002|1004|1006|1049|2004|2026)[hl])/g, "")
      .replace(/[^\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu, "")
  );
}

test("what tickets, notes, filters and logs say can steer no terminal", async () => {
  const store = await tempStore();
  const title = `Title ${EVIL.replaceAll("\u0007", "")}`;
  const quoted = JSON.stringify(`ann${EVIL}`);
  store.write(
    "t-aaaa",
    `---\nid: t-aaaa\nstatus: open\nassignee: ${quoted}\ntags: [${quoted}]\nproject: ${quoted}\nquestion: ${quoted}\n---\n# ${title}\n\nBody ${EVIL}\n\n\`\`\`\n${EVIL}\n\`\`\`\n\n## Notes\n\n**ann ${EVIL}**\n\n${EVIL}\n`,
  );
  store.write("t-bbbb", `---\nid: t-bbbb\nstatus: ${quoted}\n---\n# Broken ${EVIL}\n`);
  store.write("t-cccc", `---\nid: t-cccc\nstatus: open\nparent: t-aaaa\n---\n# ${"👨‍👩‍👧日本e\u0301".repeat(40)}\n`);
  await store.ayo("ticket", "list");
  const record = aRun(store, "t-aaaa");
  const { dir, host } = store.open();
  writeFileSync(runFile({ dir, host }, record, "out"), `log ${EVIL}\n\u001b[31mred\u001b[0m\n`);
  appendFileSync(`${store.tickets}/projects.md`, EVIL);
  const term = await openTerminal(store.dir, { cols: 110, rows: 30 });
  await term.untilScreen((text) => text.includes("live") && text.includes("t-aaaa") && text.includes("PWNED"));
  const steps: readonly (readonly [string, string])[] = [
    ["g l", "list"],
    ["g i", "inbox"],
    ["g a", "agents"],
    ["g t", "tree"],
    ["g p", "projects"],
    ["g b", "columns"],
  ];
  for (const [keys, view] of steps) {
    term.type(keys);
    await term.untilScreen(() =>
      [...view].every((letter, at) => term.cell((term.screen()[0]?.indexOf(view) ?? 0) + at, 0).text === letter),
    );
    await term.untilScreen("live");
    term.type("j", "j", "k", "G", "enter", "j", "escape");
  }
  term.type("g b", "g g", "g h");
  await term.untilScreen("ayo ticket history");
  term.type("q", "a");
  await term.untilScreen("who should do it");
  term.type("escape", "n");
  term.paste(`pasted ${EVIL} note`);
  await term.untilScreen("right to left note");
  term.type("enter");
  await term.untilScreen((text) => !text.includes("ayo ticket note") && /live$/.test(text));
  term.type("/");
  term.paste(`filter ${EVIL}`);
  term.type("enter");
  await term.untilScreen(/filter/);
  term.type("escape", ":");
  term.paste(`ticket show ${EVIL}`);
  term.type("enter");
  await term.untilScreen("ayo ticket show");
  term.type("q", "?");
  await term.untilScreen("Keys");
  term.paste(EVIL);
  term.type("escape", "q");
  expect(await term.code).toBe(0);
  expect(strays(term)).toBe("");
  expect(term.effects).toEqual([]);
});
