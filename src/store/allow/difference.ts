import { isUtf8 } from "node:buffer";
import { unifiedDiff } from "../files/unifiedDiff.ts";
import { allowedBytes } from "../open/approvals.ts";
import type { Effect } from "../open/effect.ts";

/** More than this nobody reads on a terminal, in bytes. */
const MAX_SHOWN = 1024 * 1024;

/**
 * What is there that was not allowed, as a unified diff from what was last allowed, or from nothing; "" where all is as
 * it was allowed. Control characters are as they are in the content: they are not for a terminal.
 */
export function differenceOf({ name, bytes, sha256, approval, approvalFolder, kind }: Effect): string {
  if (bytes === undefined || (approval?.decision === "allowed" && approval.sha256 === sha256)) return "";
  const path = kind === "store" ? approvalFolder.dir.slice(1) : name;
  const old = approval?.decision === "allowed" ? allowedBytes(approvalFolder, approval) : undefined;
  const odd = [old, bytes].flatMap((side) => (side === undefined ? [] : (whyNotShown(side) ?? [])));
  if (odd.length > 0) return `${path} is ${odd.at(-1)}: what changed is not shown\n`;
  const text = (side: Buffer | undefined): string | null => side?.toString("utf8") ?? null;
  return unifiedDiff({ path, text: text(old) }, { path, text: text(bytes) });
}

function whyNotShown(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_SHOWN) return `${bytes.length} bytes long`;
  return isUtf8(bytes) && !bytes.includes(0) ? undefined : `no text (${bytes.length} bytes)`;
}
