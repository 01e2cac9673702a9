import path from "node:path";
import { withAuthors } from "../../../ticket/rules/authors.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import type { View } from "../../disk/view.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { MAX_CONFIG_BYTES } from "../../open/config/config.ts";
import { withUnconfirmed } from "../../open/config/unconfirmedConfig.ts";
import { CONFIG_FILE } from "../../open/config/values.ts";
import { isTopTicket } from "../../open/entry.ts";
import type { Actor } from "../../open/identity/identity.ts";
import type { Store } from "../../open/store.ts";
import { type Draft, openDraft } from "../draft.ts";
import { AYO, type OwnChange } from "../leases.ts";
import { moveTicket } from "../moveTicket.ts";
import { patchSurely } from "../patchSurely.ts";
import type { Marks } from "./marksLeft.ts";

/** Who made a hand edit that passed a gate while agents were at work: nobody can tell. */
export const UNKNOWN: Actor = { name: "unknown (by hand)", email: "unknown@ayo.invalid", agent: false };

/** So many files are named in one sentence. */
const MAX_NAMES = 8;

/** Marks what hand edits did that waits for a person; undefined where all of it is marked. */
export async function markUnconfirmed(store: Store, view: View, marks: Marks): Promise<OwnChange | undefined> {
  const draft = openDraft(store, view, AYO);
  const marked: Ticket[] = [];
  for (const { id, keys, authors } of marks.tickets) {
    const ticket = await draft.find(id).catch(() => undefined);
    if (ticket?.id !== id) continue;
    const before = ticket.fields.unconfirmed ?? [];
    const all = [...new Set([...before, ...keys])];
    const changes = all.length > before.length ? { unconfirmed: all } : {};
    await patchSurely(draft, ticket, { ...changes, ...withAuthors(ticket, [...authors]) });
    if (!draft.files.has(ticket.path)) continue;
    // What waits for a person does not lie in the archive, unless a copy lies where it belongs.
    if (!isTopTicket(ticket.path)) moveTicket(draft, ticket, path.posix.basename(ticket.path));
    marked.push(ticket);
  }
  const isLoosened = await keepRules(store, draft, marks.config);
  if (draft.files.size === 0) return undefined;
  const names = [...(isLoosened ? [CONFIG_FILE] : []), ...marked.map(({ id }) => id)];
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  const waits = names.length === 1 ? "waits" : "wait";
  const what = `${names.slice(0, MAX_NAMES).join(", ")}${more}`;
  const subject = `${what}: changed by hand past a gate while agents work, ${waits} for a person`;
  return { draft, sentence: { subject, event: "unconfirmed", tickets: marked.map(({ id }) => id) } };
}

async function keepRules(store: Store, draft: Draft, kept: Marks["config"]): Promise<boolean> {
  if (Object.keys(kept).length === 0) return false;
  const read = readStoreFile(path.join(store.dir, CONFIG_FILE), { limit: MAX_CONFIG_BYTES });
  if (read instanceof Unread) return false;
  const text = read?.bytes.toString("utf8") ?? "";
  const marked = await withUnconfirmed(text, { ...draft.view.config.unconfirmed, ...kept });
  if (marked !== text) draft.put(CONFIG_FILE, marked);
  return marked !== text;
}
