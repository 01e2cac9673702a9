import { openCommits } from "../../../git/commits/commitReader.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { historyOf } from "./baseHistory.ts";
import { takenBack } from "./judge.ts";
import { keepSeen, type LandedCache } from "./landedCache.ts";
import { type Place, type Seen, worksOf } from "./look.ts";
import { ownReader } from "./ownCommits.ts";
import { standings, wholeId } from "./reverted.ts";

/** What there is to say of a commit that somebody names as the one that a ticket's work landed with. */
export type Judged = Seen | "absent" | { readonly takenBackBy: string };

/** Whether a commit is on the base branch, and no later one took it back: more than that a person has to know. */
export async function judgeByHand(
  place: Place,
  ticket: Ticket,
  known: LandedCache | undefined,
  commit: string,
): Promise<Judged> {
  const reader = openCommits(place.repository);
  try {
    const history = historyOf(known?.history, place.base, reader);
    const { stateDir } = place.store.journal ?? {};
    if (stateDir !== undefined) keepSeen(stateDir, place.repository.commonDir, known, history);
    const at = wholeId(history, commit);
    if (!history.places.has(at)) return "absent";
    const evidence = {
      history,
      patches: new Map(),
      byPatch: new Map(),
      names: new Map(),
      standings: standings(history),
    };
    const [found] = await worksOf(place, [ticket], history);
    const work = { linked: [], naming: [], tips: [], ...found?.work, landed: at };
    const by = takenBack(work, { ...evidence, own: ownReader(history, reader) });
    if (by !== undefined) return { takenBackBy: by };
    const change = { landed: at, ...(ticket.fields.unlanded === undefined ? {} : { unlanded: null }) };
    return { id: ticket.id, version: ticket.version, verdict: { state: "landed", at }, change };
  } finally {
    reader.close();
  }
}
