import { spawn } from "node:child_process";
import path from "node:path";
import { type Host, signalGroup } from "../../../host.ts";

/** What a program answered. */
export interface Answer {
  readonly code: number | null;
  /** Of stdout and stderr the beginning. */
  readonly text: string;
}

/** A program that does not answer within this time is not waited for. In milliseconds. */
const ANSWER_MS = 10_000;
const MAX_TEXT = 4_000;

/** Who asks a program, where, and how long the answer is waited for. */
export interface Asking {
  readonly host: Pick<Host, "platform" | "onInterrupt">;
  readonly cwd?: string;
  /** In milliseconds. */
  readonly wait?: number;
}

/** Asks a program something about itself; away from any project unless told where. Undefined where it cannot be started, or is silent. */
export function askProgram(
  file: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  { host, cwd = path.parse(file).root, wait = ANSWER_MS }: Asking,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    // What it starts ends with it: they are a group of their own.
    const detached = host.platform !== "win32";
    const child = spawn(file, words, { cwd, env, detached, stdio: ["ignore", "pipe", "pipe"] });
    const end = (): void => {
      if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
    };
    const goOn = host.onInterrupt?.(end);
    const timer = setTimeout(() => {
      goOn?.();
      end();
      // Who left the group may hold its output open.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(undefined);
    }, wait);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        if (text.length < MAX_TEXT) text += part;
      });
    }
    child.on("error", () => {
      clearTimeout(timer);
      goOn?.();
      resolve(undefined);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      goOn?.();
      resolve({ code, text: text.slice(0, MAX_TEXT) });
    });
  });
}
