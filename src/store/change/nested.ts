import { type View, viewWith } from "../disk/view.ts";
import type { Store } from "../open/store.ts";
import { type Draft, openDraft } from "./draft.ts";
import type { Sentence } from "./message.ts";
import type { Change, Outcome } from "./transaction.ts";

/** Changes that become one: each sees what those before it did, and all are written and committed together. */
export interface Parts {
  /** The sentences of the parts that changed something, in their order. */
  readonly sentences: readonly Sentence[];
  /** Makes one part. @throws what `change` throws; what it changed is then dropped, what came before is not */
  make<T>(change: (draft: Draft) => Promise<Change<T>> | Change<T>): Promise<Outcome<T>>;
}

/**
 * The store to make the parts of `whole` on: any action run on it changes `whole` instead of the disk, in the name of
 * the actor of `whole` and under its conditions.
 */
export function storeInside(store: Store, whole: Draft): Store & { readonly inside: Parts } {
  const sentences: Sentence[] = [];
  let view: View = whole.view;
  const make: Parts["make"] = async (change) => {
    const draft = openDraft(store, view, whole.actor, whole);
    const { sentence, result } = await change(draft);
    if (sentence !== undefined && draft.files.size > 0) {
      add(whole, draft);
      sentences.push(sentence);
      view = await viewWith(store, view, draft.files);
    }
    const after = view;
    return { result, notices: [], after: async () => after };
  };
  return { ...store, inside: { sentences, make } };
}

function add(whole: Draft, part: Draft): void {
  for (const [file, oid] of part.before) if (!whole.before.has(file)) whole.before.set(file, oid);
  for (const [oid, bytes] of part.bases) whole.bases.set(oid, bytes);
  for (const [file, text] of part.files) whole.files.set(file, text);
  for (const [id, kept] of part.claims) whole.claims.set(id, kept);
  whole.notices.push(...part.notices);
}
