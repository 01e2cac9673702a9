import { isLapsed } from "../../../ticket/rules/claim.ts";
import { refreshIndex } from "../../disk/refresh.ts";
import { viewOf } from "../../disk/view.ts";
import type { Index } from "../../open/entry.ts";
import { commitHandEdits } from "../hand/handCommits.ts";
import { readOnce } from "../hand/readEdits.ts";
import { commitDefaultAnswers, releaseLapsedClaims } from "../ownCommits.ts";
import { mergeLateWrites } from "../place/lateWrites.ts";
import { isAnyLeftAlone } from "../place/leftAlone.ts";
import { placingOf } from "../place/placeAll.ts";
import type { Placing } from "../place/putInPlace.ts";
import { recover } from "../record/recover.ts";
import { hasOtherRecords } from "../record/redo.ts";
import { StartOver } from "../startOver.ts";
import { type Attempt, GoAlone, type Looked } from "./round.ts";

/** Looks at all that may have happened since, or goes on from where the round before ended. @throws StartOver, GoAlone */
export function lookAround(attempt: Attempt, notices: string[]): Promise<Looked> {
  const { index } = attempt.store;
  if (!attempt.isFresh || index === undefined) return lookAtAll(attempt, notices);
  // What the change before read for itself is no reading of this one: files may have been edited since.
  index.kept.clear();
  return lookFresh(attempt, index, notices);
}

/**
 * Brings everything up to date before the change: recovery, what was still written to replaced files, hand edits,
 * claims that ran out.
 */
async function lookAtAll(attempt: Attempt, notices: string[]): Promise<Looked> {
  const { store, journal, callers, heldLock, moving } = attempt;
  const waiting = await recover(store, journal, notices);
  const placing = placingOf(store, journal, () => !heldLock.isLost());
  notices.push(...(await mergeLateWrites(placing)));
  if (isAnyLeftAlone(journal.stateDir)) notices.push(...(await mergeMended(placing)));
  const index = await refreshIndex(store, true);
  // Whoever lost his lock may be at a change all the same: then what stands on the disk is half of it, and no edit.
  if (hasOtherRecords(journal.stateDir, waiting)) throw new StartOver("others are at a change");
  for (const file of moving) await readOnce(store, index, file);
  if (waiting.length > 0) return { index, view: await viewOf(store, index), isWaiting: true };
  await commitHandEdits(store, journal, index, { caller: callers[0].options.actor, notices });
  return lookFresh(attempt, index, notices);
}

/** Loaded where a file waits for somebody who mends it, which is seldom. */
async function mergeMended(placing: Placing): Promise<readonly string[]> {
  const { mergeLeftAlone } = await import("../place/mergeLeftAlone.ts");
  return mergeLeftAlone(placing);
}

/** As the change before left it. */
async function lookFresh({ store, journal, callers }: Attempt, index: Index, notices: string[]): Promise<Looked> {
  const [{ options }] = callers;
  const isAlone = callers.length === 1;
  const found = await viewOf(store, index, isAlone ? options.sparesQuestion : undefined);
  // Whose claim and which question is spared is each caller's own.
  const isDue = found.answered.length > 0 || found.marked.some((ticket) => isLapsed(ticket, found.now));
  if (!isAlone && isDue) throw new GoAlone();
  const view = await commitDefaultAnswers(store, journal, index, { view: found, options, notices });
  return {
    index,
    view: await releaseLapsedClaims(store, journal, index, { view, options, notices }),
    isWaiting: false,
  };
}
