import { AyoError } from "../../../error.ts";
import { keep, kept } from "../../open/runtime.ts";
import type { Journal, Store } from "../../open/store.ts";
import { recover } from "../record/recover.ts";
import { type RedoRecord, readRecords } from "../record/redo.ts";
import { boxIn, doneAs, forgetRequest, readAnswer, takeBackForGood } from "./box.ts";
import { DoneByOthers, PENDING } from "./pending.ts";

/**
 * Takes back what was asked of another process before it is done here. Call it with the store's lock held. Returns what
 * to tell of what others left.
 * @throws DoneByOthers where it has been done
 */
export async function settlePending(store: Store, journal: Journal): Promise<readonly string[]> {
  const name = kept(store, PENDING);
  const notices: string[] = [];
  if (name === undefined) return notices;
  const box = boxIn(journal.stateDir);
  throwIfDone(box, name);
  takeBackForGood(box, name);
  // Whoever had it may have died, or stand still, in the midst of it.
  await recover(store, journal, notices);
  throwIfDone(box, name);
  forgetRequest(box, name);
  keep(store, PENDING, undefined);
  return notices;
}

/**
 * Takes back what was asked of another process where the lock cannot be had, so that what is refused is not made later.
 * Returns why it is refused. @throws DoneByOthers
 */
export function refusePending(store: Store, { stateDir }: Journal, why: unknown): unknown {
  const name = kept(store, PENDING);
  if (name === undefined) return why;
  const box = boxIn(stateDir);
  throwIfDone(box, name);
  takeBackForGood(box, name);
  // Whoever has its record on the disk by now may not have seen that; all others will (swap.ts).
  const mayBeMade = readRecords(stateDir).some(({ record }) => isOf(record, name));
  throwIfDone(box, name);
  if (!mayBeMade || !(why instanceof AyoError)) return why;
  const { code, message, data = {} } = why;
  return new AyoError(code, `${message}; the change may still be made: look before you try again`, {
    data,
    cause: why,
  });
}

function isOf({ request, steps = [] }: RedoRecord, name: string): boolean {
  return request === name || steps.some((step) => step.request === name);
}

function throwIfDone(box: string, name: string): void {
  const answer = readAnswer(box, name);
  const commit = doneAs(box, name);
  const isRefused = answer !== undefined && "refused" in answer;
  if (isRefused || (answer === undefined && commit === undefined)) return;
  forgetRequest(box, name);
  throw new DoneByOthers(answer ?? { commit: commit as string });
}
