import { handEditSentence } from "../../store/change/hand/handEdits.ts";
import { readHandEdits } from "../../store/change/hand/readEdits.ts";
import { refreshIndex } from "../../store/disk/refresh.ts";
import { historyObjects } from "../../store/history/historyObjects.ts";
import type { HistoryRow } from "../../store/history/historyRow.ts";
import { withMoves } from "../../store/history/moves.ts";
import { personOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";

/** The commit that a change would make first of what was edited by hand; a dry run makes none. */
export async function uncommittedEdit(store: Store): Promise<HistoryRow | undefined> {
  const { journal, host } = store;
  if (journal === undefined) return undefined;
  const index = await refreshIndex(store, false);
  const edits = await readHandEdits(store, journal, index);
  if (edits.length === 0) return undefined;
  const { subject } = await handEditSentence(journal, index, edits);
  const changes = edits.map(({ file, before, oid }) => ({ path: file, before, after: oid }));
  return {
    oid: "",
    parents: [index.head ?? ""],
    time: Math.floor(host.now() / 1000),
    actor: personOf(store).name,
    event: undefined,
    byHand: true,
    subject,
    changes: await withMoves(changes, historyObjects(store, journal).snapshot),
  };
}
