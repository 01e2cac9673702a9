import type { BaseHistory } from "./baseHistory.ts";

/** Whether a commit's work is in force on the base branch, and since which place: a revert, or the revert of one. */
export interface Standing {
  readonly isOn: boolean;
  readonly at: number;
}

/** Reverts of reverts of reverts end somewhere. */
const MAX_DEPTH = 100;

/** What reverts on the base branch have made of the commits that they name. */
export function standings(history: BaseHistory): ReadonlyMap<string, Standing> {
  const { reverts, oids } = history;
  const found = new Map<string, Standing>();
  const targets = new Map<string, readonly string[]>();
  const turn = (oid: string, isOn: boolean, at: number, depth: number): void => {
    found.set(oid, { isOn, at });
    if (depth < MAX_DEPTH) for (const one of targets.get(oid) ?? []) turn(one, !isOn, at, depth + 1);
  };
  for (const { at, of } of reverts) {
    const whole = of.map((oid) => wholeId(history, oid));
    targets.set(oids[at] as string, whole);
    for (const oid of whole) turn(oid, false, at, 0);
  }
  return found;
}

/** The full id that a short one begins, where the base branch has it. */
export function wholeId({ places, oids }: BaseHistory, text: string): string {
  const short = text.toLowerCase();
  if (places.has(short) || short.length >= 40 || short.length < 7) return short;
  const found = oids.filter((oid) => oid.startsWith(short));
  return found.length === 1 ? (found[0] as string) : short;
}
