import type { CommitParts } from "../../git/commits/commit.ts";

/** A commit that one side has and the other has not. */
export interface Painted {
  readonly parents: readonly string[];
}

/** What is asked: the commits of `tip` that `from` has not, `limit` at most. */
export interface Question {
  readonly tip: string;
  readonly from: string | undefined;
  readonly limit: number;
  /** `from` may have what `tip` has not. */
  readonly mayDiffer?: boolean;
}

/** What a walk needs of a commit. */
export interface WalkedCommit extends Painted {
  readonly committer: Pick<CommitParts["committer"], "time">;
}

interface Walk {
  /** A commit, or undefined where the repository does not have it. */
  read(oid: string): Promise<WalkedCommit | undefined>;
  /** Lets others have their turn. */
  pause(): Promise<void>;
}

/** After so many commits others get a turn. */
const BATCH = 64;
/** Most often a branch has gained a few commits: so many are read before the old side is walked too. */
const LEAD = 8;
/** So many commits of the old side are looked at for one that it shares with a line which was merged, and has late. */
const MOST_IN_VAIN = 512;

/** Sides from which a commit can be reached. */
const NEW = 1;
const OLD = 2;

interface Found extends Painted {
  readonly time: number;
  sides: number;
}

/**
 * Walks back from both by turns and paints what each can reach, as `git rev-list tip ^from` does. What it costs is the way
 * to where the two met, whatever the clocks say, and not the whole history. Undefined where `tip` does not reach `from`,
 * or too much is new.
 */
export async function paintWalk(
  { tip, from, limit, mayDiffer = false }: Question,
  walk: Walk,
): Promise<Map<string, Painted> | undefined> {
  const found = new Map<string, Found>();
  const frontier = frontierOf(found);
  const paint = async (oid: string, sides: number): Promise<void> => {
    const known = found.get(oid);
    if (known === undefined) {
      const commit = await walk.read(oid);
      // The edge of a shallow clone: what lies before it is known to nobody here.
      if (commit === undefined) return;
      found.set(oid, { parents: commit.parents, time: commit.committer.time, sides });
      frontier.add(oid);
    } else if ((known.sides | sides) !== known.sides) {
      known.sides |= sides;
      frontier.again(oid);
    }
  };
  await paint(tip, NEW);
  if (from !== undefined) await paint(from, OLD);
  if (from !== undefined && !found.has(from)) return undefined;
  for (let count = 1; ; count++) {
    const oid = frontier.next();
    if (oid === undefined) break;
    const { parents, sides } = found.get(oid) as Found;
    for (const parent of parents) await paint(parent, sides);
    if (frontier.newOnes() > limit) return undefined;
    if (count % BATCH === 0) await walk.pause();
  }
  const isReached = mayDiffer || from === undefined || ((found.get(from)?.sides ?? 0) & NEW) !== 0;
  return isReached ? new Map([...found].filter(([, { sides }]) => sides === NEW)) : undefined;
}

/** What is to be walked from next. */
function frontierOf(found: ReadonlyMap<string, Found>) {
  const of = (oid: string): Found => found.get(oid) as Found;
  /** What was walked from before and has another paint now: that has to overtake what went on from there. */
  const repainted: string[] = [];
  const news: string[] = [];
  const olds: string[] = [];
  /** Where only the new side came to an end. */
  const ends = new Set<string>();
  let isMerged = false;
  let newOnes = 0;
  let turn = 0;
  let inVain = 0;
  const popNew = (): string => {
    const oid = news.pop() as string;
    const { parents } = of(oid);
    isMerged ||= parents.length > 1;
    if (parents.length === 0) ends.add(oid);
    newOnes++;
    return oid;
  };
  /** Whether the old side may still reach what seems to be new. */
  const mayMeet = (): boolean => {
    if (olds.length === 0) return false;
    for (const oid of ends) if (of(oid).sides !== NEW) ends.delete(oid);
    if (ends.size > 0) return true;
    return isMerged && ++inVain <= MOST_IN_VAIN;
  };
  return {
    add: (oid: string): void => insert(of(oid).sides === NEW ? news : olds, oid, (one) => of(one).time),
    again: (oid: string): void => void repainted.push(oid),
    next: (): string | undefined => {
      const next = repainted.pop();
      if (next !== undefined) return next;
      while (news.length > 0 && of(news.at(-1) as string).sides !== NEW) olds.push(news.pop() as string);
      turn++;
      const isOldsTurn = olds.length > 0 && turn > LEAD && turn % 2 === 0;
      if (news.length > 0) return isOldsTurn ? olds.pop() : popNew();
      return mayMeet() ? olds.pop() : undefined;
    },
    newOnes: () => newOnes,
  };
}

/** The latest last; of equals what came first last. */
function insert(list: string[], oid: string, timeOf: (oid: string) => number): void {
  const time = timeOf(oid);
  let at = list.length;
  while (at > 0 && timeOf(list[at - 1] as string) >= time) at--;
  list.splice(at, 0, oid);
}
