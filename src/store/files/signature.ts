import { readFileSync } from "node:fs";
import type { Host } from "../../host.ts";
import { isProvablyDead, type ProcessIdentity, processIdentity } from "../../processes.ts";

const MARK = "ayo doctor ";

/** What a repair writes into a lock of git's that it takes. */
export function signatureOf(host: Host): string {
  return `${MARK}${JSON.stringify(processIdentity(host.pid))}\n`;
}

/** Whether a lock is a repair's whose process is certainly gone: git's own hold other things. */
export function isAbandoned(lock: string): boolean {
  try {
    const text = readFileSync(lock, "utf8");
    return text.startsWith(MARK) && isProvablyDead(JSON.parse(text.slice(MARK.length)) as ProcessIdentity);
  } catch {
    return false;
  }
}
