import { lstatSync } from "node:fs";
import path from "node:path";
import { hasLooseObject, readObject } from "../../../git/objects/objects.ts";
import { readHead } from "../../../git/refs/refs.ts";
import type { Staged } from "../../files/stage.ts";
import type { Journal, Store } from "../../open/store.ts";
import { committedBlobs } from "../record/onCommitted.ts";
import { noteLeftAlone } from "./leftAlone.ts";
import { placeFile } from "./place.ts";
import type { Placing } from "./putInPlace.ts";

/** Versions that are known without asking git: their bytes, and that git has them. */
export interface Known {
  readonly bases?: ReadonlyMap<string, Buffer>;
  readonly committed?: ReadonlySet<string | null>;
}

/** How to put files of a store in place, as long as `isOurs` says that it is still for us to do. */
export function placingOf(
  { dir, host }: Pick<Store, "dir" | "host">,
  journal: Journal,
  isOurs: () => boolean,
  { bases = new Map(), committed = new Set() }: Known = {},
): Placing {
  const { mode, stateDir, repository } = journal;
  const fromGit = (oid: string): Promise<Buffer | undefined> =>
    readObject(repository, oid).then(
      ({ bytes }) => bytes,
      () => undefined,
    );
  return {
    dir,
    stateDir,
    host,
    isOurs,
    isOwn: mode === "own",
    base: async (oid) => bases.get(oid) ?? fromGit(oid),
    isCommitted: (oid) => committed.has(oid) || hasLooseObject(repository, oid),
    inBranch: (file) => committedBlobs(journal, readHead(repository).oid)(file),
  };
}

/** Puts files in place, new ones before old ones go: what was written to a moved file meanwhile goes along. */
export async function placeAll(
  placing: Placing,
  staged: readonly Staged[],
  beforeOf: (file: string) => string | null,
): Promise<string[]> {
  const notices: string[] = [];
  const deletions = staged.filter(({ bytes }) => bytes === undefined);
  const homes = new Map<string, string>();
  if (deletions.length > 0)
    for (const { file, bytes } of staged) if (bytes !== undefined) homes.set(path.posix.basename(file), file);
  for (const one of [...staged.filter(({ bytes }) => bytes !== undefined), ...deletions]) {
    const movesTo = one.bytes === undefined ? homes.get(path.posix.basename(one.file)) : undefined;
    const before = beforeOf(one.file);
    const placed = await placeFile(placing, one, before, movesTo);
    if (placed === "disk") notices.push(keepAlone(placing, one.file, before));
    if (placed === "gaveWay")
      notices.push(`${one.file} was changed by hand meanwhile: where both changed a line, the hand's stays`);
  }
  return notices;
}

/** A file that stays as it stands, without the change: what it was made from is kept, to merge the two later. */
function keepAlone({ dir, stateDir, isOwn }: Placing, file: string, before: string | null): string {
  const stays = `${file} was changed by hand meanwhile: what stands there stays`;
  const stands = lstatSync(path.join(dir, file), { throwIfNoEntry: false }) !== undefined;
  if (!isOwn || before === null || !stands) return stays;
  noteLeftAlone(stateDir, new Map([[file, before]]));
  return `${stays}; once it can be read, the change is merged into it`;
}
