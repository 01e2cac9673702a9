import type { Draft } from "../../../store/change/draft.ts";
import type { LocalChange } from "../../../trackers/sync/localSide.ts";
import { pairText } from "../../../trackers/sync/pair.ts";
import { FACTS } from "../kinds/facts.ts";
import type { TrackerRules } from "../rules.ts";
import { cursorPath, cursorText, pairPath, placeAgreed, readCursor } from "./pairFiles.ts";
import { refOf } from "./refs.ts";

interface Where {
  readonly rules: TrackerRules;
  readonly dir: string;
}

/** Writes what was agreed on beside the tickets, and into them what their items are called. */
export async function putPairs(
  draft: Draft,
  { pairs, cursor, tickets }: LocalChange,
  { rules, dir }: Where,
): Promise<void> {
  const tracker = rules.name;
  for (const [id, pair] of pairs) draft.put(pairPath(tracker, id), pair === undefined ? null : pairText(pair));
  const isUnnamed = FACTS[tracker].isNumbered && placeAgreed(dir, tracker) === undefined;
  if (cursor !== undefined || isUnnamed)
    draft.put(cursorPath(tracker), cursorText(cursor ?? readCursor(dir, tracker), rules));
  const isNew = new Set(tickets.flatMap(({ before, after }) => (before === undefined ? [after.id] : [])));
  for (const [id, pair] of pairs) {
    if (isNew.has(id) || pair?.state !== "linked") continue;
    const ticket = draft.view.byId.get(id);
    const ref = refOf(rules, pair.key);
    const before = ticket?.fields.externalRef;
    if (ticket !== undefined && before !== ref && (before === undefined || before.startsWith(`${tracker}:`)))
      await draft.patch(ticket, { externalRef: ref });
  }
}
