import { type ChildProcess, spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import type { TicketEvent } from "../../src/ticket/events/events.ts";
import { type Env, hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { CLI } from "./runCli.ts";

/** A running `ayo watch --json`. */
export interface WatchProcess {
  /** Everything it printed so far, in order. */
  readonly events: readonly TicketEvent[];
  readonly stderr: () => string;
  readonly pid: number;
  /** The first event, past or to come, that fits. @throws when there is none after `timeoutMs` (10 s) */
  until(name: string, id?: string, timeoutMs?: number): Promise<TicketEvent>;
  /** Waits until stderr has a text. */
  untilWarned(text: string): Promise<void>;
  /** Sends a signal and returns the exit status; null where the signal ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** How the watcher is started besides its arguments. */
export interface WatchProcessOptions {
  readonly env?: Env;
  /** A command that runs the watcher, e.g. `["unshare", "-Ur"]`. */
  readonly through?: readonly string[];
}

/** Starts a watcher in `cwd`; it is killed when the test ends. Resolves once it watches. */
export async function startWatch(
  cwd: string,
  args: readonly string[] = [],
  { env = {}, through = [] }: WatchProcessOptions = {},
): Promise<WatchProcess> {
  const [file = "", ...rest] = [...through, process.execPath, CLI, "watch", "--json", ...args];
  const child = spawn(file, rest, { cwd, env: { ...hermeticEnv(sharedHome()), ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const events: TicketEvent[] = [];
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (stdout + text).split("\n");
    stdout = lines.pop() ?? "";
    for (const line of lines) events.push(JSON.parse(line) as TicketEvent);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const poll = async <T>(look: () => T | undefined, what: string, timeoutMs = 10_000): Promise<T> => {
    for (const deadline = Date.now() + timeoutMs; ; ) {
      const found = look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`no ${what} in ${timeoutMs} ms\n${stderr}${describe(events)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const process_: WatchProcess = {
    events,
    stderr: () => stderr,
    pid: child.pid as number,
    until: (name, id, timeoutMs) =>
      poll(
        () => events.find(({ event, ticket }) => event === `ticket.${name}` && (id === undefined || ticket.id === id)),
        `${name} ${id ?? ""}`,
        timeoutMs,
      ),
    untilWarned: async (text) => void (await poll(() => stderr.includes(text) || undefined, `warning '${text}'`)),
    end: (signal = "SIGTERM") => ended(child, signal),
  };
  await poll(() => stderr.includes("watching") || undefined, "sign of life", 20_000);
  return process_;
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once("close", (code) => resolve(code));
    child.kill(signal);
  });
}

/** Events as `closed ayo-x7k2`, one a line. */
export function describe(events: readonly TicketEvent[]): string {
  return events.map(({ event, ticket }) => `${event.replace("ticket.", "")} ${ticket.id}`).join("\n");
}
