import type { RemoteRelation } from "../../provider.ts";
import type { Draft } from "../draft.ts";
import { type Pair, without } from "../pair.ts";

/** Takes over what relations have become; where all of them were read, what is missing was taken away. */
export function mergeRelations(
  draft: Draft,
  relations: readonly RemoteRelation[],
  isAll: boolean,
  wholeOf: ReadonlySet<string> = new Set(),
): void {
  const there = new Set(relations.filter(({ away }) => !away).map(({ key }) => key));
  const away = new Set(relations.filter((one) => one.away).map(({ key }) => key));
  const linked = draft.pairs().filter(([, { state }]) => state === "linked");
  for (const [id, { key, deps, apart = {} }] of linked) {
    const isWhole = isAll || wholeOf.has(key);
    const isGone = (relation: string): boolean => (isWhole ? !there.has(relation) : away.has(relation));
    for (const [dep, relation] of Object.entries(deps)) if (isGone(relation)) removeDep(draft, id, dep);
    for (const [dep, relation] of Object.entries(apart)) if (isGone(relation)) setApart(draft, id, dep, undefined);
  }
  const parts = partsIn(draft);
  for (const relation of relations) if (!relation.away) addDep(draft, relation, parts);
}

function removeDep(draft: Draft, id: string, dep: string): void {
  if (draft.isAway(id)) {
    draft.editPair(id, () => ({ missed: true }));
    return;
  }
  if (draft.ticket(id)?.deps.includes(dep)) draft.credit(id, undefined);
  draft.edit(id, ({ deps }) => ({ deps: deps.filter((one) => one !== dep) }));
  draft.editPair(id, ({ deps, refused }) => ({ deps: without(deps, dep), refused: without(refused, "status") }));
}

function addDep(draft: Draft, relation: RemoteRelation, parts: Parts): void {
  const [dep, id] = [draft.idOf(relation.blocker), draft.idOf(relation.blocked)];
  if (dep === undefined || id === undefined) return;
  const pair = draft.pair(id);
  if (pair?.state !== "linked" || pair.deps[dep] !== undefined) return;
  // What one that is away waits for cannot be seen, so whether it would be a circle neither.
  for (const one of [dep, id]) if (draft.isAway(one)) draft.editPair(one, () => ({ missed: true }));
  if (draft.ticket(id) !== undefined && draft.ticket(dep) !== undefined) takeRelation(draft, id, dep, relation, parts);
}

/** Parts of tickets, by what they are parts of; worked out where somebody asks. */
type Parts = () => ReadonlyMap<string, readonly string[]>;

function partsIn(draft: Draft): Parts {
  let known: Map<string, string[]> | undefined;
  return () => {
    if (known !== undefined) return known;
    known = new Map();
    for (const { id, fields } of draft.tickets()) {
      const parent = fields.parent;
      if (typeof parent === "string") known.set(parent, [...(known.get(parent) ?? []), id]);
    }
    return known;
  };
}

function takeRelation(draft: Draft, id: string, dep: string, { key, updatedAt }: RemoteRelation, parts: Parts): void {
  const pair = draft.pair(id) as Pair;
  const isNew = draft.ticket(id)?.deps.includes(dep) !== true;
  if (isNew && needs(draft, dep, id, parts())) {
    if (pair.apart?.[dep] === key) return;
    setApart(draft, id, dep, key);
    const text = `${pair.name} waits for ${dep} at the tracker; here ${dep} waits for ${id} already, so it was not taken over`;
    draft.tell(id, text, updatedAt);
    return;
  }
  if (isNew) {
    draft.edit(id, ({ deps }) => ({ deps: [...deps, dep] }));
    if (draft.isOld(id)) draft.credit(id, undefined);
  }
  setApart(draft, id, dep, undefined);
  draft.editPair(id, ({ deps, relating }) => ({ deps: { ...deps, [dep]: key }, relating: without(relating, dep) }));
}

/** Keeps, or forgets, that a relation there has no counterpart here. */
function setApart(draft: Draft, id: string, dep: string, key: string | undefined): void {
  draft.editPair(id, ({ apart = {} }) => {
    const all = key === undefined ? without(apart, dep) : { ...apart, [dep]: key };
    return { apart: Object.keys(all).length === 0 ? undefined : all };
  });
}

/** Whether a ticket waits for another, by way of others too: of what it depends on, and of its parts. */
function needs(draft: Draft, id: string, target: string, parts: ReturnType<Parts>): boolean {
  const seen = new Set<string>();
  const open = [id];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === target) return true;
    const next = [...(draft.ticket(at)?.deps ?? []), ...(parts.get(at) ?? [])];
    for (const one of next) if (!seen.has(one) && seen.add(one)) open.push(one);
  }
  return false;
}
