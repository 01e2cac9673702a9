import { clientId } from "../../clientId.ts";
import type { RemoteComment } from "../../provider.ts";
import { type Draft, noteKeys } from "../draft.ts";
import type { NotePair, Pair } from "../pair.ts";
import { sameText } from "../texts.ts";
import type { PullRules } from "./mergeItem.ts";

/** The comment that a note becomes: who makes it twice is told that it is there. */
export function commentId(storeId: string, ticket: string, generation: number, note: string): string {
  return clientId(storeId, ticket, generation, "note", note);
}

function keep(draft: Draft, id: string, note: string, pair: NotePair): void {
  draft.editPair(id, ({ notes }) => ({ notes: { ...notes, [note]: pair } }));
}

/** Takes a comment over: a new one becomes a note, a changed one changes its note; one that is gone leaves its note. */
export function mergeComment(draft: Draft, storeId: string, comment: RemoteComment, rules: PullRules): void {
  const id = draft.idOf(comment.item);
  const pair = id === undefined ? undefined : draft.pair(id);
  const ticket = id === undefined ? undefined : draft.ticket(id);
  if (id === undefined || pair?.state !== "linked") return;
  if (draft.isAway(id) && isNews(pair, comment)) draft.editPair(id, () => ({ missed: true }));
  if (ticket === undefined) return;
  const keys = noteKeys(ticket.notes);
  const known =
    Object.entries(pair.notes).find(([, one]) => isIt(comment, one.comment))?.[0] ??
    keys.find((key) => pair.notes[key] === undefined && isIt(comment, commentId(storeId, id, pair.generation, key)));
  if (known !== undefined) {
    mergeKnown(draft, id, known, comment, rules);
    return;
  }
  if (comment.away) return;
  const by = String(draft.fit("by", `${comment.by?.name ?? "somebody"} (${rules.tracker})`));
  const text = String(draft.fit("note", comment.body));
  const note = draft.note(id, { at: second(comment.createdAt), by, text, isPublic: true });
  draft.credit(id, comment.by);
  if (note !== undefined) keep(draft, id, note, { comment: comment.key, l: text, r: comment.body });
}

/** Whether a comment is the one of that name, which it may have had only while it was made. */
const isIt = ({ key, made }: RemoteComment, name: string): boolean => name === key || name === made;

function isNews({ notes }: Pair, remote: RemoteComment): boolean {
  const { body, away } = remote;
  const known = Object.values(notes).find(({ comment }) => isIt(remote, comment));
  return known === undefined ? !away : known.over !== true && (away || known.r !== body);
}

/** Notes are kept to the second. */
function second(time: string): string {
  return time.replace(/\.\d+(?=Z$)/, "");
}

function mergeKnown(draft: Draft, id: string, key: string, comment: RemoteComment, rules: PullRules): void {
  const ticket = draft.ticket(id);
  const at = ticket === undefined ? -1 : noteKeys(ticket.notes).indexOf(key);
  const local = ticket?.notes[at]?.text;
  const before: NotePair = draft.pair(id)?.notes[key] ?? { comment: comment.key, l: local ?? "", ours: true };
  const old: NotePair = { ...before, comment: comment.key };
  if (old.over) return;
  if (comment.away) {
    keep(draft, id, key, { ...old, over: true });
    return;
  }
  const { lineKey } = rules.mapping;
  if (old.sent !== undefined && sameText(old.sent, comment.body, lineKey)) {
    keep(draft, id, key, { ...old, l: old.sent, r: comment.body, sent: undefined });
    return;
  }
  if (old.r === comment.body || sameText(old.r ?? old.l, comment.body, lineKey)) {
    keep(draft, id, key, { ...old, r: comment.body });
    return;
  }
  if (local === undefined) {
    keep(draft, id, key, { ...old, r: comment.body });
    return;
  }
  const fitted = String(draft.fit("note", comment.body));
  const isChangedHere = local !== old.l && !sameText(local, fitted, lineKey);
  if (isChangedHere) {
    const text = `a comment was changed on both sides; the tracker's stays. Here it was:\n\n> ${local.replaceAll("\n", "\n> ")}`;
    draft.tell(id, text, comment.updatedAt);
  }
  draft.edit(id, ({ notes }) => ({
    notes: notes.map((note, n) => (n === at ? { ...note, text: fitted } : note)),
  }));
  draft.credit(id, comment.by);
  keep(draft, id, key, { ...old, l: fitted, r: comment.body });
}
