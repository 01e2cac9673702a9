import { keep, kept } from "../../open/runtime.ts";
import type { Journal, Store } from "../../open/store.ts";
import { recover } from "../record/recover.ts";
import { boxIn, doneAs, forgetRequest, readAnswer, takeBackForGood } from "./box.ts";
import { DoneByOthers, PENDING } from "./pending.ts";

/**
 * Takes back what was asked of another process before it is done here. Call it with the store's lock held.
 * @throws DoneByOthers where it has been done
 */
export async function settlePending(store: Store, journal: Journal): Promise<void> {
  const name = kept(store, PENDING);
  if (name === undefined) return;
  const box = boxIn(journal.stateDir);
  throwIfDone(box, name);
  takeBackForGood(box, name);
  // Whoever had it may have died, or stand still, in the midst of it.
  await recover(store, journal, []);
  throwIfDone(box, name);
  forgetRequest(box, name);
  keep(store, PENDING, undefined);
}

function throwIfDone(box: string, name: string): void {
  const answer = readAnswer(box, name);
  const commit = doneAs(box, name);
  const isRefused = answer !== undefined && "refused" in answer;
  if (isRefused || (answer === undefined && commit === undefined)) return;
  forgetRequest(box, name);
  throw new DoneByOthers(answer ?? { commit: commit as string });
}
