import type { View } from "../../store/disk/view.ts";
import type { Work } from "../work.ts";
import { isOurs } from "./isOurs.ts";
import type { LiveRun } from "./liveRun.ts";
import { tellNotes } from "./talk.ts";
import type { Verdict } from "./verdict.ts";

/** What keeps a run's end from being written: its agent goes on. */
export class Unheard extends Error {
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.why);
    this.verdict = verdict;
  }
}

/** As the end of a run is written nobody else writes: who did so just before is heard. @throws Unheard */
export function assertHeard(work: Work, view: View, run: LiveRun, verdict: Verdict): void {
  const unheard = unheardIn(work, view, run, verdict);
  if (unheard !== undefined) throw new Unheard(unheard);
}

/**
 * Of a run that went well the verdict that its agent goes on: a person wrote something meanwhile that it could not be
 * told. Undefined where it knows all. Only people have it go on, so that two agents that answer each other end.
 */
export function unheardIn(work: Work, view: View, run: LiveRun, verdict: Verdict): Verdict | undefined {
  const ticket = view.byId.get(run.record.ticket);
  if (verdict.outcome !== "ok" || run.isReview || ticket === undefined || !isOurs(view, ticket, run.record))
    return undefined;
  tellNotes(work, view, run);
  const { untold = 0 } = run.notes ?? {};
  if (untold === 0) return undefined;
  const why = untold === 1 ? "a note came that it was not told" : `${untold} notes came that it was not told`;
  return { outcome: "ok", why, isTransient: true, isRepair: true, isUnheard: true };
}
