import { spawn } from "node:child_process";
import path from "node:path";
import { hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import type { TempStore } from "./tempStore.ts";

/** How an editor writes; see editor.mjs. */
export type Way = "append" | "held" | "in-place" | "rename";
/** What a process changes; see commander.mjs. */
export type Repertoire = "talker" | "mover" | "agent" | "archiver";

/** What an editor tells when it is stopped. */
export interface Edited {
  readonly written: readonly string[];
  /** Lines of its own that it once did not find in what it read back. */
  readonly missed: readonly string[];
  /** For a file that was kept open: how often the ticket was another file when it was written to. */
  readonly moved: number;
}

/** How a command ended: with a commit, or with an error's code. */
export interface Commanded {
  readonly command: string;
  readonly note: string;
  /** How often the store was busy before. */
  readonly busy: number;
  readonly ms: number;
  readonly commit?: string;
  readonly deferred?: string;
  readonly code?: string;
  readonly message?: string;
}

const HELPERS = import.meta.dirname;

interface Process {
  /** The first line that it prints. */
  readonly begun: Promise<void>;
  readonly endInput: () => void;
  /** All that it printed. @throws when it did not end well */
  readonly ended: Promise<string>;
}

function start(script: string, cwd: string, args: readonly string[]): Process {
  const env = hermeticEnv(sharedHome()) as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [path.join(HELPERS, script), ...args], { cwd, env });
  let [out, err] = ["", ""];
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    out += chunk;
    begin();
  });
  child.stderr.setEncoding("utf8").on("data", (chunk) => (err += chunk));
  child.stdin.on("error", () => {});
  const ended = new Promise<string>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      begin();
      if (code === 0 && err === "") resolve(out);
      else reject(new Error(`${script} ${args.join(" ")}: ${code ?? signal}\n${err}`));
    });
  });
  // Whoever waits for it hears of it.
  ended.catch(() => {});
  return { begun, endInput: () => child.stdin.end(), ended };
}

/** Starts an editor on a ticket's file, `every` so many milliseconds; `stop` has it write once more and tell. */
export async function startEditor(file: string, way: Way, every: number, name: string) {
  const editor = start("editor.mjs", path.dirname(file), [file, way, String(every), name]);
  await editor.begun;
  return {
    stop: async (): Promise<Edited> => {
      editor.endInput();
      const lines = (await editor.ended).trimEnd().split("\n");
      return JSON.parse(lines.at(-1) as string) as Edited;
    },
  };
}

/** Runs `count` commands of a repertoire on a ticket, one after the other, in a process of their own. */
export async function command(
  { dir, tickets }: TempStore,
  id: string,
  repertoire: Repertoire,
  count: number,
): Promise<Commanded[]> {
  const out = await start("commander.mjs", dir, [tickets, id, repertoire, String(count)]).ended;
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Commanded);
}
