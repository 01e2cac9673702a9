import { endOf as endOfLog, runShell, type ShellEnd, type ShellRun, spanOf } from "../worktrees/runShell.ts";

/** How a command is run. */
export interface CommandRun extends ShellRun {
  readonly dir: string;
  readonly signal: AbortSignal;
}

/** How it ended. */
export interface CommandEnd {
  readonly exit: number | null;
  /** Why it did not pass, in a sentence without a subject; undefined where it did. */
  readonly why: string | undefined;
  /** Somebody stopped it: it says nothing. */
  readonly isStopped: boolean;
}

/** Who prints more does not test. In bytes. */
const MAX_OUTPUT = 64 * 1024 * 1024;
/** The end of a log is read so far back, more than is told: what is struck from it may begin before that. */
const END_BYTES = 64 * 1024;

/**
 * Runs a command that proves work. What is to be ended has no time for more.
 * @throws disk_full, store_not_writable for its log
 */
export async function runCommand(run: CommandRun): Promise<CommandEnd> {
  const end = await runShell(run, { dir: run.dir, graceMs: 0, mostBytes: MAX_OUTPUT });
  const why = whyFailed(end, run.timeoutMs);
  return {
    exit: end.how === "exit" ? end.code : null,
    why: why ?? (end.isClean ? undefined : "left processes that cannot be ended"),
    isStopped: end.how === "stopped",
  };
}

function whyFailed(end: ShellEnd, timeoutMs: number): string | undefined {
  switch (end.how) {
    case "exit":
      return end.code === 0 ? undefined : `failed with exit code ${end.code}`;
    case "signal":
      return `was ended by ${end.signal}`;
    case "unstartable":
      return `could not be started: ${end.message}`;
    case "stopped":
      return "was stopped";
    case "late":
      return `took longer than ${spanOf(timeoutMs)}`;
    default:
      return "printed more than 64 MB";
  }
}

/** The end of what it printed. */
export function endOf(file: string): string {
  return endOfLog(file, END_BYTES);
}
