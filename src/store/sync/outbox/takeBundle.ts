import { writeFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import { readObject } from "../../../git/objects/objects.ts";
import { readHead } from "../../../git/refs/refs.ts";
import { ROOT_COMMIT } from "../../../git/repository/initRepository.ts";
import { MAX_FILE_BYTES } from "../../files/storeFile.ts";
import type { Journal, Store } from "../../open/store.ts";
import { filesAt } from "../filesAt.ts";
import { assertKnownFiles } from "../known.ts";
import { mergeBases } from "../mergeCommits.ts";
import { BUNDLE_REF, type Bundle } from "./bundle.ts";
import { openQuarantine, type Quarantine } from "./quarantine.ts";

/** Reasons that lie here, and not in a bundle. */
const OURS = ["git_busy", "store_busy", "disk_full", "store_not_writable", "store_not_owned"];

/**
 * Brings what a bundle has among the store's objects and hands its commit to `bring`, if it is one of this store. Until it
 * was checked by git and by what holds for every sync, nothing of it comes near the store. Returns why not.
 * @throws what lies here: disk_full, git_busy, …
 */
export async function takeBundle(
  store: Store,
  journal: Journal,
  { head, needs, bytes }: Bundle & { readonly bytes: Buffer },
  bring: (commit: string) => Promise<void>,
): Promise<string | undefined> {
  const ours = readHead(journal.repository).oid ?? ROOT_COMMIT;
  const quarantine = openQuarantine(store, journal, ours);
  try {
    const file = path.join(quarantine.dir, "outbox.bundle");
    writeFileSync(file, bytes);
    const why = (await fetchFrom(file, quarantine)) ?? (await whyNot(store, quarantine, { head, needs, ours }));
    if (why !== undefined) return why;
    const failure = await fetchFrom(file, quarantine, true);
    if (failure !== undefined) return failure;
    await bring(head);
    return undefined;
  } catch (error) {
    const isOurs =
      error instanceof AyoError ? OURS.includes(error.code) : (error as NodeJS.ErrnoException).syscall !== undefined;
    if (isOurs) throw mapFsError(error, quarantine.dir);
    // Whatever else is wrong with it, other work goes on: whoever syncs is told.
    return (error as Error).message;
  } finally {
    quarantine.close();
  }
}

/** Git checks each object, and that none is missing. */
async function fetchFrom(file: string, { run }: Quarantine, isIn = false): Promise<string | undefined> {
  const flags = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules"];
  const { code, stderr } = await run(["fetch", ...flags, "--end-of-options", file, BUNDLE_REF], isIn);
  if (code === 0) return undefined;
  const lines = stderr.replaceAll(file, "it").split("\n");
  const [first = "git ends without a word"] = lines.filter((line) => /^(?:error|fatal):|^no answer/.test(line));
  return `git refuses it: ${first
    .replace(/^(?:error|fatal): /, "")
    .replaceAll(/\p{Cc}/gu, "?")
    .slice(0, 200)}`;
}

/** What keeps a commit from being one of this store; or throws it. */
async function whyNot(
  store: Store,
  { journal, run }: Quarantine,
  { head, needs, ours }: Bundle & { readonly ours: string },
): Promise<string | undefined> {
  const { type } = await readObject(journal.repository, head);
  if (type !== "commit") return `it ends in a ${type} and no commit`;
  const bases = await mergeBases(store, journal, head, ours);
  if (bases.every((oid) => oid === ROOT_COMMIT)) return "it is of another store";
  const filter = [`--filter=blob:limit=${MAX_FILE_BYTES + 1}`, "--filter-print-omitted"];
  const { code, stdout } = await run(["rev-list", "--objects", ...filter, head, "--not", ...needs]);
  if (code !== 0) return "git cannot read all of it";
  if (/^~/m.test(stdout)) return `a file in it has more than ${MAX_FILE_BYTES / 1024 / 1024} MiB`;
  assertKnownFiles(await filesAt(journal, head), head);
  return undefined;
}
