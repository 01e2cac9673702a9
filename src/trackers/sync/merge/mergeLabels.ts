import type { Author, Mapping, RemoteItem } from "../../provider.ts";
import type { Draft } from "../draft.ts";

/** Takes labels over one by one: what either side added or took away since both had the same. */
export function mergeLabels(draft: Draft, id: string, item: RemoteItem, mapping: Mapping): void {
  const pair = draft.pair(id);
  const ticket = draft.ticket(id);
  if (pair === undefined || ticket === undefined) return;
  const local = new Set(ticket.labels);
  const agreed = new Map(Object.entries(pair.labels));
  for (const [name, label] of agreed) {
    if (item.labels.includes(label)) continue;
    agreed.delete(name);
    if (local.delete(name)) credit(draft, id, label, item);
  }
  const known = new Set(agreed.values());
  for (const label of item.labels.filter((one) => !known.has(one))) {
    const name = nameHere(draft, label, local, mapping);
    // Two labels there may be one here: the first of them stands for it.
    if (name === "" || agreed.has(name)) continue;
    if (!local.has(name)) credit(draft, id, label, item);
    local.add(name);
    agreed.set(name, label);
  }
  const labels = [...local];
  if (labels.join("\n") !== ticket.labels.join("\n")) draft.edit(id, () => ({ labels }));
  draft.editPair(id, () => ({ labels: Object.fromEntries(agreed) }));
}

/** What a label is called here: as it is spelled already, in whatever case. */
function nameHere(draft: Draft, label: string, local: ReadonlySet<string>, mapping: Mapping): string {
  const name = String(draft.fit("label", mapping.labelToLocal(label) ?? "") ?? "");
  return [...local].find((one) => one.toLowerCase() === name.toLowerCase()) ?? name;
}

function credit(draft: Draft, id: string, label: string, { past = [] }: RemoteItem): void {
  const by: Author | undefined = past.find(({ labels }) => labels.includes(label))?.by;
  if (draft.isOld(id)) draft.credit(id, by);
}

/** Labels that only this side added or took away, and that the other knows. */
export function labelChanges(
  labels: readonly string[],
  agreed: Readonly<Record<string, string>>,
  mapping: Mapping,
): { readonly add: Readonly<Record<string, string>>; readonly remove: Readonly<Record<string, string>> } {
  const isAgreed = labels.every((name) => Object.hasOwn(agreed, name));
  if (isAgreed && Object.keys(agreed).length === labels.length) return { add: {}, remove: {} };
  const added = labels
    .filter((name) => !Object.hasOwn(agreed, name))
    .map((name) => [name, mapping.labelToRemote(name)]);
  const held = new Set(labels.map(mapping.labelToRemote));
  const removed = Object.entries(agreed).filter(([name, label]) => !labels.includes(name) && !held.has(label));
  const taken = new Set(Object.values(agreed));
  const isNew = ([, label]: (string | undefined)[]): boolean => label !== undefined && !taken.has(label);
  return { add: Object.fromEntries(added.filter(isNew)), remove: Object.fromEntries(removed) };
}
