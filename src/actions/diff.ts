import * as v from "valibot";
import { shortRef } from "../store/codeCommits/landed/baseBranch.ts";
import { showWithGit } from "../store/codeCommits/showCommits.ts";
import { type ChangedFile, commonCommit, diffBetween, workBase } from "../store/codeCommits/workDiff.ts";
import { findTicket } from "../store/disk/findTicket.ts";
import { readStore } from "../store/disk/view.ts";
import { projectRepository } from "../store/open/projectRepository.ts";
import type { Store } from "../store/open/store.ts";
import { pullRequestOf } from "../store/sync/pullRequestOf.ts";
import { workHeadOf } from "../store/verify/workHead.ts";
import { commits } from "./commits.ts";
import { action, flag, id } from "./input/action.ts";

/** What the work on a ticket has changed. */
export interface TicketDiff {
  readonly id: string;
  /** The branch that has the work; null where its commits are known by their messages alone. */
  readonly branch: string | null;
  /** What it is compared with: where the branch left this one. */
  readonly base: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /**
   * Where a pull request of the branch is made, once it is pushed; null without a branch, or where the remote is none of
   * GitHub, GitLab, Bitbucket, Gitea and Forgejo. It is made of names alone: nothing is asked of the remote.
   */
  readonly pullRequestUrl: string | null;
  /** The commits, the oldest first. */
  readonly commits: readonly string[];
  readonly files: readonly ChangedFile[];
  /** As git shows it; of work that only commits name each commit for itself. "" where only the files are wanted. */
  readonly diff: string;
  /** The end of a very long diff is left out. */
  readonly truncated: boolean;
}

/** Longer diffs are cut at a line; in characters. */
const MOST = 2 * 1024 * 1024;

/** `ayo ticket diff <id>`. */
export const diff = action({
  name: "diff",
  summary: "Show what the work on a ticket has changed: its branch, or the commits that name it",
  writes: false,
  input: v.object({ id, stat: flag("only the files, with how many lines") }),
  run: async (store, input): Promise<TicketDiff> => {
    const found = await changesOf(store, input.id);
    return input.stat ? { ...found, diff: "", truncated: false } : found;
  },
});

async function changesOf(store: Store, word: string): Promise<TicketDiff> {
  const view = await readStore(store);
  const ticket = await findTicket(store, view, word, true);
  const { commits: named, repository: at } = await commits.run(store, { id: ticket.id, unknown: false });
  const oids = named.filter(({ found }) => found !== "elsewhere").map(({ oid }) => oid);
  const repository = projectRepository(store);
  const work = workHeadOf(store, ticket);
  if (repository !== undefined && work !== undefined && !work.isHere) {
    const base = workBase(repository, view, work.branch);
    const from = base === undefined ? undefined : await commonCommit(store, repository, [base.head, work.head]);
    // What is merged already is found by its commits.
    if (base !== undefined && from !== undefined && from !== work.head) {
      const { files, diff: text } = await diffBetween(store, repository, [from, work.head]);
      const where = { branch: work.branch ?? null, base: shortRef(base.ref), from, to: work.head };
      const pullRequestUrl = pullRequestOf(store, base.ref, work.branch) ?? null;
      return { id: ticket.id, ...where, pullRequestUrl, commits: oids.toReversed(), files, ...cut(text) };
    }
  }
  return { id: ticket.id, ...NOWHERE, ...(await byCommits(store, at, oids.toReversed())) };
}

const NOWHERE = { branch: null, base: null, from: null, to: null, pullRequestUrl: null } as const;

async function byCommits(
  store: Store,
  repository: string | null,
  oids: readonly string[],
): Promise<Pick<TicketDiff, "commits" | "files" | "diff" | "truncated">> {
  if (repository === null || oids.length === 0) return { commits: oids, files: [], diff: "", truncated: false };
  const text = await showWithGit(store.host, repository, oids, ["--patch", "--no-color"]);
  return { commits: oids, files: filesOf(text), ...cut(text) };
}

/** The files of a diff, counted; of several commits that change one together. */
function filesOf(text: string): ChangedFile[] {
  const files = new Map<string, { added: number; removed: number }>();
  let now: { added: number; removed: number } | undefined;
  for (const line of text.split("\n")) {
    const name = /^diff --git a\/.+ b\/(.+)$/.exec(line)?.[1];
    if (name !== undefined) {
      now = files.get(name) ?? { added: 0, removed: 0 };
      files.set(name, now);
    } else if (now !== undefined && /^\+(?!\+\+ )/.test(line)) now.added += 1;
    else if (now !== undefined && /^-(?!-- )/.test(line)) now.removed += 1;
  }
  return [...files].map(([path, counts]) => ({ path, ...counts }));
}

function cut(text: string): Pick<TicketDiff, "diff" | "truncated"> {
  if (text.length <= MOST) return { diff: text, truncated: false };
  return { diff: text.slice(0, text.lastIndexOf("\n", MOST) + 1), truncated: true };
}
