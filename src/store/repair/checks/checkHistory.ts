import { existsSync, renameSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { runGit } from "../../../git/binary/gitBinary.ts";
import { parseCommit } from "../../../git/commits/commit.ts";
import { type GitObject, hasLooseObject, loosePath, readObject, writeObject } from "../../../git/objects/objects.ts";
import { type BadPack, checkPacks, damagedDerived, packedIds } from "../../../git/objects/packIndex.ts";
import { type LoggedMove, loggedMoves } from "../../../git/refs/findTip.ts";
import { readHead } from "../../../git/refs/refs.ts";
import { checkObjects, isReadableCommit, type LostObject, looseObjects, readWhole } from "../../../git/repair/check.ts";
import { rebuildTree } from "../../../git/repair/rebuildTree.ts";
import { STORE_BRANCH } from "../../../git/repository/initRepository.ts";
import { gitEnv } from "../../disk/refresh.ts";
import type { Actor } from "../../open/identity/identity.ts";
import type { Journal, Store } from "../../open/store.ts";
import type { Finding, StoreFinding } from "../finding.ts";
import { rebuildCommit } from "../rebuildCommit.ts";
import { restart } from "../restart.ts";
import type { Aside } from "../setAside.ts";
import { type SpareObject, spareObjects } from "../spareObjects.ts";

/** More lost objects than this are not one accident that the history around them could mend. */
const MAX_REBUILT = 20;

/** What checking a history needs besides the store. */
export interface HistoryCheck {
  /** The commit that the branch names. */
  readonly tip: string;
  readonly actor: Actor;
  readonly aside: Aside;
}

/**
 * Verifies the packs and every object of the last 1,000 commits. A lost one is written again where its bytes are
 * found elsewhere; where the newest commit itself cannot be, an own store goes on from the last good one.
 */
export async function checkHistory(store: Store, journal: Journal, check: HistoryCheck): Promise<StoreFinding[]> {
  const { repository, prefix } = journal;
  const packs = [
    ...checkPacks(repository).map((pack) => packDiagnosis(store, journal, pack, check.aside)),
    ...(journal.mode === "own"
      ? damagedDerived(repository).map((file) => derivedDiagnosis(journal, file, check.aside))
      : []),
  ];
  const report = await checkObjects(repository, check.tip, { prefix });
  const others = looseObjects(repository, report);
  const litter =
    journal.mode === "own"
      ? [...others].flatMap(([oid, what]) => litterDiagnosis(journal, oid, what, check.aside))
      : [];
  const { lost } = report;
  if (lost.length === 0) return [...packs, ...litter];
  const spares = spareObjects(store, journal);
  await addRebuilt(journal, check.tip, lost, spares, others);
  const packed = new Set(packedIds(repository));
  const objects = lost.map((one) => objectDiagnosis(journal, one, spares.get(one.oid), packed.has(one.oid), check));
  const stuck = lost.filter((one, at) => one.commit === check.tip && objects[at]?.mend === undefined);
  const restarted =
    stuck.length > 0 && journal.mode === "own" ? await headLost(store, journal, check, stuck) : undefined;
  return [...packs, ...litter, ...objects, ...(restarted === undefined ? [] : [restarted])];
}

/** Adds what the rest of the history tells of lost folders and commits. */
async function addRebuilt(
  { repository }: Journal,
  tip: string,
  lost: readonly LostObject[],
  spares: Map<string, SpareObject>,
  unneeded: ReadonlyMap<string, GitObject | "damaged">,
): Promise<void> {
  const branch = readHead(repository).ref ?? STORE_BRANCH;
  const hard = lost.filter(({ oid, type }) => type !== "blob" && !spares.has(oid)).slice(0, MAX_REBUILT);
  for (const one of hard) {
    const bytes =
      one.type === "tree"
        ? await rebuildTree(repository, tip, one, unneeded)
        : await rebuildCommit(repository, one, { branch, tip, unneeded });
    if (bytes === undefined) continue;
    const from = one.type === "tree" ? "the commits beside it" : "what the branch's log says of it";
    spares.set(one.oid, { type: one.type, from, read: () => bytes });
  }
}

/** A damaged object that nothing needs: `git gc` and `git fsck` fail over it. */
function litterDiagnosis(
  { repository }: Journal,
  oid: string,
  what: GitObject | "damaged",
  aside: Aside,
): StoreFinding[] {
  if (what !== "damaged") return [];
  const message = `a damaged object that no commit needs (${oid.slice(0, 8)})`;
  const finding = { code: "git_object", severity: "warning", target: oid, message, fix: "set aside" } as const;
  const mend = (): void => {
    // Somebody may have needed it since, and written it anew.
    if (hasLooseObject(repository, oid) && readWhole(repository, oid) === undefined)
      aside.move(loosePath(repository, oid));
  };
  return [{ finding, mend }];
}

function objectDiagnosis(
  { repository }: Journal,
  lost: LostObject,
  spare: SpareObject | undefined,
  isPacked: boolean,
  { aside, tip }: HistoryCheck,
): StoreFinding {
  const file = loosePath(repository, lost.oid);
  const finding = {
    code: "git_object",
    severity: lost.commit === tip ? "error" : "warning",
    target: lost.oid,
    message: `${describe(lost)} is ${lost.state} (${lost.type} ${lost.oid.slice(0, 8)})`,
    ...(lost.path === "" ? {} : { path: lost.path }),
  } satisfies Finding;
  if (spare?.type === lost.type) {
    const mend = (): void => {
      aside.copy(file);
      writeObject(repository, spare.type, spare.read());
    };
    return { finding: { ...finding, fix: `written again from ${spare.from}` }, mend };
  }
  if (lost.state === "damaged" && isPacked && hasLooseObject(repository, lost.oid))
    return { finding: { ...finding, fix: "the copy in a pack is used" }, mend: () => aside.move(file) };
  return { finding: { ...finding, message: `${finding.message} and found nowhere else` } };
}

/** What a person loses with an object. */
function describe({ type, commit, path: where }: LostObject): string {
  const of = `commit ${commit.slice(0, 8)}`;
  if (type === "commit") return `${of}, with the way to all before it,`;
  if (type === "tree") return `the list of the files ${where === "" ? "" : `in ${where} `}of ${of}`;
  return `the text of ${where} in ${of}`;
}

function packDiagnosis(store: Store, journal: Journal, { file, state }: BadPack, aside: Aside): StoreFinding {
  const { repository, stateDir } = journal;
  const where = path.relative(repository.commonDir, file).split(path.sep).join("/");
  const finding = { code: "git_pack", severity: "error", path: where } as const;
  const index = file.replace(/pack$/, "idx");
  if (state === "damaged") {
    const message = "the pack is damaged";
    if (journal.mode === "inline") return { finding: { ...finding, message } };
    if (!existsSync(index)) {
      const fix = "set aside: without an index nothing in it can be read";
      return { finding: { ...finding, message, fix }, mend: () => aside.move(file) };
    }
    const salvage = async (): Promise<void> => {
      const { salvagePack } = await import("../../../git/repair/salvagePack.ts");
      await salvagePack(repository, file, path.join(stateDir, "tmp", "salvage"));
      // An index without its pack would promise objects that nobody has.
      for (const one of [index, file]) aside.move(one);
    };
    return {
      finding: { ...finding, message, fix: "what can be read of it is stored anew, and it is set aside" },
      mend: salvage,
    };
  }
  const mend = async (): Promise<void> => {
    aside.copy(index);
    const fresh = path.join(stateDir, "tmp", `${path.basename(index)}`);
    const options = { at: repository.commonDir, env: gitEnv(store), timeoutMs: 600_000 };
    const { code, stderr } = await runGit(["index-pack", "-o", fresh, file], options);
    if (code !== 0) throw new AyoError("git_unsupported", `git index-pack could not index ${where}: ${stderr.trim()}`);
    renameSync(fresh, index);
  };
  const what = state === "no index" ? "the pack has no index" : "the pack's index is damaged";
  return { finding: { ...finding, message: what, fix: "git index-pack makes it again" }, mend };
}

function derivedDiagnosis({ repository }: Journal, file: string, aside: Aside): StoreFinding {
  const where = path.relative(repository.commonDir, file).split(path.sep).join("/");
  const message = "damaged; git makes it again from the objects";
  const finding = { code: "git_pack", severity: "warning", path: where, message, fix: "set aside" } as const;
  return { finding, mend: () => aside.move(file) };
}

/** The newest commit, or a folder or text of it, is lost for good: the files on disk are what there is. */
async function headLost(
  store: Store,
  journal: Journal,
  { tip, actor, aside }: HistoryCheck,
  stuck: readonly LostObject[],
): Promise<StoreFinding | undefined> {
  const { repository } = journal;
  const branch = readHead(repository).ref;
  if (branch === undefined) return undefined;
  const base = await lastGood(journal, tip, branch);
  const finding = { code: "git_head_lost", severity: "error", path: branch } as const;
  const mend = async (): Promise<void> => {
    if (base !== tip) for (const { oid } of stuck) aside.move(loosePath(repository, oid));
    await restart(store, journal, { branch, tip, base, actor, aside });
  };
  if (base === tip) {
    const names = stuck.map((one) => one.path).join(", ");
    const message = `the newest commit has lost the text of ${names}`;
    return { finding: { ...finding, message, fix: "committed as it stands on disk" }, mend };
  }
  const gone = lostMoves(loggedMoves(repository, branch), base);
  const message = `the newest commit cannot be read${gone.length === 0 ? "" : `; lost as commits of their own: ${gone.join(", ")}`}`;
  const from = base === undefined ? "the history begins again" : `goes on from ${base.slice(0, 8)}`;
  return { finding: { ...finding, message, fix: `${from} with the files as they stand on disk` }, mend };
}

/** The sentences of the moves after `base`, newest first. */
function lostMoves(moves: readonly LoggedMove[], base: string | undefined): string[] {
  const until = moves.findIndex(({ oid }) => oid === base);
  return moves.slice(0, until < 0 ? undefined : until).map(({ message }) => `'${message}'`);
}

/** The newest commit that can be read: the tip itself where only texts are lost, else an ancestor, else by the log. */
async function lastGood(journal: Journal, tip: string, branch: string): Promise<string | undefined> {
  const { repository } = journal;
  const seen = new Set<string>();
  const queue = [tip];
  for (const oid of queue) {
    if (seen.has(oid)) continue;
    seen.add(oid);
    if (await isReadableCommit(repository, oid)) return oid;
    const commit = await readObject(repository, oid).catch(() => undefined);
    if (commit?.type === "commit") queue.push(...parseCommit(commit.bytes).parents);
  }
  for (const { oid } of loggedMoves(repository, branch)) {
    if (!seen.has(oid) && (await isReadableCommit(repository, oid))) return oid;
  }
  return undefined;
}
