import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isReadableCommit } from "../git/check.ts";
import {
  type BadRef,
  brokenRepository,
  checkRefs,
  isHeadDamaged,
  missingParts,
  soundPackedRefs,
} from "../git/checkRefs.ts";
import type { CommitParts } from "../git/commit.ts";
import { writeDurable } from "../git/durable.ts";
import { type FoundTip, findTip, loggedMoves } from "../git/findTip.ts";
import { isAncestor } from "../git/history.ts";
import { initRepository, ROOT_COMMIT, STORE_BRANCH, writeRootCommit } from "../git/initRepository.ts";
import { readHead, readRef } from "../git/refs.ts";
import { pointRef, writeHead } from "../git/repair.ts";
import { assertSupported, type Repository } from "../git/repository.ts";
import { checkGitIndex } from "./checkGitIndex.ts";
import { checkHistory } from "./checkHistory.ts";
import type { Diagnosis, Finding } from "./diagnosis.ts";
import { type Actor, personOf } from "./identity.ts";
import { findLeftovers } from "./leftovers.ts";
import { commitPerson } from "./message.ts";
import type { Aside } from "./setAside.ts";
import { indexTree } from "./spareObjects.ts";
import type { Journal, Store } from "./store.ts";
import { findTornFiles } from "./tornFiles.ts";

/** The store's journal, also one so damaged that git no longer sees a repository; undefined where there is none. */
export function journalOf(store: Store): Journal | undefined {
  if (store.journal?.mode === "own") return store.journal;
  const broken = brokenRepository(store.dir);
  if (broken === undefined) return store.journal;
  assertSupported(broken);
  return { mode: "own", repository: broken, prefix: "", stateDir: path.join(broken.gitDir, "ayo") };
}

/**
 * What is wrong with a store's git, its locks and its torn files. Damage can hide damage: after mending, ask again.
 */
export async function checkGit(store: Store, journal: Journal, actor: Actor, aside: Aside): Promise<Diagnosis[]> {
  const found = [
    ...checkParts(store, journal, aside),
    ...checkHead(journal, aside),
    ...findLeftovers(store, journal, aside),
  ];
  const refs = await checkBranches(store, journal, aside);
  const tip = tipOf(journal);
  if (refs.some(({ finding }) => finding.path === branchOf(journal)) || tip === undefined) return [...found, ...refs];
  const history = await checkHistory(store, journal, { tip, actor, aside });
  const isUsable = history.every(({ finding: { code, severity } }) => code === "git_pack" || severity !== "error");
  const rest = isUsable
    ? [...(await checkGitIndex(journal, tip, aside)), ...(await findTornFiles(store, journal, tip, aside))]
    : [];
  return [...found, ...refs, ...history, ...rest];
}

/** The branch that the store's commits are on; in an own repository known even without HEAD. */
function branchOf(journal: Journal): string | undefined {
  const isLost = missingParts(journal.repository).includes("HEAD") || isHeadDamaged(journal.repository);
  return readHead(journal.repository).ref ?? (journal.mode === "own" && isLost ? STORE_BRANCH : undefined);
}

function tipOf(journal: Journal): string | undefined {
  const branch = branchOf(journal);
  return branch === undefined ? readHead(journal.repository).oid : readRef(journal.repository, branch);
}

function checkParts(store: Store, { mode, repository }: Journal, aside: Aside): Diagnosis[] {
  if (mode !== "own") return [];
  const { gitDir } = repository;
  const lost = missingParts(repository).filter((part) => part !== "HEAD");
  const config = path.join(gitDir, "config");
  const found: Diagnosis[] = lost.map((part) => ({
    finding: error(
      "git_incomplete",
      part,
      `the git directory has no ${part}/: git sees no repository here`,
      "made again",
    ),
    mend: () => void mkdirSync(path.join(gitDir, part), { recursive: true }),
  }));
  if (existsSync(config) && readFileSync(config).some((byte) => byte !== 0)) return found;
  const finding = error("git_config", "config", "git's configuration is gone");
  // A repository whose branch is lost must not be begun anew.
  if (readRef(repository, STORE_BRANCH) === undefined) return [...found, { finding }];
  const mend = (): void => {
    aside.move(config);
    initRepository(store.dir);
  };
  return [...found, { finding: { ...finding, fix: "the default is written" }, mend }];
}

function checkHead({ mode, repository }: Journal, aside: Aside): Diagnosis[] {
  const isMissing = missingParts(repository).includes("HEAD");
  const file = path.join(repository.gitDir, "HEAD");
  if (!isMissing && !isHeadDamaged(repository)) {
    if (mode !== "own" || readHead(repository).ref !== undefined) return [];
    const message = `HEAD is detached: nothing is committed until 'git switch ${shortName(STORE_BRANCH)}' is run there`;
    return [{ finding: { code: "git_head", severity: "warning", path: "HEAD", message } }];
  }
  const message = isMissing ? "HEAD is missing" : "HEAD names neither a branch nor a commit";
  if (mode !== "own") return [{ finding: error("git_head", "HEAD", message) }];
  const mend = (): void => {
    aside.move(file);
    writeHead(repository, STORE_BRANCH);
  };
  return [{ finding: error("git_head", "HEAD", message, `points to ${shortName(STORE_BRANCH)} again`), mend }];
}

async function checkBranches(store: Store, journal: Journal, aside: Aside): Promise<Diagnosis[]> {
  const { repository, mode } = journal;
  const branch = branchOf(journal);
  const bad: BadRef[] = checkRefs(repository);
  const isKnown = branch === undefined || bad.some(({ ref }) => ref === branch);
  const now = branch === undefined ? undefined : readRef(repository, branch);
  if (mode === "own" && !isKnown && now === undefined) bad.push({ ref: branch, state: "missing" });
  const found = checkPackedRefs(journal, aside);
  for (const { ref, state } of bad) {
    const isOurs = mode === "own" && ref === branch;
    const tip = await findTip(repository, ref, isOurs ? { tree: indexTree(journal), isOurs: isAyoCommit } : {});
    // A project that has no commit yet has nothing to lose.
    if (state === "missing" && tip === undefined && mode === "inline") continue;
    found.push(branchDiagnosis(store, journal, aside, { ref, state, tip, isOurs }));
  }
  if (mode !== "own" || isKnown || now === undefined) return found;
  const tip = await laterByLog(repository, branch, now);
  return tip === undefined
    ? found
    : [...found, branchDiagnosis(store, journal, aside, { ref: branch, state: "behind", tip, isOurs: true })];
}

/** The last commit in a branch's log, where the branch lost it: a packed ref shines through when a loose one is gone. */
async function laterByLog(repository: Repository, branch: string, now: string): Promise<FoundTip | undefined> {
  const last = loggedMoves(repository, branch)[0]?.oid;
  if (last === undefined || last === now || !(await isReadableCommit(repository, last))) return undefined;
  return (await isAncestor(repository, now, last)) ? { oid: last, source: "log" } : undefined;
}

function checkPackedRefs({ mode, repository }: Journal, aside: Aside): Diagnosis[] {
  const sound = soundPackedRefs(repository);
  if (sound === undefined) return [];
  const message = "holds lines that git cannot read";
  if (mode === "inline") return [{ finding: error("git_ref", "packed-refs", message) }];
  const file = path.join(repository.commonDir, "packed-refs");
  const mend = (): void => {
    aside.copy(file);
    writeDurable(file, Buffer.from(sound), { tmpDir: repository.commonDir });
  };
  return [{ finding: error("git_ref", "packed-refs", message, "the lines that can be read are kept"), mend }];
}

const REF_STATES = {
  missing: "the branch is missing",
  damaged: "the branch's file holds no commit id",
  behind: "the branch lost the last commits that its log names",
};

interface LostBranch {
  readonly ref: string;
  readonly state: keyof typeof REF_STATES;
  readonly tip: FoundTip | undefined;
  readonly isOurs: boolean;
}

function branchDiagnosis(
  store: Store,
  journal: Journal,
  aside: Aside,
  { ref, state, tip, isOurs }: LostBranch,
): Diagnosis {
  const { repository } = journal;
  const message = REF_STATES[state];
  if (tip === undefined && !isOurs) {
    return { finding: error("git_ref", ref, `${message}, and no log tells which it was`) };
  }
  const mend = (): void => {
    aside.copy(path.join(repository.commonDir, ref));
    aside.copy(path.join(repository.commonDir, "logs", ref));
    if (tip === undefined) writeRootCommit(repository);
    pointRef(repository, ref, tip?.oid ?? ROOT_COMMIT, commitPerson(personOf(store), store.host.now()));
  };
  if (tip === undefined) {
    const lost = `${message}, and not one commit is left: the history is lost, the files are not`;
    return { finding: error("git_ref", ref, lost, "begins again with the files as they stand"), mend };
  }
  const source = tip.source === "log" ? "its log" : "the commits there are";
  return { finding: error("git_ref", ref, message, `set to ${tip.oid.slice(0, 8)}, from ${source}`), mend };
}

/** Commits of ours name their actor (message.ts); the first of every store is known. */
function isAyoCommit({ message, author }: CommitParts): boolean {
  return /^Actor: /m.test(message) || author.email === "ayo@ayo.invalid";
}

function shortName(ref: string): string {
  return ref.replace("refs/heads/", "");
}

function error(code: string, where: string, message: string, fix?: string): Finding {
  return { code, severity: "error", path: where, message, ...(fix === undefined ? {} : { fix }) };
}
