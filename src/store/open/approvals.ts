import { createHash, randomUUID } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../folderOwner.ts";
import { mapFsError, syncDir, writeDurable } from "../../git/disk/durable.ts";
import type { Host } from "../../host.ts";
import { listStoreFolder, readStoreFile, Unread } from "../files/storeFile.ts";
import { homeFolder, nameFor } from "./locate/homeFolder.ts";

/** What somebody decided on this machine about something that takes effect; it holds for this content and no other. */
export interface Approval {
  /** The directory of the store. */
  readonly store: string;
  /** What it is about: a hook's path in the store, a key of config.yml. */
  readonly path: string;
  readonly decision: "allowed" | "denied";
  /** SHA-256 of the content, in hex. */
  readonly sha256: string;
  /** ISO time, and the actor's name. */
  readonly at: string;
  readonly by: string;
}

/** Where the decisions about one kind of things of one store are kept: found by where it lies, so another clone asks again. */
export interface ApprovalFolder {
  readonly host: Host;
  /** The store's directory. */
  readonly dir: string;
  /** The folder in AYO_HOME. */
  readonly folder:
    | "hooks"
    | "allow/agents"
    | "allow/keys"
    | "allow/pipelines"
    | "allow/verify"
    | "allow/urls"
    | "allow/stores";
}

/** What is known of a decision; `trouble`: what was recorded cannot be read, so nothing counts as allowed. */
export interface Recorded {
  readonly approval?: Approval;
  readonly trouble?: string;
}

const MAX_RECORD_BYTES = 64 * 1024;

/** The fingerprint that an approval is about. */
export function fingerprint(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What was decided about `name`. */
export function readApproval(approvalFolder: ApprovalFolder, name: string): Recorded {
  const file = recordOf(approvalFolder, name);
  const read = readStoreFile(file, { limit: MAX_RECORD_BYTES });
  if (read === undefined) return {};
  if (read instanceof Unread) return { trouble: `${file}: ${read.message}` };
  const approval = parseApproval(read.bytes);
  if (approval === undefined) return { trouble: `${file} is not as ayo writes it` };
  return approval.store === approvalFolder.dir && approval.path === name ? { approval } : {};
}

/** Everything that was decided about things of one kind, as far as it can be read. */
export function approvalsIn(approvalFolder: ApprovalFolder): Approval[] {
  const folder = folderOf(approvalFolder);
  const names = listStoreFolder(folder);
  if (names === undefined || names instanceof Unread) return [];
  return names.flatMap((name) => {
    const read = name.endsWith(".json")
      ? readStoreFile(path.join(folder, name), { limit: MAX_RECORD_BYTES })
      : undefined;
    const approval = read === undefined || read instanceof Unread ? undefined : parseApproval(read.bytes);
    return approval?.store === approvalFolder.dir ? [approval] : [];
  });
}

function parseApproval(bytes: Buffer): Approval | undefined {
  try {
    const { store, path: name, decision, sha256, at, by } = JSON.parse(bytes.toString("utf8")) as Partial<Approval>;
    if (decision !== "allowed" && decision !== "denied") return undefined;
    if (typeof store !== "string" || typeof name !== "string" || !/^[0-9a-f]{64}$/.test(String(sha256)))
      return undefined;
    return { store, path: name, decision, sha256: String(sha256), at: String(at), by: String(by) };
  } catch {
    // Whoever asks is told that it is no record.
    return undefined;
  }
}

/**
 * Records a decision under AYO_HOME, which never travels with a store. What was allowed is kept beside it: for hooks it
 * is what runs, for all what a change is compared with.
 * @throws store_not_writable, disk_full
 */
export function writeApproval(approvalFolder: ApprovalFolder, approval: Approval, bytes: Buffer): void {
  const folder = folderOf(approvalFolder);
  privately(folder);
  if (approval.decision === "allowed") keepCopy(approvalFolder, approval, bytes);
  const text = `${JSON.stringify(approval, undefined, 2)}\n`;
  writeDurable(recordOf(approvalFolder, approval.path), Buffer.from(text), { tmpDir: folder, mode: 0o600 });
  sweepCopies(approvalFolder);
}

/**
 * Forgets what was decided about `name`, also a record that nobody can read.
 * @throws store_not_writable
 */
export function removeApproval(approvalFolder: ApprovalFolder, name: string): void {
  const file = recordOf(approvalFolder, name);
  try {
    rmSync(file, { force: true, recursive: true });
  } catch (error) {
    throw mapFsError(error, file);
  }
  syncDir(folderOf(approvalFolder));
  sweepCopies(approvalFolder);
}

/**
 * The private copy of what is allowed, which is what runs: whoever changes the file in the store between our look
 * and the start changes nothing. It keeps the file's name, since scripts look at `$0` and node at the extension.
 * @throws store_not_writable, disk_full
 */
export function copyOf(approvalFolder: ApprovalFolder, approval: Approval, bytes: Buffer): string {
  // Swept away by somebody: made again from the same bytes.
  return allowedBytes(approvalFolder, approval) === undefined
    ? keepCopy(approvalFolder, approval, bytes)
    : copyPath(approvalFolder, approval);
}

/** The bytes that were allowed, or undefined where their copy is gone or another. */
export function allowedBytes(approvalFolder: ApprovalFolder, approval: Approval): Buffer | undefined {
  const read = readStoreFile(copyPath(approvalFolder, approval));
  if (read === undefined || read instanceof Unread) return undefined;
  return fingerprint(read.bytes) === approval.sha256 ? read.bytes : undefined;
}

function keepCopy(approvalFolder: ApprovalFolder, approval: Approval, bytes: Buffer): string {
  const copy = copyPath(approvalFolder, approval);
  const temporary = path.join(folderOf(approvalFolder), `${randomUUID()}.tmp`);
  const mode = approvalFolder.folder === "hooks" ? 0o500 : 0o400;
  try {
    privately(path.dirname(copy));
    writeOwned(temporary, bytes, { mode, flag: "wx" });
    chmodSync(temporary, mode);
    renameSync(temporary, copy);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw mapFsError(error, copy);
  }
  return copy;
}

/** Removes the copies that no approval is about any more. */
function sweepCopies(approvalFolder: ApprovalFolder): void {
  const folder = folderOf(approvalFolder);
  try {
    const names = readdirSync(folder);
    const records = names.filter((name) => name.endsWith(".json"));
    const approvals = records.map((name) => parseApproval(readFileSync(path.join(folder, name))));
    const kept = new Set(approvals.filter((one) => one?.decision === "allowed").map((one) => one?.sha256));
    for (const name of names) {
      if (/^[0-9a-f]{64}$/.test(name) && !kept.has(name)) rmSync(path.join(folder, name), { recursive: true });
    }
  } catch {
    // They take space and do nothing else: what runs is looked up by its record.
  }
}

function copyPath(approvalFolder: ApprovalFolder, { sha256, path: name }: Approval): string {
  return path.join(folderOf(approvalFolder), sha256, path.posix.basename(name));
}

function recordOf(approvalFolder: ApprovalFolder, name: string): string {
  return path.join(folderOf(approvalFolder), `${nameFor(name)}.json`);
}

function folderOf({ host, dir, folder }: ApprovalFolder): string {
  return homeFolder({ host, dir }, ...folder.split("/"));
}

function privately(folder: string): void {
  try {
    makeFolders(folder, 0o700);
  } catch (error) {
    throw mapFsError(error, path.join(folder, "."));
  }
}
