import { lstatSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { makeFolders } from "../../../folderOwner.ts";
import { runGit } from "../../../git/binary/gitBinary.ts";
import { isAncestor } from "../../../git/commits/history.ts";
import { mapFsError, writeDurable } from "../../../git/disk/durable.ts";
import { objectExists } from "../../../git/objects/objects.ts";
import { readHead, readRef } from "../../../git/refs/refs.ts";
import { ROOT_COMMIT } from "../../../git/repository/initRepository.ts";
import { namesIn } from "../../../git/repository/repository.ts";
import { putRef } from "../../../git/transport/ground.ts";
import { trackedAs } from "../../../git/transport/refspecs.ts";
import { formatTime } from "../../../ticket/time.ts";
import { gitEnv } from "../../disk/refresh.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import type { Journal, Store } from "../../open/store.ts";
import type { Confirm } from "../agree.ts";
import { writeContact } from "../contact.ts";
import { addressOf, type Remote, shownAs } from "../findRemote.ts";
import { configOf, refOf, ticketsIn } from "../lookHere.ts";
import { assertOwn, commitEdits, contactAt } from "../meeting.ts";
import { mergeBases } from "../mergeCommits.ts";
import { assertWelcome } from "../welcome.ts";
import { BUNDLE_REF, type Bundle, bundleName, isBundleName, MAX_BUNDLE, OUTBOX, parseBundle } from "./bundle.ts";
import { placeOf } from "./findOutboxes.ts";
import { openQuarantine } from "./quarantine.ts";

/** What was written for others to find, or would be. */
export interface WrittenOutbox {
  readonly ref: string;
  readonly commit: string;
  /** Where the file lies, and its path from the top of the project; undefined where others have everything. */
  readonly file?: string;
  readonly path?: string;
  /** Commits that are in it. */
  readonly commits: number;
  readonly notices: readonly string[];
}

/** What a project says of line ends and filters is not for bundles. */
const ATTRIBUTES = Buffer.from("* binary -filter -ident\n");

interface Options {
  readonly confirm: Confirm;
  readonly dryRun: boolean;
}

/**
 * Writes what was done here, and what the remote was not seen to have, as a bundle into the project's tree: where pushing is
 * restricted, a branch of the project carries it. Nothing is asked of the network, and nothing is committed.
 * @throws bad_usage where nobody would look for it, what `confirm` throws, git_unsupported, store_not_writable
 */
export async function writeOutbox(
  store: Store,
  journal: Journal,
  remote: Remote,
  options: Options,
): Promise<WrittenOutbox> {
  assertOwn(journal);
  const place = placeOf(store, remote);
  if (place === undefined || place.project.bare)
    throw new AyoError(
      "bad_usage",
      `nobody would look for it: ${shownAs(remote)} is no remote of a project around here`,
    );
  const config = await configOf(store);
  if (config.sync?.outbox === false)
    throw new AyoError("bad_usage", "nobody would look for it: config.yml says sync.outbox: false");
  const contact = contactAt(store, remote, config.id);
  const ref = refOf(config, contact);
  const notices = options.dryRun ? [] : await commitEdits(store);
  const head = readHead(journal.repository).oid as string;
  const tracking = trackedAs(place.specs, ref);
  const seen = [contact?.ref === ref ? contact.seen : undefined, tracking && readRef(place.project, tracking)];
  const known = await knownOf(store, journal, { head, seen });
  if (known.length === 0)
    throw new AyoError(
      "bad_usage",
      `as far as is known here, ${shownAs(remote)} has no tickets of this store to go on from`,
      {
        try: ["ayo", "sync"],
      },
    );
  const commits = await countBeyondAll(store, journal, head, known);
  if (commits === 0) return { ref, commit: head, commits, notices };
  const outgoing: Outgoing = { store, journal, remote, ref, head, known };
  await assertWelcome(journal, head, known[0]);
  const folder = path.join(place.project.worktree, OUTBOX);
  const name = bundleName(config.id, head);
  const told = { ref, commit: head, file: path.join(folder, name), path: `${OUTBOX}/${name}`, commits, notices };
  if (options.dryRun) return told;
  if (contact === undefined) await agree(outgoing, commits, options.confirm);
  await put(outgoing, folder, name);
  return told;
}

interface Outgoing {
  readonly store: Store;
  readonly journal: Journal;
  readonly remote: Remote;
  readonly ref: string;
  readonly head: string;
  readonly known: readonly string[];
}

/** Commits that the remote was seen to have, and that have something of this store's. */
async function knownOf(
  store: Store,
  journal: Journal,
  { head, seen }: { readonly head: string; readonly seen: readonly (string | undefined)[] },
): Promise<string[]> {
  const known: string[] = [];
  for (const oid of new Set(seen)) {
    if (oid === undefined || !(await objectExists(journal.repository, oid))) continue;
    const bases = await mergeBases(store, journal, head, oid);
    if (bases.some((base) => base !== ROOT_COMMIT)) known.push(oid);
  }
  return known;
}

async function countBeyondAll(
  store: Store,
  { repository }: Journal,
  head: string,
  known: readonly string[],
): Promise<number> {
  const options = { at: repository.commonDir, objects: repository, env: gitEnv(store) };
  const { code, stdout, stderr } = await runGit(["rev-list", "--count", head, "--not", ...known], options);
  if (code === 0) return Number(stdout);
  throw new AyoError("git_unsupported", `git cannot count commits: ${stderr.trim()}`);
}

/** Whoever can read the project's branch will read it: somebody has said yes to that for this address, or is asked. */
async function agree({ store, remote, ref, known }: Outgoing, commits: number, confirm: Confirm): Promise<void> {
  const tickets = await ticketsIn(store);
  const by = await confirm({ remote, tickets, commits, hasTickets: true, wasRemoved: false, isAnother: false });
  const { id } = await configOf(store);
  const at = formatTime(store.host.now());
  writeContact(store, { store: store.dir, id, ...addressOf(remote), by, at, ref, seen: known[0] as string });
}

async function put(outgoing: Outgoing, folder: string, name: string): Promise<void> {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory())
    throw new AyoError("bad_usage", `${folder} is a link or a file, and has to be a folder: move it away`);
  const bytes = await bundleOf(outgoing);
  const file = path.join(folder, name);
  if (!isSame(bundleAt(file), parseBundle(bytes))) {
    try {
      makeFolders(folder);
    } catch (error) {
      throw mapFsError(error, folder);
    }
    writeDurable(file, bytes, { tmpDir: folder });
    writeDurable(path.join(folder, ".gitattributes"), ATTRIBUTES, { tmpDir: folder });
  }
  await removeOlder(outgoing, folder, name);
}

/** @throws git_unsupported where git cannot make it, or it is too large for others */
async function bundleOf({ store, journal, head, known }: Outgoing): Promise<Buffer> {
  const quarantine = openQuarantine(store, journal, head);
  try {
    putRef(quarantine.dir, BUNDLE_REF, head);
    const file = path.join(quarantine.dir, "outbox.bundle");
    const { code, stderr } = await quarantine.run(["bundle", "create", "--quiet", file, BUNDLE_REF, "--not", ...known]);
    if (code !== 0) throw new AyoError("git_unsupported", `git cannot bundle the tickets: ${stderr.trim()}`);
    const bytes = readFileSync(file);
    if (bytes.length <= MAX_BUNDLE) return bytes;
    const size = `${MAX_BUNDLE / 1024 / 1024} MiB`;
    throw new AyoError("git_unsupported", `what was done here has more than ${size}: nobody takes in such an outbox`);
  } finally {
    quarantine.close();
  }
}

function bundleAt(file: string): Bundle | string {
  const read = readStoreFile(file, { limit: MAX_BUNDLE });
  return read === undefined || read instanceof Unread ? "" : parseBundle(read.bytes);
}

function isSame(one: Bundle | string, other: Bundle | string): boolean {
  return typeof one !== "string" && JSON.stringify(one) === JSON.stringify(other);
}

/** Those whose commits are in the new one, or at the remote. */
async function removeOlder({ journal, head }: Outgoing, folder: string, name: string): Promise<void> {
  for (const other of namesIn(folder)) {
    const bundle = other !== name && isBundleName(other) ? bundleAt(path.join(folder, other)) : "";
    if (typeof bundle !== "string" && (await isAncestor(journal.repository, bundle.head, head)))
      rmSync(path.join(folder, other), { force: true });
  }
}
