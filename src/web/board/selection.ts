import { state } from "../page/state.ts";
import { type Lane, placeOf } from "./lanes.ts";

/** The cards that are chosen together, and the one from which the next range is counted. */
export const selection = state<{ readonly ids: ReadonlySet<string>; readonly from: string }>({
  ids: new Set(),
  from: "",
});

/** Whether a tap or click selects instead of opening: for who has no keys. */
export const selecting = state(false);

/** Begins to select by taps, or ends that with all that was selected. */
export function toggleSelecting(): void {
  if (selecting.get()) chooseNone();
  else selecting.set(true);
}

/** Chooses all cards that are shown. */
export function chooseAll(lanes: readonly Lane[]): void {
  const ids = new Set(lanes.flatMap(({ cards }) => cards.map(({ id }) => id)));
  if (ids.size > 0) selection.set({ ids, from: "" });
}

/** Chooses a card, or no longer. */
export function toggleCard(id: string): void {
  const ids = new Set(selection.get().ids);
  if (!ids.delete(id)) ids.add(id);
  selection.set({ ids, from: id });
}

/** Ranges are counted from this card, unless one was chosen before. */
export function beginRange(id: string): void {
  const { ids, from } = selection.get();
  if (from === "") selection.set({ ids, from: id });
}

/** Chooses the cards from the last one that was chosen, or from `start`, to this one; of another column this one alone. */
export function chooseTo(id: string, start: string, lanes: readonly Lane[]): void {
  const { ids, from } = selection.get();
  const first = placeOf(lanes, from || start);
  const last = placeOf(lanes, id);
  if (last === undefined) return;
  const cards = lanes[last.lane]?.cards ?? [];
  const range =
    first?.lane === last.lane ? [first.at, last.at].sort((left, right) => left - right) : [last.at, last.at];
  const [low = 0, high = 0] = range;
  const chosen = cards.slice(low, high + 1).map((card) => card.id);
  selection.set({ ids: new Set([...ids, ...chosen]), from: from || start || id });
}

/** Chooses no card. */
export function chooseNone(): void {
  selecting.set(false);
  if (selection.get().ids.size > 0) selection.set({ ids: new Set(), from: "" });
}

/** Lets go of cards that are no longer shown: nothing is to be done to what nobody sees. */
export function keepShown(lanes: readonly Lane[]): void {
  const { ids, from } = selection.get();
  if (ids.size === 0) return;
  const shown = new Set(lanes.flatMap(({ cards }) => cards.map(({ id }) => id)));
  const kept = [...ids].filter((id) => shown.has(id));
  if (kept.length < ids.size) selection.set({ ids: new Set(kept), from: shown.has(from) ? from : "" });
}
