import { createHash, randomUUID } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../folderOwner.ts";
import { mapFsError, writeDurable } from "../../git/durable.ts";
import { ayoHome } from "../locate.ts";
import type { Store } from "../store.ts";

/** What somebody decided about a hook on this machine; it holds for these bytes at this place and no others. */
export interface Approval {
  readonly store: string;
  /** From the store's directory. */
  readonly path: string;
  readonly decision: "allowed" | "denied";
  /** SHA-256 of the hook's bytes, in hex. */
  readonly sha256: string;
  /** ISO time, and the actor's name. */
  readonly at: string;
  readonly by: string;
}

/** The fingerprint that an approval is about. */
export function fingerprint(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What was decided about the hook at `file`, or undefined. */
export function readApproval(store: Store, file: string): Approval | undefined {
  try {
    const approval = JSON.parse(readFileSync(recordOf(store, file), "utf8")) as Approval;
    return approval.store === store.dir && approval.path === file ? approval : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Records a decision under AYO_HOME, which never travels with a store. An allowed hook's bytes are kept beside it.
 * @throws store_not_writable, disk_full
 */
export function writeApproval(store: Store, approval: Approval, bytes: Buffer | undefined): void {
  const folder = folderOf(store);
  privately(folder);
  if (approval.decision === "allowed" && bytes !== undefined) keepCopy(store, approval, bytes);
  const text = `${JSON.stringify(approval, undefined, 2)}\n`;
  writeDurable(recordOf(store, approval.path), Buffer.from(text), { tmpDir: folder, mode: 0o600 });
  sweepCopies(store);
}

/**
 * The private copy of an allowed hook, which is what runs: whoever changes the file in the store between our look
 * and the start changes nothing. It keeps the file's name, since scripts look at `$0` and node at the extension.
 * @throws store_not_writable, disk_full
 */
export function copyOf(store: Store, approval: Approval, bytes: Buffer): string {
  const copy = copyPath(store, approval);
  try {
    if (fingerprint(readFileSync(copy)) === approval.sha256) return copy;
  } catch {
    // Swept away by somebody: made again from the same bytes.
  }
  return keepCopy(store, approval, bytes);
}

function keepCopy(store: Store, approval: Approval, bytes: Buffer): string {
  const copy = copyPath(store, approval);
  const temporary = path.join(folderOf(store), `${randomUUID()}.tmp`);
  try {
    privately(path.dirname(copy));
    writeOwned(temporary, bytes, { mode: 0o500, flag: "wx" });
    chmodSync(temporary, 0o500);
    renameSync(temporary, copy);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw mapFsError(error, copy);
  }
  return copy;
}

/** Removes the copies that no approval is about any more. */
function sweepCopies(store: Store): void {
  const folder = folderOf(store);
  try {
    const names = readdirSync(folder);
    const kept = new Set(
      names
        .filter((name) => name.endsWith(".json"))
        .map((name) => JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Approval)
        .filter(({ decision }) => decision === "allowed")
        .map(({ sha256 }) => sha256),
    );
    for (const name of names) {
      if (/^[0-9a-f]{64}$/.test(name) && !kept.has(name)) rmSync(path.join(folder, name), { recursive: true });
    }
  } catch {
    // They take space and do nothing else.
  }
}

function copyPath(store: Store, { sha256, path: file }: Approval): string {
  return path.join(folderOf(store), sha256, path.posix.basename(file));
}

function recordOf(store: Store, file: string): string {
  return path.join(folderOf(store), `${short(file)}.json`);
}

/** A store's approvals are found by where it lies: another clone of it asks again. */
function folderOf(store: Store): string {
  return path.join(ayoHome(store.host), "hooks", short(store.dir));
}

function short(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 20);
}

function privately(folder: string): void {
  try {
    makeFolders(folder, 0o700);
  } catch (error) {
    throw mapFsError(error, path.join(folder, "."));
  }
}
