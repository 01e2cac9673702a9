import type { Evidence, Search, Work } from "./evidence.ts";
import type { OwnReader } from "./ownCommits.ts";

/**
 * A squash that was edited names the ticket: it is on the base branch alone, later than what it was made of, and stands
 * for no single commit of it. A name alone says little, an empty commit or one of something else may have it, too: it
 * counts where it changes at least half of the files that the open work does; several may do so together. Returns the
 * last one that is not believed.
 */
export function byName(work: Work, evidence: Evidence, search: Search): string | undefined {
  const { history, own, names } = evidence;
  const { open, found } = search;
  const later = laterOnes(work, evidence, search);
  const files = [...open].map((oid) => names.get(oid));
  const wanted = new Set(files.flatMap((some) => some ?? []));
  const isKnown = files.every((some) => some !== undefined) && wanted.size > 0;
  const there = new Set<string>();
  const places: number[] = [];
  for (const oid of isKnown ? later : []) {
    const shared = (names.get(changeOf(oid, own)) ?? []).filter((file) => wanted.has(file));
    if (shared.length === 0) continue;
    for (const file of shared) there.add(file);
    places.push(history.places.get(oid) as number);
    if (there.size * 2 < wanted.size) continue;
    for (const place of places) found.add(place);
    open.clear();
    return undefined;
  }
  return later.at(-1);
}

/** Of what the files have to be known, so that names can be believed. */
export function namesOfLater(work: Work, evidence: Evidence, search: Search): readonly string[] {
  const later = laterOnes(work, evidence, search);
  return later.length === 0 ? [] : [...search.open, ...later.map((oid) => changeOf(oid, evidence.own))];
}

/** The commits of the base branch that may be what was made of the open work, the oldest first. */
function laterOnes({ naming }: Work, { history, own }: Evidence, { open, taken }: Search): string[] {
  const commits = [...open].map((oid) => own.read(oid));
  // What it was made of may be on another machine: nobody can compare it.
  if (commits.length === 0 || commits.includes(undefined)) return [];
  const reverts = new Set(history.reverts.map(({ at }) => at));
  const fork = Math.max(-1, ...[...open].map((oid) => own.line(oid)?.fork ?? -1));
  const latest = Math.max(0, ...commits.map((commit) => commit?.author.time ?? 0));
  const places = naming.flatMap(({ oid, committed }) => {
    const place = history.places.get(oid);
    if (place === undefined || place <= fork || committed < latest) return [];
    return taken.has(place) || reverts.has(place) ? [] : [place];
  });
  return places.sort((one, other) => one - other).map((place) => history.oids[place] as string);
}

/** Under which key is kept what a commit brings to its branch; a merge all that it merges. */
export function changeOf(oid: string, own: OwnReader): string {
  const { parents = [] } = own.read(oid) ?? {};
  return parents.length > 1 ? `${oid} ${parents[0]}` : oid;
}
