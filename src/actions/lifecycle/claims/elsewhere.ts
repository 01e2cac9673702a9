import { AyoError } from "../../../error.ts";
import type { Draft, Hold } from "../../../store/change/draft.ts";
import { isNested } from "../../../store/change/nestedChanges.ts";
import type { View } from "../../../store/disk/view.ts";
import { asksOthers, wantsOthers } from "../../../store/open/syncFolder.ts";
import type { Got, Wanted } from "../../../store/sync/claims/acquire.ts";
import { type Asked, letGo, movedBy } from "./asked.ts";

/** Ends an attempt of a change: others are to be asked first, and not under the store's lock. */
class AsksElsewhere extends Error {
  readonly view: View;
  readonly wanted: readonly Wanted[];
  readonly ends: readonly string[];

  constructor(view: View, wanted: readonly Wanted[], ends: readonly string[]) {
    super("others are asked first");
    this.view = view;
    this.wanted = wanted;
    this.ends = ends;
  }
}

/** Whoever makes new ids each time is asked about no longer: what comes of it is settled later. */
const MAX_TURNS = 20;

/** Has others asked about what a change makes of claims, where that was not done. @throws AsksElsewhere */
export async function assertAsked(asked: Asked, draft: Draft): Promise<void> {
  const { store, got } = asked;
  if (isNested(store) || asked.turns >= MAX_TURNS) return;
  if (!asksOthers(store, draft.view.config)) return assertMayStayAlone(asked, draft);
  const wanted = [...draft.holds].filter(([id, hold]) => isToAsk(asked, id, hold));
  const ends = movedBy(draft).filter((id) => !asked.endsSurely.has(id));
  if (wanted.length === 0 && ends.length === 0) return;
  store.host.request?.refuse();
  const { claimIn } = await import("../../../store/sync/claims/settle.ts");
  const { isDue, ownClaims } = await import("../../../store/open/ownClaims.ts");
  const asks = wanted.flatMap(([id, hold]): Wanted[] => {
    const own = hold.isRenewed ? ownClaims(store, id).find(({ token }) => token === hold.token) : ownOf(got.get(id));
    if (hold.isRenewed && own !== undefined && !isDue(own, hold.lease)) return [];
    return [{ id, ...hold, here: claimIn(draft.view.byId.get(id)), own }];
  });
  if (asks.length > 0 || ends.length > 0) throw new AsksElsewhere(draft.view, asks, ends);
}

/** Where others are to be asked and nobody here has said with whom the tickets are shared. @throws unreachable */
function assertMayStayAlone({ store }: Asked, { view, holds }: Draft): void {
  const [id] = [...holds].flatMap(([one, { isRenewed }]) => (isRenewed ? [] : [one]));
  if (id === undefined || view.config.sync?.claims !== "required" || store.journal?.mode !== "own") return;
  const why = `the tickets are not shared from here, and config.yml wants others' word (sync.claims: required)`;
  throw new AyoError("unreachable", `the claim of ${id} is not confirmed: ${why}`, {
    try: ["ayo", "sync"],
    data: { id, confirmed: false },
  });
}

function isToAsk({ got, renews }: Asked, id: string, { token, isRenewed }: Hold): boolean {
  if (isRenewed && !renews) return false;
  const before = got.get(id);
  return before === undefined || !("own" in before) || before.own.token !== token;
}

/** What is written down of an answer. */
function ownOf(answer: Got | undefined) {
  return answer !== undefined && "own" in answer ? answer.own : undefined;
}

/** Makes a change, and asks others about claims as often as it needs that. Gives back what it then does not use. */
export async function untilAsked<T>(asked: Asked, make: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await make();
    } catch (error) {
      try {
        if (!(error instanceof AsksElsewhere)) throw error;
        asked.turns++;
        await ask(asked, error);
      } catch (refusal) {
        try {
          if (asked.got.size > 0) await (await import("./tellElsewhere.ts")).giveBack(asked, [...asked.got.values()]);
        } finally {
          letGo(asked);
        }
        throw refusal;
      }
    }
  }
}

async function ask(asked: Asked, { view, wanted, ends }: AsksElsewhere): Promise<void> {
  const { store, actor, got } = asked;
  const isRequired = wantsOthers(store, view.config);
  const { askThere, keepRenewed, noteUnheard } = await import("./askThere.ts");
  const answers = await askThere(store, actor, view, { wanted, ends });
  // All that others know of by now is given back where one of them is refused.
  for (const answer of answers) if ("own" in answer) got.set(answer.id, answer);
  keepRenewed(asked, wanted, answers);
  if (!isRequired) noteUnheard(store, answers);
  for (const answer of answers)
    if (answer.state !== "sure" && (answer.state !== "unsure" || isRequired))
      await refused(asked, view, wanted, answer);
  for (const id of ends) asked.endsSurely.add(id);
}

/** What another has is passed over or refused; what was finished elsewhere is brought, once. */
async function refused(
  asked: Asked,
  view: View,
  wanted: readonly Wanted[],
  answer: Exclude<Got, { state: "sure" }>,
): Promise<void> {
  const { store, passOver, brought } = asked;
  const told = await import("./askThere.ts");
  if (answer.state === "unsure") throw told.notConfirmed(answer, view.config);
  const isLost = wanted.some(({ id, isRenewed }) => id === answer.id && isRenewed);
  if (isLost) throw await told.lost(store, wanted, answer);
  if (answer.state === "finished" && !brought.has(answer.id)) {
    brought.add(answer.id);
    await told.bring(store, view.config);
  } else if (passOver !== undefined) {
    if (passOver.size === 0) for (const id of await told.othersThere(store, view.config)) passOver.add(id);
    passOver.add(answer.id);
  } else throw told.claimedThere(answer);
}
