import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { parseText } from "../../store/disk/readFile.ts";
import { isFinished, type View } from "../../store/disk/view.ts";
import { isTopTicket } from "../../store/open/entry.ts";
import { describeDeadlock, findDeadlock, type Waits, waitsOf } from "../../ticket/rules/waits.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/**
 * Makes sure that what a draft newly makes wait, as a dependency or as a parent of an open part, can still be finished:
 * a child that waits for its parent, near or far, never could, nor could the parent. Call it once all is in the draft.
 * @throws cycle with the ids that would wait for each other
 */
export async function assertFinishable(draft: Draft): Promise<void> {
  const changed = await changedTickets(draft);
  const edges = changed.flatMap((ticket) => newEdges(draft.view, ticket));
  if (edges.length === 0) return;
  const waits = waitsIn(draft.view, changed);
  for (const [from, to] of edges) {
    const cycle = findDeadlock(waits, from, to);
    if (cycle === undefined) continue;
    const fact = `that would be a cycle: ${describeDeadlock(waits, cycle)}`;
    throw new AyoError("cycle", fact, { try: ["ayo", "ticket", "show", to], data: { cycle } });
  }
}

/** Who waits for whom among a view's tickets, with others in the place of those that have their ids. */
export function waitsIn(view: View, changed: readonly Ticket[] = []): Waits {
  const byId = new Map(view.byId);
  for (const ticket of changed) byId.set(ticket.id, ticket);
  return waitsOf(byId.values(), ({ status }) => isFinished(view.board, status));
}

async function changedTickets({ files }: Draft): Promise<Ticket[]> {
  const changed: Ticket[] = [];
  for (const [file, text] of files) {
    const parsed = text === null || !isTopTicket(file) ? undefined : await parseText(text, file);
    if (parsed !== undefined && "id" in parsed) changed.push(parsed);
  }
  return changed;
}

/** Each as the one that waits and the one that it waits for. */
function newEdges({ byId }: View, { id, fields }: Ticket): (readonly [string, string])[] {
  const was = byId.get(id)?.fields;
  const deps = (fields.deps ?? []).filter((dep) => was?.deps?.includes(dep) !== true).map((dep) => [id, dep] as const);
  const { parent } = fields;
  return parent === undefined || parent === was?.parent ? deps : [...deps, [parent, id]];
}
