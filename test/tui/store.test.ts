import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore, writeTickets } from "../helpers/tempStore.ts";
import { openTerminal, type TestTerminal } from "../helpers/terminal.ts";

/** Two tickets of which one waits for the other, on a terminal. */
async function two(env = {}, prepare: (store: TempStore) => void = () => {}) {
  const store = await tempStore();
  writeTickets(store, { "t-aaaa": "First\ndeps: [t-bbbb]", "t-bbbb": "Second" });
  await store.ayo("ticket", "list");
  prepare(store);
  const term = await openTerminal(store.dir, { cols: 120, rows: 16, env });
  await term.untilScreen((text) => text.includes("live") && text.includes("t-bbbb"));
  return { store, term };
}

/** The last line of the screen. */
const lastLine = (term: TestTerminal): string => term.text().split("\n").at(-1) ?? "";

test("commands for keys that come with a store wait for a person's yes, which is one to their content", async () => {
  const made = path.join(tempDir(), "made");
  const { store, term } = await two({}, ({ tickets }) => {
    const line = `touch ${made}; echo got {{id}}`;
    writeFileSync(
      path.join(tickets, "tui.yml"),
      `commands:\n  - { key: g z, run: '${line}', about: of the store }\n  - { key: x, run: 'touch ${made}' }\n`,
    );
  });
  await term.untilScreen(/tui\.yml of this store is not allowed yet.*ayo allow tui\.yml/);
  term.type("g z", ":");
  await term.untilScreen(() => lastLine(term).startsWith(":"));
  expect(existsSync(made)).toBe(false);
  term.write("allow tui.yml\r");
  await term.untilScreen("Allowed tui.yml");
  term.type("g z");
  await term.untilScreen("got t-");
  // A key that does something already is not theirs.
  term.type("G", "x");
  await expect.poll(() => store.text("t-aaaa") + store.text("t-bbbb")).toContain("status: closed");
  writeFileSync(path.join(store.tickets, "tui.yml"), "commands:\n  - { key: g z, run: 'touch other' }\n");
  // At the next change of the store, while it runs: what it says now waits for another yes.
  await store.ayo("ticket", "create", "Meanwhile");
  await term.untilScreen("was changed since it was allowed");
  term.type("q");
  expect(await term.code).toBe(0);
  const again = await openTerminal(store.dir, { cols: 120, rows: 16 });
  await again.untilScreen("was changed since it was allowed");
});

test("while a filter is typed nothing is told of what makes no sense yet; Enter tells it, Escape goes back", async () => {
  const { term } = await two();
  term.type("G", "/");
  term.write("is:blocked");
  await term.untilScreen((text) => text.includes("1 of 2") && !text.includes("t-bbbb P"));
  expect(term.output()).not.toContain("is:block ");
  expect(term.output()).not.toMatch(/is:b[a-z]* is no|unknown|there is no 'is/);
  term.type("escape");
  await term.untilScreen((text) => text.includes("t-bbbb P"));
  term.type("/");
  term.write("is:nonsense\r");
  await term.untilScreen(() => lastLine(term).includes("nonsense"));
  term.type("/", "ctrl+u");
  term.write("is:nothing");
  // After a pause it is told, too.
  await term.untilScreen(() => term.screen().at(-1)?.includes("/ is:nothing") === true);
});

test("a ticket that is deleted elsewhere is said to be gone; of two new titles the second is refused", async () => {
  const { store, term } = await two();
  term.type("T");
  await term.untilScreen("Title: ");
  const at = /Title: (First|Second)/.exec(term.text())?.[1] === "First" ? "t-aaaa" : "t-bbbb";
  await store.ayo("ticket", "update", at, "--title", "By another");
  // In the list as well as beside it.
  await term.untilScreen((text) => text.split("By another").length > 2);
  term.write(" of mine\r");
  await term.untilScreen("somebody has named it 'By another' meanwhile");
  expect(store.text(at)).toContain("# By another");
  await store.ayo("ticket", "delete", at, "--yes");
  await term.untilScreen(`${at} is gone: somebody has deleted or archived it`);
  term.type("g m");
  await term.untilScreen((text) => text.includes("is gone") && text.includes("By another"));
});

test("o opens a ticket on a board in the browser, which ends with the terminal's", async () => {
  const dir = tempDir();
  const [browser, opened] = [path.join(dir, "browser"), path.join(dir, "opened")];
  writeFileSync(browser, `#!/bin/sh\nprintf '%s' "$1" > ${opened}\n`);
  chmodSync(browser, 0o755);
  const { term } = await two({ BROWSER: browser });
  term.type("o");
  await term.untilScreen("opened http");
  await expect.poll(() => (existsSync(opened) ? readFileSync(opened, "utf8") : "")).toMatch(/\/ticket\/t-\w{4}$/);
  const url = readFileSync(opened, "utf8");
  expect((await fetch(url, { headers: { accept: "text/html" } })).status).toBe(200);
  term.type("q");
  expect(await term.code).toBe(0);
  await expect
    .poll(() =>
      fetch(url).then(
        () => "there",
        () => "gone",
      ),
    )
    .toBe("gone");
});

test("the graph is a tree of what waits; {{id}} is the ticket under the cursor in any command", async () => {
  const { store, term } = await two();
  term.type("g d");
  await term.untilScreen(() => {
    const lines = term.screen();
    const first = lines.findIndex((line) => line.includes("t-bbbb P"));
    return first > 0 && /└ .*t-aaaa/.test(lines[first + 1] ?? "");
  });
  term.type("j", ":");
  term.write("ticket note {{id}} {{id}}-noted\r");
  await expect.poll(() => store.text("t-aaaa") + store.text("t-bbbb")).toMatch(/t-(aaaa|bbbb)-noted/);
});
