import path from "node:path";
import { makeFolders } from "../../../folderOwner.ts";
import { runGit } from "../../../git/binary/gitBinary.ts";
import { readRef } from "../../../git/refs/refs.ts";
import { brokenRepository, missingParts } from "../../../git/repair/checkRefs.ts";
import { STORE_BRANCH, writeDefaultConfig } from "../../../git/repository/initRepository.ts";
import { parseGitConfig } from "../../../git/repository/parseGitConfig.ts";
import { assertSupported, type Repository, readFile } from "../../../git/repository/repository.ts";
import { isStoreRemains } from "../../../git/repository/storeRepository.ts";
import { gitEnv } from "../../disk/refresh.ts";
import type { Actor } from "../../open/identity/identity.ts";
import { foreignGit } from "../../open/locate/judgeDirectory.ts";
import { ownDriver } from "../../open/mergeDriver.ts";
import type { Journal, Store } from "../../open/store.ts";
import { gitError, type StoreFinding } from "../finding.ts";
import { findLeftovers } from "../leftovers.ts";
import { findRecords } from "../records.ts";
import type { Aside } from "../setAside.ts";
import { findTornFiles } from "../tornFiles.ts";
import { checkUnmerged } from "../unmerged.ts";
import { checkBranches, checkLogs } from "./checkBranches.ts";
import { checkGitIndex } from "./checkGitIndex.ts";
import { branchOf, checkHead, tipOf } from "./checkHead.ts";
import { checkHistory } from "./checkHistory.ts";

/** The store's journal, also one so damaged that git no longer sees a repository; undefined where there is none. */
export function journalOf(store: Store): Journal | undefined {
  if (store.journal?.mode === "own") return store.journal;
  const broken = brokenRepository(store.dir);
  if (broken === undefined) return store.journal;
  if (!isStoreRemains(store.dir))
    throw foreignGit({ named: store.named, dir: store.dir, around: () => undefined }, undefined);
  assertSupported(broken);
  return { mode: "own", repository: broken, prefix: "", stateDir: path.join(broken.gitDir, "ayo") };
}

/**
 * What is wrong with a store's git, its locks and its torn files. Damage can hide damage: after mending, ask again.
 */
export async function checkGit(store: Store, journal: Journal, actor: Actor, aside: Aside): Promise<StoreFinding[]> {
  const found = [
    ...checkParts(journal),
    ...(await checkConfig(store, journal, aside)),
    ...checkHead(journal, aside),
    ...findLeftovers(store, journal, aside),
    ...findRecords(store, journal, aside),
  ];
  const refs = await checkBranches(store, journal, aside);
  const tip = tipOf(journal);
  if (refs.some(({ finding }) => finding.path === branchOf(journal)) || tip === undefined) return [...found, ...refs];
  const history = await checkHistory(store, journal, { tip, actor, aside });
  const isUsable = history.every(({ finding: { code, severity } }) => code === "git_pack" || severity !== "error");
  if (!isUsable) return [...found, ...refs, ...history];
  const unmerged = checkUnmerged(journal);
  // The branch may have moved since: the index goes with where it is now.
  const index = await checkGitIndex(journal, tipOf(journal) ?? tip, aside);
  const rest = [
    ...(await checkLogs(journal, aside)),
    ...unmerged,
    // An index in which a person has a conflict to settle is not made again.
    ...index.filter(({ finding: { code } }) => unmerged.length === 0 || code !== "git_index"),
    ...(await findTornFiles(store, journal, tip, aside)),
  ];
  return [...found, ...refs, ...history, ...rest];
}

function checkParts({ mode, repository: { gitDir, ...repository } }: Journal): StoreFinding[] {
  const lost = mode === "own" ? missingParts({ gitDir, ...repository }).filter((part) => part !== "HEAD") : [];
  return lost.map((part) => ({
    finding: gitError("git_incomplete", part, `no ${part}/: git sees no repository here`, "made again"),
    mend: () => void makeFolders(path.join(gitDir, part)),
  }));
}

/** Git's configuration is gone, or git cannot read it; one that names remotes is only for a person to mend. */
async function checkConfig(store: Store, { mode, repository }: Journal, aside: Aside): Promise<StoreFinding[]> {
  if (mode !== "own" || missingParts(repository).length > 0) return [];
  const config = path.join(repository.gitDir, "config");
  const text = readFile(config).replaceAll("\0", "");
  const complaint = text === "" ? "it is gone" : await complaintOf(store, repository, text);
  if (complaint === undefined) return [];
  const finding = gitError("git_config", "config", `git cannot read its configuration: ${complaint}`);
  // A repository whose branch is lost must not be begun anew.
  const isOurs = readRef(repository, STORE_BRANCH) !== undefined && !/^\s*\[\s*(?:remote|include)/im.test(text);
  if (!isOurs) return [{ finding }];
  const mend = (): void => {
    aside.copy(config);
    writeDefaultConfig(repository.gitDir, ownDriver());
  };
  return [{ finding: { ...finding, fix: "the default is written" }, mend }];
}

/** What git may say of a setting's value, which no program is named by. */
const PLAIN_SETTINGS = ["filemode", "ignorecase", "symlinks", "autocrlf", "trustctime", "logallrefupdates"];

/** What the git binary, where there is one, says of the configuration; it reads it as a file, and obeys nothing in it. */
async function complaintOf(store: Store, { commonDir }: Repository, text: string): Promise<string | undefined> {
  const options = { at: commonDir, env: gitEnv(store) };
  const file = path.join(commonDir, "config");
  const read = await runGit(["config", "--file", file, "--no-includes", "--list"], options);
  if (read.code !== 0) return read.code === null ? undefined : complaintIn(read.stderr);
  const given = parseGitConfig(text).flatMap(([key, value]): [string, string][] =>
    PLAIN_SETTINGS.some((name) => key === `core.${name}`) ? [[key, value]] : [],
  );
  const judged = await runGit(["rev-parse", "--git-dir"], { ...options, settings: Object.fromEntries(given) });
  return judged.code === 128 && judged.stderr.includes("config") ? complaintIn(judged.stderr) : undefined;
}

function complaintIn(stderr: string): string {
  return stderr.trim().replace(/^(?:fatal|error): /, "");
}
