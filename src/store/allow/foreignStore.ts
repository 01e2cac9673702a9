import { statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Host } from "../../host.ts";
import type { Effect } from "../open/effect.ts";
import { STORE_NAME } from "../open/locate/judgeDirectory.ts";
import type { StoreChoice } from "../open/locate/locate.ts";
import { foreignPlace, PLACE } from "../open/owner.ts";
import { openStore, type Store, unopened } from "../open/store.ts";

/** The store itself, and the project that keeps its history, where they are another user's: all they say is used. */
export function foreignStore({ dir, named, host, journal }: Store): Effect[] {
  const project = journal?.mode === "inline" ? [journal.repository.worktree] : [];
  return [effectOf(dir, named, host), ...project.map((top) => effectOf(top, top, host))].flat();
}

function effectOf(dir: string, named: string, host: Host): Effect[] {
  const found = foreignPlace(dir, host);
  if (found === undefined) return [];
  const { owners: _owners, people, isCalledSafe, ...judged } = found;
  const around = path.basename(dir) === STORE_NAME ? [path.dirname(dir)] : [];
  const words = [dir, named, ...around] as const;
  const isSafe = isCalledSafe && (judged.state === "new" || judged.state === "changed");
  const about = `belongs to ${people}: its config, hooks and git settings hold for you`;
  const common = { kind: "store", name: PLACE, words, ...judged } as const;
  if (!isSafe) return [{ ...common, about }];
  return [{ ...common, state: "allowed", about: `${about}; git's safe.directory names it` }];
}

/**
 * The store that is meant, also one that cannot be opened because it is another user's and was not allowed yet. A path
 * among `words` names it like `--dir`, where no flag does.
 * @throws no_store, and what opening throws
 */
export function storeToDecide(choice: StoreChoice, host: Host, words: readonly string[]): Store {
  const isFree = Object.keys(choice).length === 0;
  const dir = isFree ? words.find((word) => isDirectory(word, host)) : undefined;
  try {
    return openStore(dir === undefined ? choice : { dir }, host);
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "store_not_owned") throw error;
    const place = String(error.data?.place);
    return unopened({ dir: place, named: place, source: isFree && dir === undefined ? "session" : "dir" }, host);
  }
}

function isDirectory(word: string, { cwd, home }: Host): boolean {
  if (!/^[.~]|[/\\]/.test(word)) return false;
  const full = path.resolve(cwd, word.replace(/^~(?=[/\\]|$)/, home));
  return statSync(full, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
