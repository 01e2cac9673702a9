import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { MASS } from "../../open/entry.ts";
import type { Journal } from "../../open/store.ts";
import { FOREIGN_LOCK_MS } from "../swap.ts";

/** `git checkout` gives its lock up a moment before it moves HEAD: until then all of it looks edited by hand. Milliseconds. */
const SETTLE_MS = 500;
const STEP_MS = 20;

/** Whether git holds its index: in an inline store it may be writing the tickets of another commit just now. */
export function isIndexLocked({ repository }: Pick<Journal, "repository">): boolean {
  return existsSync(path.join(repository.gitDir, "index.lock"));
}

/**
 * Waits until no checkout can be what changed the files of an inline store.
 * `calm`: none did; `waited`: look at everything again; `busy`: git holds its lock for long, commit no edits now.
 */
export async function awaitCheckout(journal: Journal, edits: number): Promise<"calm" | "waited" | "busy"> {
  if (journal.mode !== "inline") return "calm";
  if (isIndexLocked(journal)) {
    for (const deadline = Date.now() + FOREIGN_LOCK_MS; Date.now() < deadline; ) {
      await sleep(STEP_MS);
      if (!isIndexLocked(journal)) return "waited";
    }
    return "busy";
  }
  if (edits <= MASS) return "calm";
  const written = statSync(path.join(journal.repository.gitDir, "index"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const age = Date.now() - written;
  if (age < 0 || age > SETTLE_MS) return "calm";
  await sleep(SETTLE_MS - age + 1);
  return "waited";
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
