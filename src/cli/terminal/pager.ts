import { spawnSync } from "node:child_process";
import type { Host } from "../../host.ts";
import { withoutOwnKeys } from "../../ownKeys.ts";

/** What the shell says of a program that is not there. */
const NOT_FOUND = 127;

/**
 * Shows a text on the terminal through `$PAGER`, else less, which ends by itself where the text fits: as git does.
 * False where there is no pager; then the text was not shown.
 */
export function showInPager({ env, platform, onInterrupt }: Host, text: string): boolean {
  const pager = env.PAGER ?? "command -v less > /dev/null || exit 127; exec less";
  if (platform === "win32" || pager === "" || pager === "cat") return false;
  // ^C is for the pager.
  const undo = onInterrupt?.(() => {});
  const { status, error } = spawnSync("sh", ["-c", pager], {
    input: text,
    stdio: ["pipe", "inherit", "inherit"],
    env: { LESS: "FRX", ...withoutOwnKeys(env) },
  });
  undo?.();
  // Whoever leaves the pager before the end closes the pipe.
  const isRead = error === undefined || (error as NodeJS.ErrnoException).code === "EPIPE";
  return isRead && status !== NOT_FOUND;
}
