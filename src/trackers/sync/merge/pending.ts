import type { Mapping, PastChange, RemoteItem, Scalar, Value } from "../../provider.ts";
import type { Draft } from "../draft.ts";
import type { Agreed, Pair } from "../pair.ts";
import { sameText } from "../texts.ts";

/** Whether a value there is the one that we sent, as far as one can see. */
export function isSame(field: Scalar, sent: Value, there: Value, { lineKey }: Mapping): boolean {
  if (field !== "description") return sent === there;
  return sameText(String(sent ?? ""), String(there ?? ""), lineKey);
}

/**
 * Settles a write of which no answer came, by what is there now: either it was done, and what we sent is what both agreed
 * on, or it was not. Where the old value is there though the item has changed, its past tells.
 */
export function settlePending(draft: Draft, id: string, item: RemoteItem, mapping: Mapping): void {
  const pair = draft.pair(id);
  if (pair?.pending === undefined) return;
  const { pending } = pair;
  const fields: Partial<Record<Scalar, Agreed>> = { ...pair.fields };
  for (const [name, sent] of Object.entries(pending.fields)) {
    const field = name as Scalar;
    const there = item.fields[field];
    if (isSame(field, sent.r ?? null, there, mapping)) fields[field] = { l: sent.l, r: there };
    else if (wasDone(field, sent, pair, item)) fields[field] = sent;
  }
  tellOverwritten(draft, id, pair, item, mapping);
  draft.editPair(id, () => ({ fields, pending: undefined }));
}

/** Whether our value was there between then and now. */
function wasDone(field: Scalar, sent: Agreed, pair: Pair, item: RemoteItem): boolean {
  const since = pair.pending?.seen ?? "";
  // Two changes may bear the same time: of those our own tells what it made.
  if ((item.past ?? []).some(({ at, to }) => at >= since && to[field] === sent.r)) return true;
  const past = (item.past ?? []).filter(({ at }) => at > since);
  if (past.some(({ from }) => from[field] === sent.r)) return true;
  const isBack = item.fields[field] === pair.fields[field]?.r && item.updatedAt !== since;
  return isBack && past.some(({ touched }) => touched.includes(field));
}

/** Says what a write of ours wrote over that somebody had changed after we read it: no tracker refuses such a write. */
export function tellOverwritten(draft: Draft, id: string, pair: Pair, item: RemoteItem, mapping: Mapping): void {
  const { pending } = pair;
  if (pending === undefined) return;
  for (const [name, sent] of Object.entries(pending.fields)) {
    const field = name as Scalar;
    const known = pair.fields[field]?.r ?? null;
    if (!isThere(field, known, sent.r ?? null, item.fields[field], mapping)) continue;
    // Two changes may bear the same time: of those our own tells what stood there before it.
    const isLater = ({ at, to }: PastChange): boolean =>
      at > pending.seen || (at === pending.seen && to[field] === sent.r);
    const past = (item.past ?? []).filter(isLater);
    const lost = overwritten(field, past, [known, sent.r ?? null]);
    if (lost === undefined) continue;
    draft.tell(
      id,
      `${field} of ${item.name} was changed there while ours was written over it: ${lost}`,
      item.updatedAt,
    );
  }
}

/** Whether what we sent was done and still shows: of a text, whether lines that we added are in it. */
function isThere(field: Scalar, known: Value, sent: Value, there: Value, mapping: Mapping): boolean {
  if (isSame(field, sent, there, mapping)) return true;
  if (field !== "description") return false;
  const lines = (text: Value): string[] =>
    String(text ?? "")
      .split("\n")
      .map(mapping.lineKey);
  const [before, now] = [new Set(lines(known)), new Set(lines(there))];
  return lines(sent).some((line) => line !== "" && !before.has(line) && now.has(line));
}

function overwritten(field: Scalar, past: readonly PastChange[], known: readonly Value[]): string | undefined {
  const changes = past.filter(({ touched }) => touched.includes(field));
  if (field === "description") return changes.length > 1 ? "its history has the text" : undefined;
  const values = changes.flatMap(({ from, to }) => [from[field], to[field]]);
  const lost = new Set(values.filter((value) => value !== undefined && !known.includes(value)));
  return lost.size === 0 ? undefined : [...lost].map((value) => value ?? "nothing").join(", ");
}
