import type { CommitParts } from "../../git/commits/commit.ts";
import {
  type CommitGraph,
  emptyGraph,
  generations,
  growGraph,
  prunedGraph,
  tipsAbove,
} from "../../git/commits/commitGraph.ts";
import { openCommits } from "../../git/commits/commitReader.ts";
import { readTips } from "../../git/refs/tips.ts";
import { type Repository, whyUnreadable } from "../../git/repository/repository.ts";
import { parseTags } from "../../ticket/messages/ticketTags.ts";
import { isStoreCommit } from "../change/message.ts";
import { projectRepository } from "../open/projectRepository.ts";
import type { Store } from "../open/store.ts";
import {
  formatLine,
  loadCommits,
  saveCommits,
  type TaggedCommit,
  type TaggedCommits,
  taggedCommits,
} from "./commitCache.ts";

/** The commits of a store's project that name tickets, as its branches stand now. */
export interface CommitScan {
  readonly repository: Repository;
  /** Differs when a branch has moved; the same for the same commits. */
  readonly fingerprint: string;
  readonly commits: TaggedCommits;
  /**
   * For each commit the branches, or detached worktrees, that have it, e.g. `refs/heads/main`; undefined where there
   * are too many branches to tell quickly.
   */
  branches(oids: Iterable<string>): Map<string, string[]> | undefined;
  /** What the project uses that keeps ayo from finding its commits: SHA-256, reftable. */
  unreadable(): string | undefined;
}

/** A branch that holds the journal of a store, not work on the project. */
const JOURNALS = /(?:^|\/)ayo\/tickets$/;
/** What is shown of a subject that never ends. */
const MAX_SUBJECT = 500;

/**
 * Finds the commits on any branch and in any worktree whose messages name tickets; undefined where the store has no
 * project in git. What was found is cached in the store's private state: as long as no branch moves, a scan costs a
 * stat and a read for each loose ref; when one has moved, its new commits are read and those that no branch has any
 * more (amended, rebased, deleted) are forgotten. Commits that are missing, as in a shallow clone, are passed over.
 */
export function scanCommits(store: Store): CommitScan | undefined {
  const repository = projectRepository(store);
  if (repository === undefined) return undefined;
  const { commonDir } = repository;
  const tips = readTips(repository);
  const stateDir = store.journal?.stateDir;
  const cache = stateDir === undefined ? undefined : loadCommits(stateDir, commonDir);
  const branchTips = (): Map<string, string> => new Map([...tips.all()].filter(([ref]) => !JOURNALS.test(ref)));
  const { fingerprint } = tips;
  let graph: CommitGraph | undefined;
  let commits = cache?.commits;
  if (commits === undefined || cache?.fingerprint !== fingerprint) {
    const all = new Set(branchTips().values());
    const renewed = renew(repository, all, cache);
    ({ graph } = renewed);
    commits = taggedCommits(Buffer.from([...renewed.lines.values()].join("")));
    // A branch whose commit cannot be read may be one that is just being fetched.
    const isWhole = [...all].every((oid) => !renewed.graph.absent.has(renewed.graph.places.get(oid) as number));
    if (stateDir !== undefined)
      saveCommits(stateDir, commonDir, {
        fingerprint: isWhole ? fingerprint : "",
        lines: renewed.lines.values(),
        graph,
      });
  }
  return {
    repository,
    fingerprint,
    commits,
    unreadable: () => whyUnreadable(repository),
    branches: (oids) => {
      graph ??= graphOf(cache) ?? renew(repository, new Set(branchTips().values()), undefined).graph;
      return tipsAbove(graph, branchTips(), oids);
    },
  };
}

type Cache = ReturnType<typeof loadCommits>;

function renew(
  repository: Repository,
  tips: ReadonlySet<string>,
  cache: Cache,
): { graph: CommitGraph; lines: Map<string, string> } {
  const known = graphOf(cache);
  const graph = known ?? emptyGraph();
  const lines = known === undefined ? new Map<string, string>() : (cache?.commits.lines() ?? new Map());
  const reader = openCommits(repository);
  try {
    growGraph(graph, tips, reader, (oid, commit) => {
      const tagged = tagsOf(oid, commit);
      if (tagged !== undefined) lines.set(oid, formatLine(tagged));
    });
  } finally {
    reader.close();
  }
  const pruned = prunedGraph(graph, tips);
  return { graph: pruned, lines: orderedLines(pruned, lines) };
}

/** The lines of commits that there still are, descendants before their ancestors: many have the same second. */
function orderedLines(graph: CommitGraph, lines: ReadonlyMap<string, string>): Map<string, string> {
  const generation = generations(graph);
  const kept = [...lines].flatMap(([oid, line]) => {
    const place = graph.places.get(oid);
    return place === undefined ? [] : [{ oid, line, at: generation[place] as number }];
  });
  return new Map(kept.sort((a, b) => b.at - a.at || (a.oid < b.oid ? -1 : 1)).map(({ oid, line }) => [oid, line]));
}

function graphOf(cache: Cache): CommitGraph | undefined {
  try {
    return cache?.graph();
  } catch {
    return undefined;
  }
}

/** Tagged commits, the newest first. */
export function newestFirst(commits: readonly TaggedCommit[]): TaggedCommit[] {
  return commits.toSorted((a, b) => b.committed - a.committed);
}

/** A commit as it is kept, or undefined where its message names no ticket or it is a store's own. */
export function tagsOf(oid: string, { author, committer, message }: CommitParts): TaggedCommit | undefined {
  const tags = parseTags(message);
  if (tags.length === 0 || isStoreCommit(message)) return undefined;
  const subject = subjectOf(message).slice(0, MAX_SUBJECT);
  return { oid, author, committed: committer.time, subject, tags };
}

/** Git's: the first paragraph in one line. */
export function subjectOf(message: string): string {
  const paragraph = message.trimStart().split(/\r?\n[ \t]*\r?\n/, 1)[0] ?? "";
  return paragraph.replaceAll(/\s*\n\s*/g, " ").trim();
}
