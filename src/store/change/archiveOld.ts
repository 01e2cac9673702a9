import { statSync, utimesSync } from "node:fs";
import path from "node:path";
import type { AyoError } from "../../error.ts";
import { writeOwned } from "../../folderOwner.ts";
import { countsStill } from "../../ticket/rules/counting.ts";
import { unlandedOf } from "../../ticket/rules/landed.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { formatDuration, parseTime } from "../../ticket/time.ts";
import { isFinished } from "../disk/view.ts";
import type { Actor } from "../open/identity/identity.ts";
import type { Store } from "../open/store.ts";
import type { Draft } from "./draft.ts";
import { moveTicket, placeTaken } from "./moveTicket.ts";
import { transaction } from "./transaction.ts";

const DAY = 24 * 60 * 60 * 1000;
/** Who archives when nobody asked for it. */
const AYO: Actor = { name: "ayo", email: "ayo@ayo.invalid", agent: false };

/**
 * Moves every ticket that was finished before `limit` (ms) into its month's folder; returns the ids, and what to say of
 * those whose place is taken by somebody's file; `counting`: what agents made stays until its root is finished.
 */
export function archiveBefore(
  draft: Draft,
  limit: number,
): { readonly moved: string[]; readonly kept: AyoError[]; readonly counting: string[] } {
  const counting: string[] = [];
  const moved: string[] = [];
  const kept: AyoError[] = [];
  for (const ticket of draft.view.tickets) {
    const finished = finishedAt(ticket);
    if (ticket.fields.unconfirmed !== undefined) continue;
    if (finished === undefined || finished >= limit || !isFinished(draft.view.board, ticket.status)) continue;
    const counts = countsStill(draft.view, ticket);
    if (counts) counting.push(ticket.id);
    if (counts || isAwaited(draft, ticket)) continue;
    const month = new Date(finished).toISOString().slice(0, 7);
    const target = `archive/${month}/${path.posix.basename(ticket.path)}`;
    if (moveTicket(draft, ticket, target)) moved.push(ticket.id);
    else kept.push(placeTaken(ticket, target));
  }
  draft.notices.push(...kept.map(({ message }) => `not archived: ${message}`));
  return { moved, kept, counting };
}

/** Its work has to land before those who wait for it can begin: of an archived ticket nobody would see that. */
function isAwaited({ view }: Draft, ticket: Ticket): boolean {
  const { board, byId, lookup } = view;
  if (board.landsOn === undefined || unlandedOf(ticket.id, board, lookup).length === 0) return false;
  const above = new Set<string>();
  for (let id: string | undefined = ticket.id; id !== undefined && !above.has(id); id = byId.get(id)?.fields.parent)
    above.add(id);
  return [...above].some((id) => view.dependents(id).some(({ status }) => !isFinished(board, status)));
}

/** The sentence of an archiving. */
export function archiveSentence(ids: readonly string[]) {
  const subject = `archive ${ids.length} ${ids.length === 1 ? "ticket" : "tickets"}`;
  return { subject, event: "archived", tickets: ids.length > 50 ? [] : ids };
}

/**
 * Archives by itself, at most once a day, where config.yml says after how long; called after ordinary writes. Returns
 * what the user should know of it.
 */
export async function archiveIfDue(store: Store): Promise<readonly string[]> {
  const after = store.index?.config.archiveAfter;
  if (after === undefined || store.journal === undefined || !isDue(store.journal.stateDir, store.host.now())) return [];
  const { result, notices } = await transaction(store, { actor: AYO }, (draft) => {
    const { moved: result } = archiveBefore(draft, draft.view.now - after);
    return result.length === 0 ? { result } : { result, sentence: archiveSentence(result) };
  });
  if (result.length === 0) return notices;
  const what = result.length === 1 ? "1 ticket that was" : `${result.length} tickets that were`;
  return [...notices, `archived ${what} finished more than ${formatDuration(after)} ago: --all shows the archive`];
}

/** True once a day; the mark is made before the work, so that a failure is not tried again at every command. */
function isDue(stateDir: string, now: number): boolean {
  const mark = path.join(stateDir, "archived");
  const last = statSync(mark, { throwIfNoEntry: false })?.mtimeMs;
  if (last !== undefined && Math.abs(now - last) < DAY) return false;
  try {
    if (last === undefined) writeOwned(mark, "");
    utimesSync(mark, now / 1000, now / 1000);
    return true;
  } catch {
    return false;
  }
}

function finishedAt({ fields }: Ticket): number | undefined {
  const written = fields.closed ?? fields.created;
  return written === undefined ? undefined : parseTime(written);
}
