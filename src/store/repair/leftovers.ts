import { lstatSync, readdirSync } from "node:fs";
import path from "node:path";
import {
  isInUse,
  isOpen,
  removeStray,
  STRAY_AFTER_MS,
  type StrayFile,
  strayLocks,
  strayTemporaries,
  youngLocks,
} from "../../git/repair/strayFiles.ts";
import { isProvablyDead } from "../../processes.ts";
import { readHolder } from "../change/lock/card.ts";
import { isAbandoned } from "../files/signature.ts";
import type { Journal, Store } from "../open/store.ts";
import type { StoreFinding } from "./finding.ts";
import type { Aside } from "./setAside.ts";

/** A lock that was not renewed for this long has no living holder: renewals come every 2.5 s. */
const UNRENEWED_MS = 60_000;
/** What a crash can leave in the state directory: half-written caches, cards of dead holders. */
const STATE_TEMPORARY = /^(?:(?:index|archive\.table|history\.table)\.[0-9a-f-]{36}|lock\.json\.dead-.*)$/;

/** Locks and temporary files that crashed processes left, of ours and of git. */
export function findLeftovers(store: Store, journal: Journal, aside: Aside): StoreFinding[] {
  const now = store.host.now();
  const { repository } = journal;
  return [
    ...storeLock(journal, now),
    ...strayLocks(repository, now).map((lock) => gitLock(lock, journal)),
    ...youngLocks(repository, now)
      .filter(({ file }) => isAbandoned(file))
      .map((lock) => abandonedLock(lock, journal)),
    // In a project's repository what lies among the objects is git's business.
    ...strayTemporaries(repository, now)
      .filter(({ file }) => journal.mode === "own" || !inGit(file, repository.commonDir).startsWith("objects/"))
      .map((stray) => temporary(stray, journal, () => removeStray(stray, journal.stateDir))),
    ...stateTemporaries(store, journal, now).map((stray) => temporary(stray, journal, () => aside.move(stray.file))),
  ];
}

/** Taking the lock replaces a dead holder's: who mends holds it, so nothing is left to do. */
function storeLock({ stateDir }: Journal, now: number): StoreFinding[] {
  const holder = readHolder(stateDir);
  const lock = lstatSync(path.join(stateDir, "lock"), { throwIfNoEntry: false });
  const isDead = holder !== undefined && isProvablyDead(holder);
  if (!isDead && (lock === undefined || now - lock.mtimeMs < UNRENEWED_MS)) return [];
  const who = holder === undefined ? "a process that is gone" : `process ${holder.pid}, which is gone`;
  const message = `the store's lock was left by ${who}`;
  return [
    {
      finding: { code: "stale_lock", severity: "warning", path: "ayo/lock", message, fix: "removed" },
      mend: () => {},
    },
  ];
}

function gitLock(stray: StrayFile, { repository, stateDir }: Journal): StoreFinding {
  const { file, ageMs } = stray;
  const common = { code: "stale_git_lock", severity: "error", path: inGit(file, repository.commonDir) } as const;
  const age = `${Math.floor(ageMs / 60_000)} minutes old`;
  if (isInUse(file, repository))
    return { finding: { ...common, message: `${age}, and a git command is still running: end that first` } };
  return {
    finding: { ...common, message: `${age}, and no process has it: git refuses to write`, fix: "removed" },
    mend: () => {
      if (!isInUse(file, repository)) removeStray(stray, stateDir);
    },
  };
}

/** What a repair took that was killed: nobody else holds it, however young it is. */
function abandonedLock(stray: StrayFile, { repository, stateDir }: Journal): StoreFinding {
  const common = { code: "stale_git_lock", severity: "error", path: inGit(stray.file, repository.commonDir) } as const;
  const message = "a repair that was killed left it: git refuses to write";
  return { finding: { ...common, message, fix: "removed" }, mend: () => removeStray(stray, stateDir) };
}

/** Somebody slow may be writing it still: whoever has it open keeps it. */
function temporary({ file, ageMs }: StrayFile, { repository }: Journal, remove: () => void): StoreFinding {
  const mend = (): void => {
    if (!isOpen(file)) remove();
  };
  const message = `a temporary file, ${Math.floor(ageMs / 60_000)} minutes old`;
  const where = inGit(file, repository.commonDir);
  return { finding: { code: "stale_temporary", severity: "warning", path: where, message, fix: "removed" }, mend };
}

/** Staged files hold tickets' texts, so these are set aside and not deleted. */
function stateTemporaries(store: Store, { stateDir }: Journal, now: number): StrayFile[] {
  const inState = names(stateDir).filter((name) => STATE_TEMPORARY.test(name));
  const staged = names(path.join(stateDir, "tmp")).map((name) => path.join("tmp", name));
  const beside = names(store.dir).filter((name) => /^\..+\.md\.\d+-\d+\.tmp$/.test(name));
  const files = [
    ...[...inState, ...staged].map((name) => path.join(stateDir, name)),
    ...beside.map((name) => path.join(store.dir, name)),
  ];
  return files.flatMap((file) => {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    const ageMs = stat?.isFile() ? now - stat.mtimeMs : 0;
    return ageMs > STRAY_AFTER_MS ? [{ file, ageMs, stamp: "" }] : [];
  });
}

function inGit(file: string, commonDir: string): string {
  return path.relative(commonDir, file).split(path.sep).join("/");
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
