import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { CLI } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

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
    const hadAsked = shown.includes("[y/N]");
    shown += chunk.toString();
    if (!hadAsked && shown.includes("[y/N]")) child.stdin.write(keys);
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
