import path from "node:path";
import { loggedMoves } from "../../../git/refs/findTip.ts";
import { readHead, readRef } from "../../../git/refs/refs.ts";
import { isHeadDamaged, missingParts } from "../../../git/repair/checkRefs.ts";
import { writeHead } from "../../../git/repair/repair.ts";
import { STORE_BRANCH } from "../../../git/repository/initRepository.ts";
import type { Repository } from "../../../git/repository/repository.ts";
import type { Journal } from "../../open/store.ts";
import { gitError, type StoreFinding } from "../finding.ts";
import type { Aside } from "../setAside.ts";

/** The branch that the store's commits are on; in an own repository known even without HEAD. */
export function branchOf(journal: Journal): string | undefined {
  const { mode, repository } = journal;
  return mode === "own" && headTrouble(repository, mode) !== undefined ? STORE_BRANCH : readHead(repository).ref;
}

/** The commit that the store's history is read from. */
export function tipOf(journal: Journal): string | undefined {
  const branch = branchOf(journal);
  return branch === undefined ? readHead(journal.repository).oid : readRef(journal.repository, branch);
}

/** What is wrong with HEAD; in an own repository it can be written again. */
export function checkHead({ mode, repository }: Journal, aside: Aside): StoreFinding[] {
  const message = headTrouble(repository, mode);
  if (message === undefined) {
    const { ref } = readHead(repository);
    if (mode !== "own" || ref === STORE_BRANCH) return [];
    if (ref !== undefined) {
      const store = shortName(STORE_BRANCH);
      const elsewhere = `HEAD is on ${shortName(ref)}: changes are committed there and not on ${store}, until 'git switch ${store}' is run there`;
      return [{ finding: { code: "git_head", severity: "warning", path: "HEAD", message: elsewhere } }];
    }
    const detached = `HEAD is detached: nothing is committed until 'git switch ${shortName(STORE_BRANCH)}' is run there`;
    return [{ finding: { code: "git_head", severity: "warning", path: "HEAD", message: detached } }];
  }
  if (mode !== "own") return [{ finding: gitError("git_head", "HEAD", message) }];
  const mend = (): void => {
    // Without HEAD git sees no repository, not for a moment.
    aside.copy(path.join(repository.gitDir, "HEAD"));
    writeHead(repository, STORE_BRANCH);
  };
  return [{ finding: gitError("git_head", "HEAD", message, `points to ${shortName(STORE_BRANCH)} again`), mend }];
}

function headTrouble(repository: Repository, mode: Journal["mode"]): string | undefined {
  if (missingParts(repository).includes("HEAD")) return "HEAD is missing";
  if (isHeadDamaged(repository)) return "HEAD names neither a branch nor a commit";
  const { ref, oid } = readHead(repository);
  const isLost = mode === "own" && oid === undefined && ref !== undefined && ref !== STORE_BRANCH;
  return isLost && hasLog(repository, STORE_BRANCH) ? `HEAD names ${shortName(ref)}, which there is not` : undefined;
}

/** Whether a branch is or was there. */
function hasLog(repository: Repository, ref: string): boolean {
  return readRef(repository, ref) !== undefined || loggedMoves(repository, ref).length > 0;
}

/** `refs/heads/main` is `main`. */
export function shortName(ref: string): string {
  return ref.replace("refs/heads/", "");
}
