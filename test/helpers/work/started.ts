import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { Adapter, Launch } from "../../../src/work/adapters/adapter.ts";
import { LineSplitter } from "../../../src/work/adapters/lines.ts";
import type { RunEvent } from "../../../src/work/adapters/runEvent.ts";
import type { Env } from "../hermeticEnv.ts";

/** A prompt with a script for the scripted agents. */
export function scripted(...turns: readonly Readonly<Record<string, unknown>>[]): string {
  return `Do this.\n\n\`\`\`fake\n${JSON.stringify(turns)}\n\`\`\`\n`;
}

/** A program as a dispatcher starts it: in a group of its own, its prompt and its output in files. */
export interface Started {
  readonly child: ChildProcess;
  /** Resolved with its exit status, or the signal that ended it. */
  readonly done: Promise<number | string>;
  /** What it has said so far. */
  events(): readonly RunEvent[];
  stderr(): string;
  /** Waits until it has said what `is` looks for. */
  until(is: (event: RunEvent) => boolean): Promise<void>;
}

/** Starts one; what is left of its group ends with the test. */
export function startLaunch(
  adapter: Adapter,
  launch: Launch,
  prompt: string,
  at: { readonly dir: string; readonly env: Env },
): Started {
  const dir = path.join(at.dir, `.run-${Date.now()}-${Math.floor(performance.now() * 1000)}`);
  mkdirSync(dir);
  const [input, output, errors] = ["in", "out", "err"].map((name) => path.join(dir, name)) as [string, string, string];
  writeFileSync(input, adapter.hears?.(prompt) ?? prompt);
  const files = [openSync(input, "r"), openSync(output, "a"), openSync(errors, "a")];
  const [command = "", ...words] = launch.argv;
  const child = spawn(command, words, { cwd: at.dir, env: { ...at.env, ...launch.env }, stdio: files, detached: true });
  for (const file of files) closeSync(file);
  onTestFinished(() => {
    try {
      process.kill(-(child.pid as number), "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  });
  const done = new Promise<number | string>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? signal ?? ""));
  });
  const events = () => {
    const splitter = new LineSplitter();
    const lines = [...splitter.push(readFileSync(output)), splitter.finish()];
    return lines.flatMap((line) => (line === undefined ? [] : adapter.parse(line.text)));
  };
  const until = async (is: (event: RunEvent) => boolean) => {
    for (let left = 1500; !events().some(is); left--) {
      if (left === 0) throw new Error(`nothing of that within 30 s:\n${readFileSync(output)}\n${readFileSync(errors)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, done, events, until, stderr: () => readFileSync(errors, "utf8") };
}
