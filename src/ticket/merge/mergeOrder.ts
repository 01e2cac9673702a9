/** How keys that both sides added at one place are ordered. */
export type Compare = (one: string, other: string) => number;

/**
 * The keys of three lists in one order: the base's ones as they are, or as the one side that moved them has them; new
 * ones after the key that they stand behind. What both sides added at one place is sorted, so that the order of merges
 * does not matter; a key that leads (a comment) stays before the next. Keys that a side took away are still in it.
 */
export function mergeOrder(
  base: readonly string[],
  a: readonly string[],
  b: readonly string[],
  compare: Compare,
  isLead: (key: string) => boolean = () => false,
): string[] {
  const known = new Set(base);
  const order = skeleton(base, a, b);
  const [left, right] = [addedTo(known, a), addedTo(known, b)];
  const merged: string[] = [];
  for (const anchor of ["", ...order.map((key) => `=${key}`)]) {
    if (anchor !== "") merged.push(anchor.slice(1));
    merged.push(...bothAdded(left.get(anchor) ?? [], right.get(anchor) ?? [], compare, isLead));
  }
  return [...new Set(merged)];
}

/** The base's keys in the order of the side that moved them; of the base, where both did. */
function skeleton(base: readonly string[], a: readonly string[], b: readonly string[]): readonly string[] {
  const [inA, inB] = [new Set(a), new Set(b)];
  const common = base.filter((key) => inA.has(key) && inB.has(key));
  const kept = new Set(common);
  const [first, second] = [a, b].map((side) => side.filter((key) => kept.has(key))) as [string[], string[]];
  const moved = [first, second].filter((side) => side.some((key, at) => key !== common[at]));
  const [order] = moved;
  if (order === undefined || (moved.length === 2 && first.some((key, at) => key !== second[at]))) return base;
  // Keys that only one side still has stay behind the key that they stood behind.
  const all = [...order];
  for (const [at, key] of base.entries()) {
    if (!kept.has(key)) all.splice(all.indexOf(base[at - 1] ?? "") + 1, 0, key);
  }
  return all;
}

/** New keys by the base's key that they stand behind. */
function addedTo(known: ReadonlySet<string>, side: readonly string[]): Map<string, string[]> {
  const added = new Map<string, string[]>();
  let anchor = "";
  for (const key of side) {
    if (known.has(key)) {
      anchor = `=${key}`;
      continue;
    }
    const there = added.get(anchor);
    if (there === undefined) added.set(anchor, [key]);
    else there.push(key);
  }
  return added;
}

function bothAdded(
  a: readonly string[],
  b: readonly string[],
  compare: Compare,
  isLead: (key: string) => boolean,
): readonly string[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  const isSame = a.length === b.length && a.every((key, at) => key === b[at]);
  if (isSame) return a;
  const byKey = (one: readonly string[], other: readonly string[]): number => {
    const [left, right] = [one.at(-1) ?? "", other.at(-1) ?? ""];
    return Number(isLead(left)) - Number(isLead(right)) || compare(left, right) || compare(one.join(), other.join());
  };
  return [...new Set([...groups(a, isLead), ...groups(b, isLead)].sort(byKey).flat())];
}

/** Each key with those that lead to it. */
function groups(keys: readonly string[], isLead: (key: string) => boolean): string[][] {
  const all: string[][] = [];
  let open: string[] = [];
  for (const key of keys) {
    open.push(key);
    if (isLead(key)) continue;
    all.push(open);
    open = [];
  }
  return [...all, ...open.map((key) => [key])];
}

/** The members of a set: the base's without what either side took away, then what they added, sorted. */
export function mergeSet(base: readonly string[], a: readonly string[], b: readonly string[], compare: Compare) {
  const [old, left, right] = [new Set(base), new Set(a), new Set(b)];
  const kept = [...old].filter((member) => left.has(member) && right.has(member));
  const added = [...new Set([...a, ...b])].filter((member) => !old.has(member));
  return [...kept, ...added.sort(compare)];
}
