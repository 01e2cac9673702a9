import { changeOf } from "./byName.ts";
import type { Evidence, Search, Work } from "./evidence.ts";

/** A revert of some of the work, and what of the work, by its name, is on the base branch since. */
interface Taken {
  /** Their places. */
  readonly by: number;
  readonly since: readonly number[];
}

/** The place of the commit that took the work back, where that is in force and none of it came again since. */
export function revertOf(work: Work, evidence: Evidence, search: Search): number | undefined {
  const { history, own, names } = evidence;
  const taken = takenIn(work, evidence, search);
  if (taken === undefined) return undefined;
  const filesOf = (place: number) => names.get(changeOf(history.oids[place] as string, own)) ?? [];
  const gone = new Set(filesOf(taken.by));
  const said = work.landed === undefined ? undefined : history.places.get(work.landed);
  const isAgain = (place: number): boolean =>
    place === said || search.taken.has(place) || filesOf(place).some((file) => gone.has(file));
  return taken.since.some(isAgain) ? undefined : taken.by;
}

/** Of what the files have to be known, so that it can be told whether work came again: not all that names it is of it. */
export function namesSince(work: Work, evidence: Evidence, search: Search): readonly string[] {
  const { history, own } = evidence;
  const taken = takenIn(work, evidence, search);
  if (taken === undefined || taken.since.length === 0) return [];
  return [taken.by, ...taken.since].map((place) => changeOf(history.oids[place] as string, own));
}

function takenIn({ linked }: Work, { history, standings }: Evidence, { found }: Search): Taken | undefined {
  const { oids, arrivals } = history;
  const names = (place: number): string[] => [oids[place], oids[arrivals[place] as number]] as string[];
  const whole = new Set([...linked, ...[...found].flatMap(names)]);
  // A revert that names the ticket is none of its work, nor is one of that.
  const own = new Set(
    history.reverts.filter(({ of }) => of.some((oid) => whole.has(oid) || startsOne(whole, oid))).map(({ at }) => at),
  );
  const all = [...whole].filter((oid) => !own.has(history.places.get(oid) ?? -1));
  const off = all.flatMap((oid) => standings.get(oid) ?? []).filter(({ isOn }) => !isOn);
  const by = Math.max(-1, ...off.map(({ at }) => at));
  if (by < 0) return undefined;
  const since = [...found].filter(
    (place) => !own.has(place) && place > by && standings.get(oids[place] as string)?.isOn !== false,
  );
  return { by, since };
}

function startsOne(all: ReadonlySet<string>, short: string): boolean {
  return short.length < 40 && [...all].some((oid) => oid.startsWith(short));
}

/** With which commit of the branch itself the last of the work came, or came again. */
export function landedAt({ history, standings }: Evidence, found: ReadonlySet<number>): number {
  const { arrivals, oids } = history;
  return Math.max(
    ...[...found].map((place) => {
      const standing = standings.get(oids[place] as string);
      const arrival = arrivals[place] as number;
      const above = standings.get(oids[arrival] as string);
      const back = [standing, above].flatMap((one) => (one?.isOn === true ? (arrivals[one.at] as number) : []));
      return Math.max(arrival, ...back);
    }),
  );
}
