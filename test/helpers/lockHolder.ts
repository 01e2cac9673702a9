import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { onTestFinished } from "vitest";
import { tempDir } from "./tempDir.ts";

/** Takes the lock of a folder, says so, computes for a while if it is to; when told, ends and says what became of it. */
const HOLDER = `
import { currentHost } from "../../src/host.ts";
import { lockStore } from "../../src/store/change/lock/lock.ts";
const [dir, computesMs] = process.argv.slice(2);
const lock = await lockStore(dir, currentHost());
console.log("held");
for (const end = Date.now() + Number(computesMs); Date.now() < end; ) Math.sqrt(end);
process.stdin.once("data", async () => {
  const isLost = lock.isLost();
  await lock.release();
  console.log(isLost ? "lost" : "kept");
  process.exit();
});
`;

/** A process that holds the store's lock. */
export interface LockHolder {
  readonly child: ChildProcess;
  /** Done when it is gone, by itself or by a signal. */
  readonly gone: Promise<unknown>;
  /** Has it give the lock back and end; what it then knows of its lock. */
  readonly end: () => Promise<string>;
}

/** Starts a process that takes the lock of a state folder, and waits until it has it. */
export async function lockHolder(stateDir: string, { computesMs = 0 } = {}): Promise<LockHolder> {
  const outfile = path.join(tempDir(), "holder.mjs");
  buildSync({
    stdin: { contents: HOLDER, resolveDir: import.meta.dirname, loader: "ts" },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "error",
  });
  const child = spawn(process.execPath, [outfile, stateDir, String(computesMs)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  // From the start: a process that has answered may be gone before whoever reads the answer looks.
  const gone = once(child, "close");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done = false } = await lines.next();
    if (done) throw new Error(`the holder of the lock ended with ${await gone} and said nothing`);
    return value;
  };
  const first = await next();
  if (first !== "held") throw new Error(`the holder of the lock said: ${first}`);
  const end = (): Promise<string> => {
    child.stdin.write("end\n");
    return next();
  };
  return { child, gone, end };
}
