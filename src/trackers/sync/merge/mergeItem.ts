import { type Mapping, type RemoteItem, SCALARS, type Scalar, type Value } from "../../provider.ts";
import type { Draft } from "../draft.ts";
import type { Agreed } from "../pair.ts";
import { agree, take } from "./agree.ts";
import { mergeDescription } from "./mergeDescription.ts";
import { mergeLabels } from "./mergeLabels.ts";
import { parentHere } from "./mergeParent.ts";
import { settlePending } from "./pending.ts";

/** Whose value stays where both sides changed one. */
export type Winner = "local" | "remote";

/** What pulling needs to know. */
export interface PullRules {
  readonly mapping: Mapping;
  readonly winner: Winner;
  /** The name of the tracker. */
  readonly tracker: string;
}

/** Takes what an item has become into its ticket, field by field. */
export function mergeItem(draft: Draft, id: string, item: RemoteItem, rules: PullRules): void {
  const pair = draft.pair(id);
  if (pair === undefined || draft.ticket(id) === undefined) return;
  draft.editPair(id, () => ({ state: "linked", name: item.name, url: item.url, missed: undefined, plain: undefined }));
  settlePending(draft, id, item, rules.mapping);
  for (const field of SCALARS) mergeField(draft, id, field, item, rules);
  mergeLabels(draft, id, item, rules.mapping);
}

/** Takes what one field of an item has become into its ticket. */
export function mergeField(draft: Draft, id: string, field: Scalar, item: RemoteItem, rules: PullRules): void {
  const base = draft.pair(id)?.fields[field];
  const remote = item.fields[field];
  if (base === undefined) takeOver(draft, id, field, item, rules);
  else if (base.r === undefined) agree(draft, id, field, { l: base.l, r: remote });
  else if (base.r !== remote && field === "description") mergeDescription(draft, id, base, item, rules);
  else if (base.r !== remote) mergeScalar(draft, id, field, base, item, rules);
}

function takeOver(draft: Draft, id: string, field: Scalar, item: RemoteItem, rules: PullRules): void {
  const local = draft.ticket(id)?.fields[field] ?? null;
  const mapped = toLocal(draft, id, field, item.fields[field], local, rules.mapping);
  if (mapped === undefined && field === "parent") return;
  const value = mapped === undefined ? local : mapped;
  take(draft, id, field, value, item);
  agree(draft, id, field, { l: value, r: item.fields[field] });
}

function mergeScalar(draft: Draft, id: string, field: Scalar, base: Agreed, item: RemoteItem, rules: PullRules): void {
  const local = draft.ticket(id)?.fields[field] ?? null;
  const remote = item.fields[field];
  const mapped = toLocal(draft, id, field, remote, local, rules.mapping);
  if (mapped === undefined) {
    // A value that has no counterpart stays there, and ours here.
    if (field !== "parent") agree(draft, id, field, { l: base.l, r: remote });
    return;
  }
  agree(draft, id, field, { l: mapped, r: remote });
  if (mapped === local) return;
  if (local === base.l) {
    take(draft, id, field, mapped, item);
    return;
  }
  if (winnerOf(draft, id, field, rules) === "local") {
    const text = `${field} was changed on both sides; ours stays. ${item.name} had: ${mapped ?? "nothing"}`;
    draft.tell(id, text, item.updatedAt);
    return;
  }
  take(draft, id, field, mapped, item);
  const text = `${field} was changed on both sides; that of ${item.name} stays. Here it was: ${local ?? "nothing"}`;
  draft.tell(id, text, item.updatedAt);
}

function winnerOf(draft: Draft, id: string, field: Scalar, { winner }: PullRules): Winner {
  return field === "status" && draft.ticket(id)?.isClaimed ? "local" : winner;
}

function toLocal(
  draft: Draft,
  id: string,
  field: Scalar,
  remote: Value,
  local: Value,
  mapping: Mapping,
): Value | undefined {
  if (field === "parent") return parentHere(draft, id, remote);
  const value = mapping.toLocal(field, remote, local);
  return value === undefined || value === local ? value : draft.fit(field, value);
}
