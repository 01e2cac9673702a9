import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Env, hermeticEnv } from "../helpers/hermeticEnv.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";
import { openTerminal, type TestTerminal } from "../helpers/terminal.ts";

/** A list on a terminal that says this of itself, with a colour of the user's own. */
async function shown(env: Env, args: readonly string[] = []): Promise<TestTerminal> {
  const home = tempDir();
  hermeticEnv(home);
  mkdirSync(path.join(home, "data"), { recursive: true });
  const ayoHome = path.join(home, "ayo");
  mkdirSync(ayoHome, { recursive: true });
  writeFileSync(path.join(ayoHome, "tui.yml"), "colours: { id: '#ff8700', good: 46 }\n");
  const store = await tempStore();
  writeTickets(store, { "t-aaaa": "First", "t-bbbb": "Second" });
  await store.ayo("ticket", "list");
  const term = await openTerminal(store.dir, {
    cols: 90,
    rows: 10,
    args: ["--view", "list", ...args],
    env: { HOME: home, AYO_HOME: ayoHome, ...env },
  });
  await term.untilScreen((text) => text.includes("live") && text.includes("t-aaaa"));
  return term;
}

describe("colours are those that the terminal has", () => {
  test.each([
    ["none", { TERM: "xterm-256color", NO_COLOR: "1" }, /^$/],
    ["16", { TERM: "xterm" }, /^(3|11|9|1)$/],
    ["16 of the Linux console", { TERM: "linux" }, /^(3|11|9|1)$/],
    ["256", { TERM: "screen-256color" }, /^208$/],
    ["256 in tmux", { TERM: "tmux-256color" }, /^208$/],
    ["all", { TERM: "xterm-256color", COLORTERM: "truecolor" }, /^#ff8700$/],
  ])("%s", async (_, env, colour) => {
    const term = await shown(env);
    // The cursor stands on the first.
    const y = term.screen().findIndex((line) => line.includes(" t-bbbb P"));
    expect(term.cell(term.screen()[y]?.indexOf("t-bbbb") ?? 0, y).fg).toMatch(colour);
    const output = term.output();
    expect(/38;2;/.test(output)).toBe(colour.test("#ff8700"));
    term.type("q");
    expect(await term.code).toBe(0);
  });
});

test.each([
  ["--ascii", {}, ["--ascii"]],
  ["a locale without UTF-8", { LC_ALL: "C", LANG: "C" }, []],
])("%s: letters and signs that every terminal has", async (_, env, args) => {
  const term = await shown(env, args);
  expect(term.text()).toMatch(/^\+ list -/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  expect(term.text()).toMatch(/^[\u0000-\u007f]*$/);
  for (const keys of ["?", "escape", "m", "escape", "g b", "g t", ":"]) term.type(keys);
  await term.untilScreen((text) => text.split("\n").at(-1)?.startsWith(":") === true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  expect(term.output()).toMatch(/^[\u0000-\u007f]*$/);
});

test("keys, looks and commands of tui.yml; what does not fit is told before anything is drawn", async () => {
  const store = await tempStore();
  writeTickets(store, { "t-aaaa": "It's; touch pwned" });
  await store.ayo("ticket", "list");
  const home = tempDir();
  const file = path.join(home, "tui.yml");
  writeFileSync(
    file,
    "keys: { down: [n, ctrl+n], note: N }\ncommands:\n  - { key: g x, about: say it, run: 'echo got {{id}} {{title}}; echo \"$PWD\"' }\n  - { key: E, run: 'printf here; read line', show: terminal }\n",
  );
  const term = await openTerminal(store.dir, { cols: 100, env: { AYO_HOME: home } });
  await term.untilScreen((text) => text.includes("live") && text.includes("t-aaaa"));
  term.type("g x");
  await term.untilScreen("got t-aaaa It's; touch pwned");
  term.type("q", "E");
  await term.untilScreen("here");
  term.type("enter");
  await term.untilScreen("live");
  term.type("N");
  await term.untilScreen("Note:");
  term.type("escape", "?");
  term.write("say it");
  await term.untilScreen("Own");
  term.type("escape", "q");
  expect(await term.code).toBe(0);
  writeFileSync(file, "keys: { dwon: x }\n");
  const bad = await openTerminal(store.dir, { env: { AYO_HOME: home } });
  expect(await bad.code).not.toBe(0);
  expect(bad.text()).toContain("keys.dwon");
  expect(bad.output()).not.toContain("\u001b[?1049h");
});

test.each([
  ["keys: { down: x, up: x }\n", /tui\.yml:1: keys\.up: 'x' is keys\.down already/],
  ["keys:\n  down: n\n  note: g\n", /tui\.yml:3: keys\.note: 'g' begins a key of/],
  ["keys:\n  down: [n\n", /tui\.yml:\d: /],
  ["commands:\n  - { key: E, run: ls }\n  - { key: F }\n", /tui\.yml:3: commands\.1\.run must be/],
  ["colours:\n  id: red\n  tag: nonsense\n", /tui\.yml:3: colours\.tag must be a colour/],
])("what is wrong in tui.yml is told with its line: %j", async (text, told) => {
  const store = await tempStore();
  const home = tempDir();
  writeFileSync(path.join(home, "tui.yml"), text);
  const term = await openTerminal(store.dir, { cols: 200, env: { AYO_HOME: home } });
  expect(await term.code).not.toBe(0);
  expect(term.text()).toMatch(told);
});
