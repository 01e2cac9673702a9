import { existsSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { copyOwned, makeFolders } from "../../folderOwner.ts";
import { mapFsError } from "../../git/disk/durable.ts";
import { dropOldAside } from "../files/oldAside.ts";
import { signatureOf } from "../files/signature.ts";
import type { Journal, Store } from "../open/store.ts";

/** A folder that keeps what a repair replaces. */
export interface Aside {
  /** `ayo/set-aside/<milliseconds since 1970>` in the git directory; made with the first file. */
  readonly dir: string;
  /** What the repair writes into locks of git's that it takes. */
  readonly signature: string;
  /** Keeps a copy of a file, if there is one, and the bytes are others than those kept last. */
  copy(file: string): void;
  /** Takes a file out of its place, if there is one. */
  move(file: string): void;
  /** Whether anything was kept. */
  used(): boolean;
}

/**
 * Opens the folder for what one repair replaces: files of the store lie in it as in the store, those of the git
 * directory under `git/`.
 */
export function openAside(store: Store, { repository, stateDir }: Journal): Aside {
  const dir = path.join(stateDir, "set-aside", String(store.host.now()));
  const roots = [
    [repository.gitDir, "git"],
    [repository.commonDir, "git"],
    [store.dir, ""],
  ] as const;
  const kept = new Map<string, Buffer>();
  const keep = (file: string, put: (from: string, to: string) => void, isCopy: boolean): void => {
    if (!existsSync(file)) return;
    if (isCopy && isKept(kept, file)) return;
    const [root, folder] = roots.find(([above]) => file.startsWith(`${above}${path.sep}`)) ?? [path.dirname(file), ""];
    const target = free(path.join(dir, folder, path.relative(root, file)));
    try {
      if (!existsSync(dir)) dropOldAside(path.dirname(dir), store.host.now());
      makeFolders(path.dirname(target));
      put(file, target);
    } catch (error) {
      throw mapFsError(error, target);
    }
  };
  return {
    dir,
    signature: signatureOf(store.host),
    copy: (file) => keep(file, copyOwned, true),
    move: (file) => keep(file, renameSync, false),
    used: () => existsSync(dir),
  };
}

/** Whether these very bytes of a file were copied before: a change may have to begin again. */
function isKept(kept: Map<string, Buffer>, file: string): boolean {
  const bytes = readFileSync(file);
  const before = kept.get(file);
  kept.set(file, bytes);
  return before?.equals(bytes) ?? false;
}

/** A name that is not taken: a file may be replaced twice. Whoever keeps something holds the store's lock. */
function free(target: string): string {
  let name = target;
  for (let count = 2; existsSync(name); count++) name = `${target}.${count}`;
  return name;
}
