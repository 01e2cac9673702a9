import type { View } from "../../store/disk/view.ts";
import type { HistoryRow } from "../../store/history/historyRow.ts";
import { stepsOf } from "../../store/history/ticketHistory.ts";
import { runOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { allRuns } from "../../store/runs/record.ts";
import { isSameName } from "../../ticket/rules/claim.ts";
import { isOfAgent } from "../../ticket/rules/delegation.ts";
import { nameOf } from "./takenBack.ts";

/**
 * Inside a run of an agent, tells whether a commit in its name may be this run's: an agent has several at once, and who
 * starts and ends them writes in its name, too. Undefined outside of runs.
 */
export function ofThisRun(store: Store, view: View, actor: string): ((row: HistoryRow) => boolean) | undefined {
  const run = runOf(store.host);
  if (run?.ticket === undefined) return undefined;
  const own = run.ticket;
  const record = allRuns(store, own).find((one) => one.run === run.id);
  // Commits know seconds.
  const from = Math.floor(Date.parse(record?.started ?? record?.at ?? "") / 1000) || 0;
  const isAnothers = (id: string): boolean => {
    const { fields = {} } = view.byId.get(id) ?? {};
    if (fields.parent === own || fields.discoveredFrom === own) return false;
    return isOfAgent(fields) || allRuns(store, id).some(({ agent }) => isSameName(agent, actor));
  };
  return (row) => {
    if (row.time < from) return false;
    const ids = stepsOf(row).map(({ path }) => nameOf(path));
    // Its claim was made for it.
    return ids.includes(own) ? row.event !== "claimed" : !ids.some(isAnothers);
  };
}
