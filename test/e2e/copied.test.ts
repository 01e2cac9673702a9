import { execFile, spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { git } from "../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, tempStore } from "../helpers/tempStore.ts";

vi.setConfig({ testTimeout: 300_000 });

const COPIES = process.env.AYO_LONG === "1" ? 10 : 1;
const WRITERS = 3;
const WRITER = path.join(import.meta.dirname, "../helpers/writer.mjs");
const run = promisify(execFile);

/** Of what goes while it copies `cp` says so; those are no files of the store. */
async function copyTo(from: string, to: string): Promise<void> {
  const { stderr } = await run("cp", ["-r", from, to]).catch((error: { stderr: string }) => error);
  const gone = stderr.split("\n").filter((line) => line !== "");
  for (const line of gone) expect(line).toMatch(/cannot (?:stat|open) '.*\/\.git\/.*': No such file/);
}

test.for([false, true])("a copy made while agents write is whole, and goes on (inline: %s)", async (inline) => {
  const store = await tempStore({ project: true, inline });
  const env = { ...hermeticEnv(sharedHome()) };
  const writers = Array.from({ length: WRITERS }, () => spawn(process.execPath, [WRITER, store.tickets], { env }));
  const ended = Promise.all(writers.map((one) => new Promise((resolve) => one.once("close", resolve))));
  const copies: string[] = [];
  try {
    await vi.waitFor(() => expect(store.files().length).toBeGreaterThan(9), { timeout: 30_000, interval: 50 });
    for (let n = 0; n < COPIES; n++) {
      const to = path.join(tempDir(), "copy");
      await copyTo(store.dir, to);
      if (n % 2 === 0)
        await copyTo(path.join(store.repo, ".git/objects"), path.join(inline ? to : path.join(to, ".tickets"), ".git"));
      copies.push(to);
      await after(20);
    }
    // They went on writing meanwhile.
    const first = storeIn(copies[0] ?? "").files().length;
    await vi.waitFor(() => expect(store.files().length).toBeGreaterThan(first), { timeout: 30_000, interval: 20 });
  } finally {
    for (const one of writers) one.kill("SIGKILL");
    await ended;
  }
  for (const [n, to] of copies.entries()) {
    const copy = storeIn(to, inline);
    // Objects only come: copied once more, all are there that the branch was copied with.
    if (n % 2 === 0) git(copy.repo, "fsck", "--strict", "--no-dangling");
    // Without that, and of locks, doctor finds what is missing, and the files of tickets are all there.
    const fixed = await copy.here(["doctor", "--fix"]);
    if (fixed.code !== 0) await copy.here(["doctor", "--fix"]);
    const { code, stdout } = await copy.here(["doctor"]);
    expect([code, stdout]).toEqual([0, "Nothing is wrong\n"]);
    const [id = ""] = copy.files().map((name) => name.slice(0, -3));
    await copy.ayo("ticket", "note", id, "in the copy");
    expect(copy.text(id)).toContain("in the copy");
    copy.judge();
  }
});
