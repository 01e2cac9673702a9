import { fstatSync, writeSync } from "node:fs";
import process from "node:process";
import { AyoError } from "../error.ts";
import { currentHost, onInterrupt } from "../host.ts";
import { run } from "./run.ts";

/** Longer input is a mistake, not a text: in bytes. */
const MAX_STDIN = 64 * 1024 * 1024;

async function readStdin(): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > MAX_STDIN)
      throw new AyoError("bad_input", `more than ${MAX_STDIN / 1024 / 1024} MiB on stdin; give a file instead`);
  }
  return Buffer.concat(parts).toString("utf8");
}

/**
 * Writes at once and in order. process.stdout would load sockets and streams, 4 ms of every command. A reader that
 * left (`| head`) is no failure of ours.
 */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") process.exit(0);
      if (code !== "EAGAIN") throw error;
      // A pipe that its other end made non-blocking is full: wait for the reader.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** The number of /dev/null and its like among Linux' drivers (Documentation/admin-guide/devices.txt). */
const MEMORY_DEVICES = 1;

/** Whether a descriptor is a terminal; of pipes, files and /dev/null that is told without the 5 ms of node:tty. */
function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isCharacterDevice()) return false;
    if (process.platform === "linux" && stat.rdev >> 8 === MEMORY_DEVICES) return false;
  } catch {
    return false;
  }
  return [process.stdin, process.stdout, process.stderr][descriptor]?.isTTY === true;
}

async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

/**
 * Done at the first request to end. The listeners stay: proper-lockfile's own would take a signal that nobody else
 * listens to for the end of the process.
 */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
}

async function main(): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), {
    host: currentHost({ onInterrupt }),
    tty: {
      get stdin() {
        return isTerminal(0);
      },
      get stdout() {
        return isTerminal(1);
      },
      get stderr() {
        return isTerminal(2);
      },
    },
    get columns() {
      return isTerminal(1) ? process.stdout.columns : 80;
    },
    get rows() {
      return isTerminal(1) ? process.stdout.rows : 24;
    },
    out: (text) => write(1, text),
    err: (text) => write(2, text),
    stdin: readStdin,
    streams: () => ({ input: process.stdin, output: process.stdout }),
    ask,
    untilSignal,
  });
}

void main();
