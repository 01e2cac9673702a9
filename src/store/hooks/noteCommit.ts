import { existsSync } from "node:fs";
import path from "node:path";
import type { Journal, Store } from "../open/store.ts";

/**
 * Notes that a commit is to be published, where anybody listens: one stat, and nothing more in a store without
 * hooks. Call it with the store's lock held, when the branch has moved and before the redo record goes.
 */
export async function noteCommit(store: Store, journal: Journal, commit: string): Promise<void> {
  if (!existsSync(path.join(store.dir, "hooks"))) {
    // What pipelines do about it is for whoever asked, too.
    const { request } = store.host;
    if (request !== undefined && existsSync(path.join(store.dir, "pipelines"))) request.due.push(commit);
    return;
  }
  const { markDue } = await import("./due.ts");
  markDue(store, journal, commit);
}
