import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lockStore } from "../../src/store/lock.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { testHost } from "../helpers/tempStore.ts";

/** Takes the lock of a folder, says so, then computes or sleeps; ends when told, and says what became of its lock. */
const HOLDER = `
import { currentHost } from "../../src/host.ts";
import { lockStore } from "../../src/store/lock.ts";
const lock = await lockStore(process.argv[2], currentHost());
console.log("held");
if (process.argv[3] === "computes") for (const end = Date.now() + 1500; Date.now() < end; ) Math.sqrt(end);
process.stdin.once("data", async () => {
  const isLost = lock.isLost();
  await lock.release();
  console.log("lost " + isLost);
  process.exit();
});
`;

function lines(child: ChildProcess): () => Promise<string> {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return async () => {
    while (!text.includes("\n")) await new Promise((resolve) => setTimeout(resolve, 10));
    const line = text.slice(0, text.indexOf("\n"));
    text = text.slice(line.length + 1);
    return line;
  };
}

async function holder(dir: string, what: "sleeps" | "computes") {
  const { buildSync } = await import("esbuild");
  const file = path.join(tempDir(), "holder.mjs");
  buildSync({
    stdin: { contents: HOLDER, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: file,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const child = spawn(process.execPath, [file, dir, what], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const next = lines(child);
  expect(await next()).toBe("held");
  return { child, next };
}

const HASTE = { AYO_LOCK_STALE_MS: "300" };

test("of a process that was stopped it is taken over, and that process neither takes it back nor away", async () => {
  const dir = path.join(tempDir(), "state");
  mkdirSync(dir);
  const { child, next } = await holder(dir, "sleeps");
  child.kill("SIGSTOP");
  const host = testHost(dir, { env: HASTE });
  const lock = await lockStore(dir, host);
  expect(lock.isLost()).toBe(false);
  const card = readFileSync(path.join(dir, "lock.json"), "utf8");
  child.kill("SIGCONT");
  child.stdin?.write("end\n");
  expect(await next()).toBe("lost true");
  await new Promise((resolve) => child.once("close", resolve));
  expect([existsSync(path.join(dir, "lock")), readFileSync(path.join(dir, "lock.json"), "utf8")]).toEqual([true, card]);
  await lock.release();
  expect([existsSync(path.join(dir, "lock")), existsSync(path.join(dir, "lock.json"))]).toEqual([false, false]);
});

test("one that computes keeps it, however long it does not come to renew it", async () => {
  const dir = path.join(tempDir(), "state");
  mkdirSync(dir);
  const { child, next } = await holder(dir, "computes");
  const waiting = lockStore(dir, testHost(dir, { env: HASTE }));
  // The holder hears of this when it has computed enough, which is longer than the other's patience.
  child.stdin?.write("end\n");
  expect(await next()).toBe("lost false");
  await (await waiting).release();
});
