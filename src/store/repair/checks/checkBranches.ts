import path from "node:path";
import type { CommitParts } from "../../../git/commits/commit.ts";
import { type FoundTip, findTip, loggedMoves } from "../../../git/refs/findTip.ts";
import { readHead, readRef } from "../../../git/refs/refs.ts";
import { checkRefs, soundPackedRefs } from "../../../git/repair/checkRefs.ts";
import { lostLogLines, mendPackedRefs, pointRef, pruneLog } from "../../../git/repair/repair.ts";
import { ROOT_COMMIT, writeRootCommit } from "../../../git/repository/initRepository.ts";
import type { Repository } from "../../../git/repository/repository.ts";
import { commitPerson } from "../../change/message.ts";
import { personOf } from "../../open/identity/identity.ts";
import type { Journal, Store } from "../../open/store.ts";
import { gitError, type StoreFinding } from "../finding.ts";
import type { Aside } from "../setAside.ts";
import { indexTree } from "../spareObjects.ts";
import { branchOf } from "./checkHead.ts";

/** Refs that are missing, damaged, or behind what their log says. */
export async function checkBranches(store: Store, journal: Journal, aside: Aside): Promise<StoreFinding[]> {
  const { repository, mode } = journal;
  const branch = branchOf(journal);
  const named = readHead(repository).ref;
  const bad = checkRefs(repository).filter(({ ref, state }) => state === "damaged" || ref !== named || ref === branch);
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
  const tip = laterByLog(repository, branch, now);
  return tip === undefined
    ? found
    : [...found, branchDiagnosis(store, journal, aside, { ref: branch, state: "behind", tip, isOurs: true })];
}

/**
 * The last commit in a branch's log, where the branch is at an earlier one: git's packed ref shines through when the
 * loose one is gone. Whoever moves a branch on purpose writes that to its log.
 */
function laterByLog(repository: Repository, branch: string, now: string): FoundTip | undefined {
  const [last, ...earlier] = loggedMoves(repository, branch);
  const wasHere = last?.from === now || earlier.some(({ oid }) => oid === now);
  return last === undefined || last.oid === now || !wasHere ? undefined : { oid: last.oid, source: "log" };
}

function checkPackedRefs({ mode, repository }: Journal, aside: Aside): StoreFinding[] {
  const sound = soundPackedRefs(repository);
  if (sound === undefined) return [];
  const message = "holds lines that git cannot read";
  if (mode === "inline") return [{ finding: gitError("git_ref", "packed-refs", message) }];
  const file = path.join(repository.commonDir, "packed-refs");
  const mend = (): void => {
    aside.copy(file);
    mendPackedRefs(repository, aside.signature);
  };
  return [{ finding: gitError("git_ref", "packed-refs", message, "the lines that can be read are kept"), mend }];
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
): StoreFinding {
  const { repository } = journal;
  const judged = readRef(repository, ref);
  const message = REF_STATES[state];
  if (tip === undefined && !isOurs) {
    return { finding: gitError("git_ref", ref, `${message}, and no log tells which it was`) };
  }
  const mend = (): void => {
    aside.copy(path.join(repository.commonDir, ref));
    aside.copy(path.join(repository.commonDir, "logs", ref));
    if (tip === undefined) writeRootCommit(repository);
    pointRef(repository, ref, tip?.oid ?? ROOT_COMMIT, {
      who: commitPerson(personOf(store), store.host.now()),
      judged,
    });
  };
  if (tip === undefined) {
    const lost = `${message}, and not one commit is left: the history is lost, the files are not`;
    return { finding: gitError("git_ref", ref, lost, "begins again with the files as they stand"), mend };
  }
  const source = tip.source === "log" ? "its log" : "the commits there are";
  return { finding: gitError("git_ref", ref, message, `set to ${tip.oid.slice(0, 8)}, from ${source}`), mend };
}

/** Logs that name lost commits; asked last, since a log can help to make a commit again. */
export async function checkLogs({ mode, repository }: Journal, aside: Aside): Promise<StoreFinding[]> {
  const { ref } = readHead(repository);
  if (mode !== "own" || ref === undefined) return [];
  const found: StoreFinding[] = [];
  for (const name of [`logs/${ref}`, "logs/HEAD"]) {
    const log = path.join(repository.commonDir, name);
    const lost = await lostLogLines(repository, log);
    if (lost.length === 0) continue;
    const mend = async (): Promise<void> => {
      aside.copy(log);
      await pruneLog(repository, log);
    };
    const count = `${lost.length} ${lost.length === 1 ? "line names" : "lines name"} commits that are lost`;
    found.push({ finding: gitError("git_log", name, count, "the lines are dropped, a copy is kept"), mend });
  }
  return found;
}

/** Commits of ours name their actor (message.ts); the first of every store is known. */
function isAyoCommit({ message, author }: CommitParts): boolean {
  return /^Actor: /m.test(message) || author.email === "ayo@ayo.invalid";
}
