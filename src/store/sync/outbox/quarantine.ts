import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolders } from "../../../folderOwner.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import { readFile } from "../../../git/repository/repository.ts";
import { makeGround, putRef } from "../../../git/transport/ground.ts";
import { runTransport } from "../../../git/transport/runTransport.ts";
import { gitEnv } from "../../disk/refresh.ts";
import type { Journal, Store } from "../../open/store.ts";
import { syncFolder } from "../../open/syncFolder.ts";

/** A git directory for one run, whose new objects are the store's only once they are let in. */
export interface Quarantine {
  readonly dir: string;
  /** The store's journal with those objects besides. */
  readonly journal: Journal;
  /** Runs git on them; `isIn`: what it writes is the store's. */
  run(args: readonly string[], isIn?: boolean): ReturnType<typeof runTransport>;
  close(): void;
}

/** What takes longer than this is no bundle of tickets. */
const LIMIT_MS = 120_000;
/** A file of a store has less; one that unfolds to more is no file of a store. In bytes. */
const MEMORY = 256 * 1024 * 1024;
/** Whoever made one that is as old was killed. */
const OLD_MS = 3_600_000;
const START = "quarantine-";
/** A bundle is a file, which somebody's settings may not let git fetch from. What is large goes through memory in parts. */
const SETTINGS = [
  ["protocol.file.allow", "always"],
  ["core.bigFileThreshold", "16m"],
] as const;
/** What is to be examined is not unfolded on the disk. */
const APART = [["fetch.unpackLimit", "1"]] as const;

/**
 * Opens one in AYO_HOME; `head`: what the store has, so that it need not be looked for.
 * @throws store_not_writable, disk_full
 */
export function openQuarantine(store: Store, journal: Journal, head: string): Quarantine {
  const { commonDir } = journal.repository;
  const dir = makeDir(syncFolder(store), commonDir);
  putRef(dir, "refs/ayo/ours", head);
  const { onInterrupt } = store.host;
  const options = { dir, env: gitEnv(store), mayAsk: false, timeoutMs: LIMIT_MS, memory: MEMORY, onInterrupt };
  return {
    dir,
    journal: { ...journal, repository: { ...journal.repository, gitDir: dir, commonDir: dir } },
    run: (args, isIn = false) =>
      runTransport(args, {
        ...options,
        settings: [...SETTINGS, ...(isIn ? [] : APART)],
        objects: path.join(isIn ? commonDir : dir, "objects"),
      }),
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** An empty git directory that borrows a store's objects. */
function makeDir(folder: string, commonDir: string): string {
  try {
    makeFolders(folder, 0o700);
    sweep(folder);
    const dir = mkdtempSync(path.join(folder, START));
    makeGround(dir, readFile(path.join(commonDir, "shallow")));
    mkdirSync(path.join(dir, "objects", "info"));
    writeFileSync(path.join(dir, "objects", "info", "alternates"), `${path.join(commonDir, "objects")}\n`);
    return dir;
  } catch (error) {
    throw mapFsError(error, path.join(folder, START));
  }
}

function sweep(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => one.startsWith(START))) {
    const stat = statSync(path.join(folder, name), { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > OLD_MS)
      rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}
