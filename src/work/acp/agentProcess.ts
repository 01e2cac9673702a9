import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as after } from "node:timers/promises";
import type { AcpOptions } from "./options.ts";

/** How much of its stderr is told when it ends without being asked, in characters. */
const MAX_STDERR = 2_048;
/** How long what it said last may still be on its way, in milliseconds. */
const LAST_WORDS_MS = 200;

/** An agent's process, a child of this one in the same group: whoever stops the group stops it too. */
export class AgentProcess {
  readonly process: ChildProcess;
  /** Why it is gone, once it is. */
  readonly gone: Promise<string>;
  #stderr = "";
  #hasExited = false;

  constructor({ argv, cwd, env, writeError }: AcpOptions) {
    const [command = "", ...words] = argv;
    this.process = spawn(command, words, { cwd, env: { ...env }, stdio: ["pipe", "pipe", "pipe"] });
    this.process.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr = `${this.#stderr}${chunk}`.slice(-MAX_STDERR);
      writeError(chunk.toString());
    });
    this.gone = new Promise((resolve) => {
      this.process.on("error", (error) => {
        this.#hasExited = true;
        resolve(`${command} cannot be started: ${error.message}`);
      });
      this.process.on("exit", (code, signal) => {
        this.#hasExited = true;
        const how = signal === null ? `exit status ${code}` : `ended by ${signal}`;
        const tell = (): void => resolve(`the agent ended early (${how})${this.#said()}`);
        this.process.on("close", tell);
        setTimeout(tell, LAST_WORDS_MS).unref();
      });
    });
  }

  /** Ends it: closes its input, and where that is not enough within `patience` ms, by signals that are `step` ms apart. */
  async end(patience: number, step: number): Promise<void> {
    this.process.stdin?.end();
    if (patience > 0) await this.#wait(patience);
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (this.#hasExited) break;
      this.process.kill(signal);
      await this.#wait(step);
    }
    // What it started may go on and hold the other ends; nobody is to wait for that.
    for (const stream of [this.process.stdin, this.process.stdout, this.process.stderr]) stream?.destroy();
    this.process.unref();
  }

  async #wait(ms: number): Promise<void> {
    if (this.#hasExited) return;
    const timer = new AbortController();
    const time = after(ms, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([this.gone, time]);
    timer.abort();
  }

  #said(): string {
    const lines = this.#stderr.trim().split("\n").slice(-3).join("\n");
    return lines === "" ? "" : `: ${lines}`;
  }
}
