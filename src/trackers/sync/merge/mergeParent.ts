import type { Value } from "../../provider.ts";
import type { Draft } from "../draft.ts";
import { without } from "../pair.ts";

/**
 * The ticket of a parent there. Undefined where it has none yet, or where the two would lie under each other: then it is
 * waited for.
 */
export function parentHere(draft: Draft, id: string, remote: Value): Value | undefined {
  const parent = remote === null ? null : draft.idOf(String(remote));
  if (typeof parent === "string") breakCircle(draft, parent, id);
  const isFit =
    parent === null || (parent !== undefined && draft.ticket(parent) !== undefined && !lies(draft, parent, id));
  draft.editPair(id, () => ({ awaits: isFit ? undefined : String(remote) }));
  return isFit ? parent : undefined;
}

/** Something was put under something else at the tracker: what would have made a circle there may not any more. */
export function forgiveParents(draft: Draft): void {
  for (const [id, { refused }] of draft.pairs()) {
    if (refused.parent !== undefined) draft.editPair(id, () => ({ refused: without(refused, "parent") }));
  }
}

/** Sets parents that fit by now; of two that were set on both sides, the tracker's stays. */
export function settleAwaited(draft: Draft): void {
  for (let isMore = true; isMore; ) {
    const awaiting = draft.pairs().filter(([, { state, awaits }]) => state === "linked" && awaits !== undefined);
    isMore = awaiting.map(([id]) => settleOne(draft, id)).includes(true);
  }
}

function settleOne(draft: Draft, id: string): boolean {
  const { awaits = "", fields, name = "" } = draft.pair(id) ?? {};
  if (draft.idOf(awaits) === undefined) return false;
  const parent = parentHere(draft, id, awaits);
  if (parent === undefined) return false;
  const local = draft.ticket(id)?.fields.parent ?? null;
  if (local !== (fields?.parent?.l ?? null) && local !== parent) tellParent(draft, id, name, local);
  draft.set(id, "parent", parent);
  if (draft.isOld(id)) draft.credit(id, undefined);
  draft.editPair(id, (now) => ({ fields: { ...now.fields, parent: { l: parent, r: awaits } } }));
  return true;
}

function tellParent(draft: Draft, id: string, name: string, local: Value): void {
  const at = draft.ticket(id)?.notes.at(-1)?.at ?? "1970-01-01T00:00:00Z";
  draft.tell(id, `parent was changed on both sides; that of ${name} stays. Here it was: ${local ?? "nothing"}`, at);
}

/** The tickets from one upwards. */
function above(draft: Draft, id: string): string[] {
  const path: string[] = [];
  for (let at: Value = id; typeof at === "string" && !path.includes(at); at = draft.ticket(at)?.fields.parent ?? null)
    path.push(at);
  return path;
}

function lies(draft: Draft, id: string, under: string): boolean {
  return above(draft, id).includes(under);
}

/** Two sides may each put one ticket under the other: what was only set here gives way. */
function breakCircle(draft: Draft, parent: string, id: string): void {
  const path = above(draft, parent);
  if (!path.includes(id)) return;
  for (const one of path.slice(0, path.indexOf(id))) {
    const pair = draft.pair(one);
    const local = draft.ticket(one)?.fields.parent ?? null;
    const agreed = pair?.fields.parent?.l ?? null;
    if (local === agreed || pair?.pending?.fields.parent !== undefined) continue;
    tellParent(draft, one, pair?.name || id, local);
    draft.set(one, "parent", agreed);
    return;
  }
}
