import { clientId } from "../clientId.ts";
import type { Mapping } from "../provider.ts";
import type { Draft } from "./draft.ts";
import type { Agreed } from "./pair.ts";
import { isCut, onTheirs } from "./texts.ts";

/** A text as it is sent over one that the other side has. */
export function textToSend({ l, r }: Agreed, local: string, { lineKey, textToRemote }: Mapping): string {
  const text = textToRemote(local);
  return r === undefined ? text : onTheirs({ l: String(l ?? ""), r: String(r ?? ""), local: text, keyOf: lineKey });
}

/** Whether the item has more of a text than is held here; that what is changed of it stays here is told once. */
export function isTooLong(draft: Draft, id: string, name: string, value: string, { r }: Partial<Agreed>): boolean {
  const there = String(r ?? "");
  const held = draft.fit(name === "description" ? name : "note", there);
  if (!isCut(there, String(held))) return false;
  const [pair, hash] = [draft.pair(id), clientId(value)];
  if (pair?.refused[name] === hash) return true;
  draft.editPair(id, ({ refused }) => ({ refused: { ...refused, [name]: hash } }));
  const text = `${pair?.name} has more of the ${name} than can be held here: what is changed of it here stays here`;
  draft.told.push({ id, text });
  return true;
}
