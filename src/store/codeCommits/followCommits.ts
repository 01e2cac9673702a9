import { tipFolders } from "../../git/refs/tips.ts";
import { resolveTag } from "../../ticket/messages/ticketTags.ts";
import { readStore, type View } from "../disk/view.ts";
import { projectRepository } from "../open/projectRepository.ts";
import type { Store } from "../open/store.ts";
import { type CommitScan, newestFirst, scanCommits } from "./commitScan.ts";
import { idFinder, type LinkedCommit, linked } from "./linkedCommits.ts";

/** A commit that was linked to a ticket since one last asked. */
export interface CommitLink {
  readonly ticket: string;
  readonly commit: LinkedCommit;
  /** The commit that it was rewritten from (amended, rebased), where that one was linked and is no more. */
  readonly replaces?: string;
}

/** What is new among the commits of the project. */
export interface NewLinks {
  /** The oldest commit first. */
  readonly added: readonly CommitLink[];
  /** Tags of new commits that name no ticket. */
  readonly unknown: readonly { readonly id: string; readonly oid: string }[];
}

/** Follows the commits of a store's project; each link is told once. */
export interface CommitFollower {
  /**
   * The folders to watch: one of them has a changed entry when a branch moves, comes, goes or is packed, when a
   * worktree changes HEAD, and when a shallow clone is deepened. Ask again after each change: a branch `feature/x`
   * makes a folder. Asking {@link next} every second does as well, and costs well under a millisecond.
   */
  folders(): string[];
  /** What was linked since the last call, or since the follower was made. Never throws because of the project. */
  next(): Promise<NewLinks>;
}

interface Known {
  readonly fingerprint: string;
  /** `<ticket> <oid>` of every link. */
  readonly links: ReadonlyMap<string, CommitLink>;
  /** `<tag> <oid>` of every tag that names no ticket. */
  readonly unknown: ReadonlyMap<string, { readonly id: string; readonly oid: string }>;
  /** How many ticket files there were: with one more, an unknown tag may be known. */
  readonly files: number | undefined;
}

/** Begins to follow: what is linked now is not news. A store without a project has none ever, at no cost. */
export async function followCommits(store: Store): Promise<CommitFollower> {
  const scan = scanCommits(store);
  let known = scan === undefined ? undefined : await linksOf(store, scan, await readStore(store));
  return {
    folders: () => {
      const repository = projectRepository(store);
      return repository === undefined ? [] : tipFolders(repository);
    },
    next: async () => {
      const now = scanCommits(store);
      if (now === undefined) return { added: [], unknown: [] };
      const isSame = now.fingerprint === known?.fingerprint;
      if (isSame && (known?.unknown.size === 0 || known?.files === store.index?.entries.size))
        return { added: [], unknown: [] };
      const before = known;
      known = await linksOf(store, now, await readStore(store));
      return newLinks(before, known);
    },
  };
}

async function linksOf(store: Store, scan: CommitScan, view: View): Promise<Known> {
  const find = await idFinder(store, view);
  const links = new Map<string, CommitLink>();
  const unknown = new Map<string, { id: string; oid: string }>();
  for (const commit of newestFirst(scan.commits.all()).reverse()) {
    for (const tag of commit.tags) {
      const ticket = resolveTag(tag, find);
      if (ticket !== undefined) links.set(`${ticket} ${commit.oid}`, { ticket, commit: linked(commit, "branch") });
      else if (tag.certain) unknown.set(`${tag.text} ${commit.oid}`, { id: tag.text, oid: commit.oid });
    }
  }
  return { fingerprint: scan.fingerprint, links, unknown, files: store.index?.entries.size };
}

function newLinks(before: Known | undefined, now: Known): NewLinks {
  const gone = [...(before?.links ?? [])].flatMap(([key, link]) => (now.links.has(key) ? [] : [link]));
  const added = [...now.links].flatMap(([key, link]): CommitLink[] => {
    if (before?.links.has(key)) return [];
    const original = gone.find((one) => isRewritten(one, link))?.commit.oid;
    return [original === undefined ? link : { ...link, replaces: original }];
  });
  const unknown = [...now.unknown].flatMap(([key, tag]) => (before?.unknown.has(key) ? [] : [tag]));
  return { added, unknown };
}

function isRewritten(from: CommitLink, to: CommitLink): boolean {
  const { author, email, date } = to.commit;
  const old = from.commit;
  return from.ticket === to.ticket && old.author === author && old.email === email && old.date === date;
}
