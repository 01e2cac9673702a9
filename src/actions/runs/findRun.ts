import { AyoError } from "../../error.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { allRuns, findRun as findRecord, type RunRecord } from "../../store/runs/record.ts";

/**
 * The run that a word means: `mya-x7k2/3`, or the last of `mya-x7k2`; parts of ids as everywhere.
 * @throws not_found, ambiguous_id, bad_input
 */
export async function findRun(
  store: Store,
  word: string,
): Promise<{ readonly view: View; readonly record: RunRecord }> {
  const [id = "", number, ...more] = word.split("/");
  const n = number === undefined ? undefined : Number(number);
  if (more.length > 0 || (n !== undefined && !(Number.isInteger(n) && n > 0))) {
    throw new AyoError("bad_input", `'${word}' is no run: say a ticket's id, or one with the run's number: mya-x7k2/3`);
  }
  const view = await readStore(store);
  return { view, record: findRecord(store, await ticketOf(store, view, id), n) };
}

/** The id of a ticket that a word means; of one that is gone its whole id, where it had runs. @throws not_found, ambiguous_id */
export async function ticketOf(store: Store, view: View, word: string): Promise<string> {
  try {
    return (await findTicket(store, view, word, true)).id;
  } catch (error) {
    if (/^[\w.-]+$/.test(word) && allRuns(store, word).length > 0) return word;
    throw error;
  }
}
