import path from "node:path";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import { type Effect, judge } from "../open/effect.ts";
import type { Store } from "../open/store.ts";

/** The file of a store that has commands for keys of the board on a terminal. */
export const KEYS_FILE = "tui.yml";
const MAX_BYTES = 64 * 1024;

/** The file, where a store has one, with what was decided about it: its bytes are those that were judged. */
export function keysEffects({ dir, host }: Pick<Store, "dir" | "host">): Effect[] {
  const read = readStoreFile(path.join(dir, KEYS_FILE), { limit: MAX_BYTES });
  if (read === undefined) return [];
  const approvalFolder = { host, dir, folder: "allow/keys" } as const;
  const about = "its commands run with your rights when their keys are pressed in ayo tui";
  const common = { kind: "keys", name: KEYS_FILE, words: [KEYS_FILE, "keys"], about, approvalFolder } as const;
  if (read instanceof Unread) {
    const { code, message } = read.problem(KEYS_FILE);
    return [{ ...common, state: "broken", problem: { code, message } }];
  }
  return [{ ...common, ...judge(approvalFolder, KEYS_FILE, read.bytes) }];
}
