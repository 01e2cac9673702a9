import { type View, viewWith } from "../disk/view.ts";
import { keep } from "../open/runtime.ts";
import type { Store } from "../open/store.ts";
import { type Draft, isEmpty, openDraft } from "./draft.ts";
import type { Sentence } from "./message.ts";
import { NESTED, type NestedChanges } from "./nestedChanges.ts";

/**
 * The store to make the parts of `whole` on: any action run on it changes `whole` instead of the disk, in the name of
 * the actor of `whole` and under its conditions.
 */
export function storeInside(store: Store, whole: Draft): { readonly inside: Store; readonly parts: NestedChanges } {
  const sentences: Sentence[] = [];
  let view: View = whole.view;
  const make: NestedChanges["make"] = async (change) => {
    const draft = openDraft(store, view, whole.actor, whole);
    for (const [id, token] of whole.sure) draft.sure.set(id, token);
    const { sentence, result } = await change(draft);
    if (sentence !== undefined && !isEmpty(draft)) {
      add(whole, draft);
      sentences.push(sentence);
      view = await viewWith(store, view, draft.files);
    }
    const after = view;
    return { result, notices: [], after: async () => after };
  };
  const parts = { sentences, make };
  const runtime = new Map(store.runtime);
  const inside = { ...store, runtime };
  keep(inside, NESTED, parts);
  return { inside, parts };
}

function add(whole: Draft, part: Draft): void {
  for (const [file, oid] of part.before) if (!whole.before.has(file)) whole.before.set(file, oid);
  for (const [oid, bytes] of part.bases) whole.bases.set(oid, bytes);
  for (const [file, text] of part.files) whole.files.set(file, text);
  for (const [file, bytes] of part.attachments) whole.attachments.set(file, bytes);
  for (const [id, kept] of part.claims) whole.claims.set(id, kept);
  for (const id of part.handedIn) whole.handedIn.add(id);
  for (const id of part.moved) whole.moved.add(id);
  for (const [id, hold] of part.holds) whole.holds.set(id, hold);
  whole.notices.push(...part.notices);
}
