import type { Author, RemoteItem, Scalar, Value } from "../../provider.ts";
import type { Draft } from "../draft.ts";
import type { Agreed } from "../pair.ts";

/** Who gave a field the value that it has, as far as the last changes tell. */
function authorOf(item: RemoteItem, field: Scalar): Author | undefined {
  const past = item.past ?? [];
  const isIt = (touched: readonly Scalar[]): boolean => touched.includes(field);
  const last = past.find(({ touched }) => isIt(touched));
  if (last === undefined) return item.createdAt === item.updatedAt ? item.by : undefined;
  return field === "description" || last.to[field] === item.fields[field] ? last.by : undefined;
}

/** Sets a field to what an item has. */
export function take(draft: Draft, id: string, field: Scalar, value: Value, item: RemoteItem): void {
  if (value === draft.ticket(id)?.fields[field]) return;
  draft.set(id, field, value);
  if (draft.isOld(id)) draft.credit(id, authorOf(item, field));
}

/** Keeps what both sides have of a field. */
export function agree(draft: Draft, id: string, field: Scalar, agreed: Agreed): void {
  draft.editPair(id, ({ fields }) => ({ fields: { ...fields, [field]: agreed } }));
}
