import { spawn } from "node:child_process";
import { type Host, signalGroup } from "../../host.ts";

/** What is started, and how. */
export interface HookStart {
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its stdin. */
  readonly input: string;
  readonly timeoutMs: number;
}

/** How a hook went. */
export interface HookEnd {
  /** Null when a signal ended it, or it was never started. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Why it could not be started. */
  readonly error?: string;
  readonly ms: number;
  /** What it printed on stdout and stderr as it came; of a long output the beginning and the end. */
  readonly output: string;
}

/** Of the output so many bytes are kept at the beginning, and as many at the end. */
const KEPT_BYTES = 8 * 1024;
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2_000;
/** How long the output of what a hook left behind is listened to after it ended. */
const DRAIN_MS = 100;
/** A copy that was made a moment ago may still be open in a child of ours that is just starting. */
const BUSY_TRIES = 20;

/**
 * Runs an executable without a shell, in a process group of its own. After `timeoutMs` the whole group is ended:
 * SIGTERM, and two seconds later SIGKILL. Never throws.
 */
export async function runHook(start: HookStart): Promise<HookEnd> {
  for (let attempt = 1; ; attempt++) {
    const end = await runOnce(start);
    if (end.error !== "ETXTBSY" || attempt === BUSY_TRIES) return { ...end, ...explained(end.error) };
    await pause(10 * attempt);
  }
}

/** The process groups of the hooks that run now. */
const running = new Set<number>();

/** Does `work`, which waits for hooks; a signal that ends this process meanwhile ends them too. */
export async function withHooksEnding<T>({ onInterrupt }: Host, work: () => Promise<T>): Promise<T> {
  const undo = onInterrupt?.(() => {
    for (const group of running) signalGroup(group, "SIGTERM");
  });
  try {
    return await work();
  } finally {
    undo?.();
  }
}

function explained(code: string | undefined): Pick<HookEnd, "error"> {
  if (code === undefined) return {};
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "the interpreter that its first line names does not exist",
    ENOEXEC: "no program and no script: its first line must name an interpreter, such as #!/bin/sh",
    EACCES: "this machine does not let it run (is the file system of AYO_HOME mounted with noexec?)",
    E2BIG: "the environment is too large",
  };
  return { error: reasons[code] ?? code };
}

function runOnce({ file, cwd, env, input, timeoutMs }: HookStart): Promise<HookEnd> {
  const begun = performance.now();
  const output = new Output();
  return new Promise((resolve) => {
    const done = (how: Partial<HookEnd>): void => {
      const ms = Math.round(performance.now() - begun);
      resolve({ code: null, signal: null, timedOut: false, ms, output: output.text(), ...how });
    };
    const child = startChild(file, cwd, env);
    if (typeof child === "string") return done({ error: child });
    child.on("error", (error) => done({ error: (error as NodeJS.ErrnoException).code ?? error.message }));
    if (child.pid === undefined) return;
    const group = child.pid;
    running.add(group);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      void endGroup(group);
    }, timeoutMs);
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.add(chunk));
    // A hook that does not read its input is as good as one that does.
    child.stdin.on("error", () => {}).end(input);
    const closed = new Promise((close) => child.on("close", close));
    child.on("exit", async (code, signal) => {
      clearTimeout(timer);
      if (timedOut) await groupGone(group);
      await Promise.race([closed, pause(DRAIN_MS)]);
      // What the hook left running may go on, unheard.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      running.delete(group);
      done({ code, signal, timedOut });
    });
  });
}

function startChild(file: string, cwd: string, env: HookStart["env"]) {
  try {
    return spawn(file, [], { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  }
}

async function endGroup(group: number): Promise<void> {
  signalGroup(group, "SIGTERM");
  await groupGone(group, GRACE_MS);
  signalGroup(group, "SIGKILL");
}

/** Waits until nobody is left in a group, at most so long. */
async function groupGone(group: number, limitMs = GRACE_MS + 200): Promise<void> {
  const limit = performance.now() + limitMs;
  while (performance.now() < limit && signalGroup(group, 0)) await pause(20);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The beginning and the end of an output that may be endless. */
class Output {
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);
  #dropped = 0;

  add(chunk: Buffer): void {
    const room = KEPT_BYTES - this.#head.length;
    if (room > 0) this.#head = Buffer.concat([this.#head, chunk.subarray(0, room)]);
    const rest = Buffer.concat([this.#tail, chunk.subarray(Math.max(room, 0))]);
    const surplus = Math.max(0, rest.length - KEPT_BYTES);
    this.#dropped += surplus;
    this.#tail = Buffer.from(rest.subarray(surplus));
  }

  text(): string {
    const middle = this.#dropped === 0 ? "" : `\n… ${this.#dropped} bytes left out …\n`;
    return `${this.#head.toString("utf8")}${middle}${this.#tail.toString("utf8")}`;
  }
}
