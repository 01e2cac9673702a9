import { expectGit, type RunGit } from "./gitAt.ts";

/** One path of a worktree that is not as the commit that is checked out. */
export interface Change {
  /** From the top, with `/`; another repository's ends with one. */
  readonly path: string;
  readonly kind: "tracked" | "untracked" | "unmerged";
  /** Not in the worktree any more. */
  readonly isGone: boolean;
  readonly isSubmodule: boolean;
  /** Of a tracked one what the commit has, as `git update-index --index-info` takes it; `0 0000…` for nothing. */
  readonly before?: string;
}

/** No program is started in submodules, whose git directories are an agent's; a new commit of theirs is seen. */
const STATUS = ["status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=dirty"];

/** What changed in a worktree, ignored files aside; its index is only read. @throws what git refuses */
export async function changesIn(run: RunGit): Promise<Change[]> {
  const running = run(STATUS, { env: { GIT_OPTIONAL_LOCKS: "0" }, timeoutMs: 10 * 60_000 });
  const text = await expectGit(running, "the worktree's files cannot be looked at");
  return text.split("\0").flatMap((line) => changeFrom(line) ?? []);
}

function changeFrom(line: string): Change | undefined {
  const untracked = /^\? (.+)$/s.exec(line)?.[1];
  if (untracked !== undefined) {
    return { path: untracked, kind: "untracked", isGone: false, isSubmodule: false };
  }
  const tracked = /^1 (..) (....) (\d+) \d+ \d+ ([0-9a-f]+) [0-9a-f]+ (.+)$/s.exec(line);
  if (tracked !== null) {
    const [, marks = "", sub = "", mode = "", oid = "", path = ""] = tracked;
    // Staged as gone and there nevertheless comes a second time, as untracked.
    const isGone = marks[1] === "D" || (marks[0] === "D" && marks[1] === ".");
    const before = Number(mode) === 0 ? `0 ${"0".repeat(oid.length)}` : `${mode} ${oid}`;
    return { path, kind: "tracked", isGone, isSubmodule: sub.startsWith("S"), before };
  }
  const unmerged = /^u (?:\S+ ){9}(.+)$/s.exec(line)?.[1];
  if (unmerged === undefined) return undefined;
  return { path: unmerged, kind: "unmerged", isGone: false, isSubmodule: false };
}
