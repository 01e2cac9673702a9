import { fstatSync, readFileSync } from "node:fs";
import process from "node:process";
import { inputText } from "../actions/input/inputText.ts";
import { AyoError } from "../error.ts";
import { currentHost, onInterrupt, untilEnded } from "../host.ts";
import { withdraw } from "../store/change/requests/presence.ts";
import type { Asked } from "./ask/waiting.ts";
import { write } from "./output.ts";
import { run } from "./run.ts";

/** Longer input is a mistake, not a text: in bytes. */
const MAX_STDIN = 64 * 1024 * 1024;

/** What a shell says of a process that ^C ended. */
const INTERRUPTED = 130;

async function readStdin({
  atMost = MAX_STDIN,
  instead = "give a file instead",
}: {
  readonly atMost?: number;
  readonly instead?: string;
} = {}): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > atMost) throw new AyoError("bad_input", `more than ${atMost / 1024 / 1024} MiB on stdin; ${instead}`);
  }
  return inputText(Buffer.concat(parts), "standard input");
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

/**
 * Asks for a line, or for one of some keys, which needs no Enter; "\n" at the end of input (^D). Whoever interrupts (^C)
 * ends the command, as anywhere.
 */
async function prompt(question: string, keys = ""): Promise<string> {
  const { createInterface } = await import("node:readline");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await new Promise<string | undefined>((resolve) => {
    terminal.on("SIGINT", () => resolve(undefined));
    terminal.on("close", () => resolve("\n"));
    terminal.question(question, resolve);
    // Told after the line has it: a key in the middle of a text is a letter of it.
    process.stdin.on("keypress", (key: string | undefined) => {
      if (key === undefined || key === "" || !keys.includes(key) || terminal.line !== key) return;
      write(2, "\n");
      resolve(key);
    });
  });
  terminal.close();
  if (answer === "\n") write(2, answer);
  if (answer === undefined) {
    write(2, "\nerror: interrupted; nothing was changed\n");
    process.exit(INTERRUPTED);
  }
  return answer;
}

/** Asks for a yes; the end of input is none. */
async function ask(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await prompt(question)).trim());
}

/**
 * What the system was given for words that came with characters in place of what is no UTF-8; as they came where that
 * cannot be told. It is read only where there is such a character.
 */
function rawWords(words: readonly string[]): readonly Buffer[] {
  if (!words.some((word) => word.includes("\uFFFD"))) return [];
  try {
    const raw = readFileSync("/proc/self/cmdline").toString("latin1").split("\0");
    return raw.slice(-words.length - 1, -1).map((word) => Buffer.from(word, "latin1"));
  } catch {
    return [];
  }
}

/** What the launcher has asked another process for; see ask/client.ts. */
declare const AYO_ASKED: Asked | undefined;

/** Has V8 wait with machine code, or do as always; the launcher's (.ci/launcher.cjs). */
declare const AYO_OPTIMIZE_LATER: ((later: boolean) => void) | undefined;

/** Begins the threads that sync files; the launcher's. */
declare const AYO_BEGIN_THREADS: (() => void) | undefined;

/** Does more than go through a store once: V8 is to make machine code, and many files are synced at once. */
function goesOn(): void {
  if (typeof AYO_OPTIMIZE_LATER === "function") AYO_OPTIMIZE_LATER(false);
  if (typeof AYO_BEGIN_THREADS === "function") AYO_BEGIN_THREADS();
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const optimizeLater = typeof AYO_OPTIMIZE_LATER === "function" ? AYO_OPTIMIZE_LATER : undefined;
  const asked = typeof AYO_ASKED === "object" ? AYO_ASKED : undefined;
  const code = await run(words, {
    asked,
    rawWords: () => rawWords(words),
    host: currentHost({ onInterrupt, onMany: () => optimizeLater?.(true) }),
    goesOn,
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
    prompt,
    untilSignal: () => untilEnded(),
  });
  // Whoever waits for this process to take the lock: it had no need of it.
  if (asked?.coming !== undefined) withdraw(asked.coming, "coming", process.pid);
  // Of what another process did for this one the exit status is known already.
  process.exitCode ||= code;
}

void main();
