import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { CLI } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** How it asks: for a yes, or for an answer. */
const ASKS = /\[y\/N\]|another answer: /;

/** Runs ayo on a terminal of its own, and types `keys` once it asks; what the terminal showed, and the exit status. */
function onTerminal(
  { dir }: TempStore,
  args: readonly string[],
  keys: string,
): Promise<{ shown: string; code: number }> {
  const command = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd: dir,
    env: hermeticEnv(sharedHome()),
  });
  let shown = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const hadAsked = ASKS.test(shown);
    shown += chunk.toString();
    if (!hadAsked && ASKS.test(shown)) child.stdin.write(keys);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ shown, code: code ?? -1 }));
  });
}

describe("a question on a terminal", () => {
  const CASES = [
    ["^C ends the command", "\u0003", 130, "error: interrupted; nothing was changed"],
    ["^D is no yes", "\u0004", 2, "error: nothing was deleted"],
    ["n is no yes", "n\r", 2, "error: nothing was deleted"],
  ] as const;

  test.each(CASES)("%s", async (_, keys, code, says) => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Stays");
    const before = store.subjects();
    const ended = await onTerminal(store, ["ticket", "delete", id], keys);
    expect(ended.shown).toContain(says);
    expect(ended.shown).not.toContain("bug in ayo");
    expect(ended.code).toBe(code);
    expect(store.subjects()).toEqual(before);
  });

  test("^C at the one of `agents init` leaves nothing", async () => {
    const store = await tempStore();
    const ended = await onTerminal(store, ["agents", "init", "--harness", "claude"], "\u0003");
    expect([ended.code, existsSync(path.join(store.dir, "CLAUDE.md"))]).toEqual([130, false]);
  });
});

describe("an answer to a question with options", () => {
  /** A ticket that asks, of which 8080 is the default unless `more` says otherwise. */
  async function asked(more: readonly string[] = ["--default", "8080", "--after", "1h"]) {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Open a port");
    await store.ayo("ticket", "ask", id, "Which port?", "--option", "80", "--option", "8080", ...more);
    const answers = () => store.text(id).match(/^Answer: .*$/gm);
    return { store, id, answers };
  }

  test.for([
    ["1", "80"],
    ["2", "8080"],
    ["\r", "8080"],
    ["neither 1 nor 2\r", "neither 1 nor 2"],
    ["a\u007f1", "80"],
  ] as const)("is given by the keys %j", async ([keys, answer]) => {
    const { store, id, answers } = await asked();
    const { shown, code } = await onTerminal(store, ["ticket", "answer", id], keys);
    expect(shown).toMatch(
      /Which port\?\s+1 {2}80\s+2 {2}8080 \(default\)\s+.*1-2, Enter for 2, or type another answer: /,
    );
    expect([code, answers()]).toEqual([0, [`Answer: ${answer}`]]);
    expect(shown).toContain(`Updated ${id} -> open`);
  });

  test.for([
    ["\u0003", 130, "interrupted; nothing was changed"],
    ["\u0004", 2, "nothing was answered"],
    ["\r", 2, "nothing was answered"],
  ] as const)("is not given by %j where there is no default", async ([keys, status, says]) => {
    const { store, id, answers } = await asked([]);
    const { shown, code } = await onTerminal(store, ["ticket", "answer", id], keys);
    expect(shown).toContain("1-2, or type another answer: ");
    expect(shown).toContain(says);
    expect([code, answers()]).toEqual([status, null]);
  });

  test("is asked for in words without a terminal, and where there are no options", async () => {
    const { store, id } = await asked();
    const silent = await store.run(["ticket", "answer", id]);
    expect([silent.code, silent.stderr]).toEqual([
      2,
      `error: answer: answer is missing; ${id} asks: Which port? (1. 80, 2. 8080)\ntry: ayo ticket answer ${id} 1\n`,
    ]);
    await store.ayo("ticket", "ask", id, "Why?");
    const { shown, code } = await onTerminal(store, ["ticket", "answer", id], "");
    expect([code, shown]).toEqual([2, expect.stringContaining(`answer: answer is missing; ${id} asks: Why?`)]);
    expect((await store.run(["ticket", "answer", id], { input: "Because.\n" })).code).toBe(0);
    const over = await store.run(["ticket", "answer", id]);
    expect([over.code, over.stderr]).toEqual([1, expect.stringContaining(`${id} asks nothing`)]);
  });
});

describe("an editor", () => {
  const env = { EDITOR: undefined, VISUAL: undefined };

  test("that needs a terminal is not opened without one: the path of the text is told", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Build login");
    const file = path.join(store.tickets, `${id}.md`);
    for (const EDITOR of [undefined, "vim -f", "/usr/bin/nano"]) {
      const { code, stderr } = await store.run(["ticket", "edit", id], { env: { ...env, EDITOR } });
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^error: there is no terminal for an editor: .*\ntry: cat /),
      ]);
      expect(stderr).toContain(file);
    }
    const { stderr } = await store.run(["ticket", "edit", id, "--json"], { env });
    expect(JSON.parse(stderr).error).toMatchObject({ code: "no_editor", data: { path: file } });
  });

  test("of `create --edit` is left out without a terminal: id on stdout, path on stderr", async () => {
    const store = await tempStore();
    const { code, stdout, stderr } = await store.run(["ticket", "create", "Build login", "--edit"], { env });
    expect(code).toBe(0);
    expect(stderr).toBe(
      `note: there is no terminal for an editor; the text is in ${path.join(store.tickets, `${stdout.trim()}.md`)}\n`,
    );
    expect(store.text(stdout.trim())).toContain("# Build login");
  });

  test("that takes the file away changes nothing, and is no bug of ayo", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Build login");
    const { code, stderr } = await store.run(["ticket", "edit", id], { env: { EDITOR: "rm" } });
    expect([code, stderr]).toEqual([2, "error: the editor left no file; nothing was changed\n"]);
  });
});

test("an older Node is told what ayo needs, in one line", () => {
  const preload = path.join(tempDir(), "older.cjs");
  const versions = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });';
  writeFileSync(preload, versions);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", preload, CLI, "--version"], {
    encoding: "utf8",
  });
  expect([status, stdout, stderr]).toEqual([1, "", "error: ayo needs Node 20.19 or newer; this is 18.20.8\n"]);
});
