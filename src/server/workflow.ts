import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { AyoError } from "../error.ts";
import { keepView } from "../store/disk/keepView.ts";
import type { Store } from "../store/open/store.ts";
import { type Feed, feedOf } from "./live/feed.ts";

/** One of the stores that a server shows: what programs written for Hephaestus call a workflow. */
export interface Workflow {
  /** What `workflow_id` names it by. */
  readonly id: string;
  readonly dir: string;
  /** What tells it from every other store that a browser may meet at the address of this server. */
  readonly mark: string;
  readonly feed: Feed;
  /** The store, opened again where its directory was replaced. @throws no_store */
  store(): Store;
}

/** Views are shared for at most so long, in milliseconds: leases run out without a change. */
const MAX_AGE = 5000;

/**
 * The stores of a server, each being watched; ids are unique.
 * @throws what the first store that cannot be opened throws
 */
export function openWorkflows(openers: readonly (() => Store)[], onWarning: (text: string) => void): Workflow[] {
  const seen = new Set<string>();
  const dirs = new Map(openers.map((open) => [open().dir, open]));
  return [...dirs].map(([dir, open]) => {
    const id = uniqueName(nameOf(open()), seen);
    const store = keptStore(open);
    const mark = createHash("sha256").update(`${hostname()} ${dir}`).digest("hex").slice(0, 32);
    return { id, dir, mark, store, feed: feedOf(store, onWarning) };
  });
}

/**
 * The workflow with this id; without one the first.
 * @throws not_found with the ids that there are
 */
export function findWorkflow(workflows: readonly Workflow[], id: string | undefined): Workflow {
  const found = id === undefined ? workflows[0] : workflows.find((one) => one.id === id);
  if (found !== undefined) return found;
  const known = workflows.map((one) => one.id);
  throw new AyoError("not_found", `there is no workflow '${id}'; there are ${known.join(", ")}`, {
    data: { workflow_id: id, known },
  });
}

function keptStore(open: () => Store): () => Store {
  let kept: Store | undefined;
  // Looking is a matter of system calls: requests of one turn of the event loop share it.
  let isFresh = false;
  return () => {
    if (isFresh && kept !== undefined) return kept;
    isFresh = true;
    setImmediate(() => {
      isFresh = false;
    });
    const isThere = kept?.journal !== undefined && existsSync(kept.journal.stateDir) && existsSync(kept.dir);
    if (isThere) return kept as Store;
    const store = open();
    // The feed's watcher commits what is edited, so the stamps alone tell of it where nothing else does.
    keepView(store, { sameFor: MAX_AGE, blindMs: MAX_AGE });
    kept = store;
    return store;
  };
}

function nameOf({ dir, source }: Store): string {
  if (source === "global") return "global";
  const base = path.basename(dir);
  return base === ".tickets" ? path.basename(path.dirname(dir)) : base;
}

function uniqueName(wanted: string, seen: Set<string>): string {
  const name =
    wanted
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, "-")
      .replace(/^[-.]+|-+$/g, "") || "store";
  for (let n = 1; ; n++) {
    const id = n === 1 ? name : `${name}-${n}`;
    if (seen.has(id)) continue;
    seen.add(id);
    return id;
  }
}
