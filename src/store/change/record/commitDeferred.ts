import path from "node:path";
import { AyoError } from "../../../error.ts";
import { hashObject, readObject } from "../../../git/objects/objects.ts";
import { readHead } from "../../../git/refs/refs.ts";
import { type Conversion, gitBytes, readConversion } from "../../../git/repository/convert.ts";
import { gitEnv, refreshIndex } from "../../disk/refresh.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import type { Journal, Store } from "../../open/store.ts";
import { applyPlan, obstacleTo } from "../apply.ts";
import { mergeForDisk } from "../place/mergeForDisk.ts";
import type { Plan } from "../plan.ts";
import { StartOver, startingOver } from "../startOver.ts";
import { committedBlobs } from "./onCommitted.ts";
import { dropRecord, type RedoRecord, type StoredRecord } from "./redo.ts";
import { setRecordAside } from "./setRecordAside.ts";

/** Races that are lost in a row before the change waits for the next command. */
const MAX_ATTEMPTS = 5;

/**
 * Commits changes whose files are in place and that had to wait for git, in their order. Returns those that still have
 * to. One that cannot be made a commit of is set aside: its files stand on the disk, and become a hand edit.
 */
export async function commitDeferred(
  store: Store,
  journal: Journal,
  waiting: readonly StoredRecord[],
  notices: string[],
): Promise<readonly StoredRecord[]> {
  for (const [at, stored] of waiting.entries()) {
    if (!(await commitOne(store, journal, stored, notices))) return waiting.slice(at);
    dropRecord(stored.file);
  }
  return [];
}

/** False when it has to wait for longer. */
async function commitOne(store: Store, journal: Journal, stored: StoredRecord, notices: string[]): Promise<boolean> {
  const commit = async (): Promise<boolean> => {
    if (obstacleTo(store, journal) !== undefined) return false;
    const index = await refreshIndex(store, true);
    const plan = await planUnlessLost(store, journal, stored, notices);
    if (plan === undefined || plan.files.size === 0) return true;
    return (await applyPlan(store, journal, index, plan)).state === "committed";
  };
  try {
    return await startingOver(MAX_ATTEMPTS, commit);
  } catch (error) {
    // A path that is unmerged in git's index waits for the person who settles it.
    const isUnmerged = error instanceof AyoError && error.code === "bad_ticket";
    if (error instanceof StartOver || isUnmerged) return false;
    throw error;
  }
}

async function planUnlessLost(
  store: Store,
  journal: Journal,
  { file, record }: StoredRecord,
  notices: string[],
): Promise<Plan | undefined> {
  try {
    return await planOf(store, journal, record, notices);
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    notices.push(...setRecordAside(store, journal, file, error.message));
    return undefined;
  }
}

/**
 * What of a deferred change the branch does not have yet. The files are in place, unless `git rebase --abort` and the
 * like have put the old ones back: then these are replaced again. What the branch got meanwhile is merged.
 */
async function planOf(store: Store, journal: Journal, record: RedoRecord, notices: string[]): Promise<Plan> {
  const { repository } = journal;
  const conversion = journal.mode === "inline" ? readConversion(repository, gitEnv(store), journal.prefix) : undefined;
  const committed = committedBlobs(journal, readHead(repository).oid);
  const files = new Map<string, Buffer | null>();
  const before = new Map<string, string | null>();
  const bases = new Map<string, Buffer>();
  for (const [file, change] of Object.entries(record.paths)) {
    const now = await committed(file);
    const disk = readDisk(store, file);
    const after = change.after === null ? null : await bytesOf(journal, disk, change.after);
    if (now === asCommitted(file, after, conversion)) continue;
    const was = change.before === null ? null : await blobOf(journal, change.before);
    const part = await partOf(journal, { file, change, after, was, now, disk, conversion });
    if (part === "there") continue;
    if (part === undefined) {
      notices.push(`${file} was changed by another commit meanwhile: what stands on the disk stays`);
      continue;
    }
    files.set(file, part.bytes);
    before.set(file, part.before);
    if (part.base !== undefined && part.before !== null) bases.set(part.before, part.base);
  }
  const { sentence, actor, quiet = false } = record;
  return { files, before, bases, sentence, actor, mayDefer: true, inPlace: false, quiet };
}

/** A path of a deferred change: its versions then, the branch's now, and what stands on the disk. */
interface Deferred {
  readonly file: string;
  readonly change: RedoRecord["paths"][string];
  readonly after: Buffer | null;
  readonly was: Buffer | null | undefined;
  readonly now: string | null;
  readonly disk: Buffer | undefined;
  readonly conversion: Conversion | undefined;
}

/** What the path becomes; `there`: the branch has it all; undefined where it went another way. */
async function partOf(
  journal: Journal,
  { file, change, after, was, now, disk, conversion }: Deferred,
): Promise<{ bytes: Buffer | null; before: string | null; base: Buffer | undefined } | "there" | undefined> {
  const isUntouched = was === undefined ? now === change.before : now === asCommitted(file, was, conversion);
  if (isUntouched) return { bytes: after, before: change.before, base: was ?? undefined };
  // Git has other bytes than the disk then, and the two do not merge.
  const isConverted = (bytes: Buffer): boolean =>
    conversion !== undefined && gitBytes(file, bytes, conversion) !== bytes;
  if (!after || !was || now === null || isConverted(after) || isConverted(was)) return undefined;
  const theirs = await blobOf(journal, now);
  const merged = theirs === undefined ? undefined : await mergeBoth(file, { after, was, theirs, disk });
  if (theirs === undefined || merged === undefined) return undefined;
  return merged.equals(theirs) ? "there" : { bytes: merged, before: now, base: theirs };
}

/**
 * Our change and theirs in one. Both are on the disk already, as whoever came second put his there: where they lie in one
 * place it is in that order, or the disk would get one of them twice.
 */
async function mergeBoth(
  file: string,
  { after, was, theirs, disk }: { readonly [version in "after" | "was" | "theirs"]: Buffer } & Pick<Deferred, "disk">,
): Promise<Buffer | undefined> {
  let first: Buffer | undefined;
  for (const [second, before] of [
    [theirs, after],
    [after, theirs],
  ] as const) {
    const merged = await mergeForDisk(file, second, was, before);
    if (merged === undefined || disk === undefined) return merged?.bytes;
    if ((await mergeForDisk(file, merged.bytes, theirs, disk))?.bytes.equals(disk)) return merged.bytes;
    first ??= merged.bytes;
  }
  return first;
}

/** The new bytes: they stand on the disk, and git may have collected an object that no commit had yet. */
async function bytesOf({ repository }: Journal, disk: Buffer | undefined, oid: string): Promise<Buffer> {
  return disk !== undefined && hashObject("blob", disk) === oid ? disk : (await readObject(repository, oid)).bytes;
}

function readDisk({ dir }: Store, file: string): Buffer | undefined {
  const read = readStoreFile(path.join(dir, file));
  return read instanceof Unread ? undefined : read?.bytes;
}

async function blobOf({ repository }: Journal, oid: string): Promise<Buffer | undefined> {
  return readObject(repository, oid).then(
    ({ bytes }) => bytes,
    () => undefined,
  );
}

function asCommitted(file: string, bytes: Buffer | null, conversion: Conversion | undefined): string | null {
  if (bytes === null) return null;
  return hashObject("blob", conversion === undefined ? bytes : gitBytes(file, bytes, conversion));
}
