/** A commit of which everything was told, or its events up to the number `seen`. */
export interface Told {
  readonly commit: string;
  readonly seen?: number;
}

/** Where a replay begins. */
export interface StartingPoint {
  /** What this commit has is known; undefined: nothing is. */
  readonly after: string | undefined;
  /** Of its own events only those up to this number were seen, and the others come first. */
  readonly seen?: number;
  /** Commits of other lines that are known too: who was told a part of what a merge brings. */
  readonly also?: readonly Told[];
}

/**
 * How far somebody has come in a history that has merges: the last commit of each line that was told. Between two lines no
 * single commit says it, since neither has what the other did.
 */
export interface Front {
  /** The last commit of each line, the one that was begun with first. */
  readonly tips: readonly string[];
  /** Goes on to a commit whose parents, where they are new, were told before it. */
  tell(commit: string, parents: readonly string[]): void;
  /** What resumes behind the event `n` of the commit that was told last: its id, with the ends of other lines before it. */
  behind(commit: string, n: string): string;
}

/** The front of whoever knows these commits. */
export function frontOf(known: readonly string[]): Front {
  let tips = [...known];
  return {
    get tips() {
      return tips;
    },
    tell: (commit, parents) => {
      const at = tips.findIndex((tip) => parents.includes(tip));
      const others = tips.filter((tip) => !parents.includes(tip) && tip !== commit);
      tips = at < 0 ? [...others, commit] : others.toSpliced(Math.min(at, others.length), 0, commit);
    },
    behind: (commit, n) => tips.map((tip) => (tip === commit ? `${commit}:${n}` : tip)).join(","),
  };
}

/** Reads what {@link Front.behind} has written: commits, or beginnings of some, with numbers; undefined for anything else. */
export function readFront(text: string): readonly Told[] | undefined {
  const told: Told[] = [];
  for (const one of text.split(",")) {
    const [, commit, n] = /^([0-9a-f]{4,40})(?::(\d{1,9}))?$/i.exec(one.trim()) ?? [];
    if (commit === undefined) return undefined;
    told.push(n === undefined ? { commit: commit.toLowerCase() } : { commit: commit.toLowerCase(), seen: Number(n) });
  }
  return told;
}

/** What resumes where somebody begins; undefined for the beginning of all. */
export function positionOf({ after, seen, also = [] }: StartingPoint): string | undefined {
  if (after === undefined) return undefined;
  const all: Told[] = [{ commit: after, ...(seen === undefined ? {} : { seen }) }, ...also];
  return all.map((one) => (one.seen === undefined ? one.commit : `${one.commit}:${one.seen}`)).join(",");
}
