import { endOf, runShell, type ShellEnd, type ShellRun, spanOf } from "./runShell.ts";

/** How a set-up command is run. */
export type SetupRun = ShellRun;

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2_000;
/** Of the log so much is told of a failure. */
const TAIL_BYTES = 2_000;
const TAIL_LINES = 10;

/**
 * Runs a command by the shell in a worktree. What it left in the background is ended: it would work on where others take
 * the worktree for ready. A sentence with its last lines where it failed.
 * @throws disk_full, store_not_writable for its log
 */
export async function runSetup(dir: string, run: SetupRun): Promise<string | undefined> {
  const end = await runShell(run, { dir, graceMs: GRACE_MS, keepsLog: true });
  const why = whyFailed(end, run.timeoutMs);
  return why === undefined ? undefined : `set-up failed: ${why}${tailOf(end, run.logFile)}`;
}

function whyFailed(end: ShellEnd, timeoutMs: number): string | undefined {
  switch (end.how) {
    case "exit":
      return end.code === 0 ? undefined : `exit ${end.code}`;
    case "signal":
      return `ended by ${end.signal}`;
    case "unstartable":
      return end.message;
    case "stopped":
      return "it was stopped";
    default:
      return `it took longer than ${spanOf(timeoutMs)}`;
  }
}

/** The last lines of a log, after a line break; "" where there are none, or nothing was run. */
function tailOf({ how }: ShellEnd, file: string): string {
  const lines = how === "stopped" ? [] : endOf(file, TAIL_BYTES).split("\n").slice(-TAIL_LINES);
  return lines.join("") === "" ? "" : `\n${lines.join("\n")}`;
}
