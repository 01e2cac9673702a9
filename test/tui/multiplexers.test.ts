import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CLI } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";
import { openTerminal, type TestTerminal } from "../helpers/terminal.ts";

const WIDE = "漢字 wide 👩‍👩‍👧 and é";
const BOARD = `${process.execPath} ${CLI} tui --view list`;
const SHELL = ["bash", "--norc", "--noprofile", "-i"];

/** Real tmux and real GNU screen; each test is its own server. */
function program(name: "tmux" | "screen"): string {
  if (spawnSync("which", [name]).status !== 0)
    throw new Error(`${name} is missing: 'apt-get install tmux screen', or run without AYO_LONG`);
  return name;
}

/** That the edges of both panes stand below each other. */
function expectEdges(term: TestTerminal): void {
  const at = term.screen()[1]?.indexOf("┐┌") ?? -1;
  for (const y of [3, 4, 5]) expect(term.cell(at, y).text + term.cell(at + 1, y).text).toBe("││");
}

async function twoTickets() {
  const store = await tempStore();
  writeTickets(store, { "t-aaaa": WIDE, "t-bbbb": "Second" });
  await store.ayo("ticket", "list");
  return store;
}

async function inTmux(config: string) {
  const tmux = program("tmux");
  const store = await twoTickets();
  const dir = tempDir();
  const [socket, rc] = [path.join(dir, "s"), path.join(dir, "rc")];
  writeFileSync(rc, `set -g default-command "${SHELL.join(" ")}"\nset -g escape-time 0\n${config}`);
  const words = [tmux, "-u", "-S", socket, "-f", rc];
  onTestFinished(() => void spawnSync("tmux", ["-S", socket, "kill-server"]));
  const attach = (cols = 100) =>
    openTerminal(store.dir, {
      cols,
      rows: 14,
      program: [...words, "new-session", "-A", "-s", "board"],
      env: { PS1: "$ ", COLORTERM: "" },
    });
  return {
    store,
    attach,
    tmux: (...args: string[]) => execFileSync("tmux", ["-S", socket, ...args], { encoding: "utf8" }),
  };
}

test("what calls itself GNU screen gets what that knows: 256 colours, no joined emoji, the clipboard passed on", async () => {
  const store = await twoTickets();
  const env = { TERM: "screen.xterm-256color", STY: "1.board", COLORTERM: "truecolor" };
  const home = tempDir();
  writeFileSync(path.join(home, "tui.yml"), "colours:\n  id: '#ff8700'\n");
  const term = await openTerminal(store.dir, { rows: 14, args: ["--view", "list"], env: { ...env, AYO_HOME: home } });
  await term.untilScreen((text) => text.includes("live") && /漢字 wide 👩 +and é/.test(text));
  term.type("y");
  await term.untilScreen("copied t-aaaa");
  expect(term.output()).toContain(`\u001bP\u001b]52;c;${Buffer.from("t-aaaa").toString("base64")}\u0007\u001b\\`);
  expect(term.output()).toContain("38;5;208");
  expect(term.output()).not.toMatch(/38;2;|\u200d/);
});

if (process.env.AYO_LONG === "1") {
  describe("in tmux", () => {
    test("it is drawn cell for cell, with mouse, sizes, ^Z, detach and attach, and the clipboard", async () => {
      const { store, attach, tmux } = await inTmux(
        "set -g set-clipboard on\nset -g mouse on\nset -g status off\nset -as terminal-overrides ',xterm*:Ms=\\E]52;%p1%s;%p2%s\\007'\n",
      );
      const term = await attach();
      await term.untilScreen("$");
      term.write(`${BOARD}\r`);
      await term.untilScreen((text) => text.includes("live") && text.includes("t-bbbb"));
      const pane = (): string[] => tmux("capture-pane", "-p").trimEnd().split("\n");
      expect(pane()[1]).toMatch(/^┌ list ─.*┐┌.*┐$/);
      expect(pane().join("\n")).toContain(WIDE);
      expectEdges(term);
      expect(tmux("capture-pane", "-pe")).toContain("\u001b[32m");
      // The second line by the mouse.
      term.mouse(8, 3);
      await expect.poll(() => pane()[1]).toContain("2 of 2");
      term.type("y");
      await term.untilScreen("copied t-bbbb");
      await expect.poll(() => tmux("show-buffer")).toBe("t-bbbb");
      await expect.poll(() => term.effects.join()).toContain(Buffer.from("t-bbbb").toString("base64"));
      term.resize(60, 10);
      await term.untilScreen((text) => /^┌ list ─+ 2 of 2 ┐$/m.test(text) && text.split("\n").length === 10);
      // Detached and attached in another size; what changed meanwhile shows.
      tmux("detach-client", "-s", "board");
      await term.code;
      await store.ayo("ticket", "create", "Meanwhile");
      const again = await attach(120);
      await again.untilScreen((text) => text.includes("Meanwhile") && text.includes("││"));
      again.type("ctrl+z");
      await again.untilScreen((text) => text.includes("Stopped") && !text.includes("┌ list"));
      again.write("fg\r");
      await again.untilScreen((text) => text.includes("Meanwhile") && text.includes("live"));
      again.type("q");
      await again.untilScreen((text) => text.includes("Stopped") && !text.includes("┌ list"));
      again.write("stty -a > after; echo done $TERM\r");
      await again.untilScreen(/^done (tmux|screen)/m);
      expect(readFileSync(path.join(store.dir, "after"), "utf8")).toContain(" icanon");
      expect(tmux("display", "-p", "#{mouse_any_flag}#{alternate_on}#{cursor_flag}#{wrap_flag}").trim()).toBe("0011");
    });

    test("called screen, as tmux is by others: the clipboard all the same", async () => {
      const { attach, tmux } = await inTmux("set -g set-clipboard on\nset -g default-terminal screen\n");
      const term = await attach();
      await term.untilScreen("$");
      // As from elsewhere, by ssh.
      term.write(`env -u TMUX ${BOARD}\r`);
      await term.untilScreen((text) => text.includes("live") && text.includes("t-bbbb"));
      term.type("y");
      await term.untilScreen("copied t-aaaa");
      await expect.poll(() => tmux("show-buffer")).toBe("t-aaaa");
    });
  });

  describe("in GNU screen", () => {
    test("it is drawn, copies, is continued after ^Z and after detach, and leaves nothing", async () => {
      const screen = program("screen");
      const store = await twoTickets();
      const dir = tempDir();
      const [rc, sockets] = [path.join(dir, "rc"), path.join(dir, "sockets")];
      mkdirSync(sockets, { mode: 0o700 });
      writeFileSync(rc, `startup_message off\ndefutf8 on\nshell ${path.join(dir, "shell")}\n`);
      writeFileSync(path.join(dir, "shell"), `#!/bin/sh\nexec ${SHELL.join(" ")}\n`, { mode: 0o755 });
      const env = { SCREENDIR: sockets, PS1: "$ ", COLORTERM: "truecolor" };
      onTestFinished(() => void spawnSync(screen, ["-S", "board", "-X", "quit"], { env: { ...process.env, ...env } }));
      const attach = (cols: number) =>
        openTerminal(store.dir, { cols, rows: 14, env, program: [screen, "-U", "-c", rc, "-D", "-RR", "-S", "board"] });
      const term = await attach(100);
      await term.untilScreen("$");
      term.write(`${BOARD}\r`);
      await term.untilScreen((text) => text.includes("live") && text.includes("t-bbbb"));
      // Of joined emoji screen counts each: the first stands for all.
      await term.untilScreen((text) => text.includes("漢字 wide 👩 and é") && !text.includes("👧"));
      expectEdges(term);
      term.type("y");
      await term.untilScreen("copied t-aaaa");
      await expect.poll(() => term.effects.join()).toContain(Buffer.from("t-aaaa").toString("base64"));
      term.mouse(8, 3);
      await term.untilScreen("2 of 2");
      term.resize(60, 10);
      await term.untilScreen((text) => /^┌ list ─+ 2 of 2 ┐$/m.test(text));
      term.send("\u0001d");
      await term.code;
      await store.ayo("ticket", "create", "Meanwhile");
      const again = await attach(120);
      await again.untilScreen((text) => text.includes("Meanwhile") && text.includes("││"));
      again.type("ctrl+z");
      await again.untilScreen((text) => text.includes("Stopped") && !text.includes("┌ list"));
      again.write("fg\r");
      await again.untilScreen((text) => text.includes("Meanwhile") && text.includes("live"));
      again.type("q");
      await again.untilScreen((text) => !text.includes("┌ list") && text.includes("$"));
      again.write("stty -a > after; echo done\r");
      await again.untilScreen(/^done/m);
      expect(readFileSync(path.join(store.dir, "after"), "utf8")).toContain(" icanon");
    });
  });
}
