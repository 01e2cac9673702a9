/** Where a card would come down: its neighbours, "" where there is none. */
export interface Spot {
  readonly before: string;
  readonly after: string;
}

/** Whether two places are the same. */
export function isSameSpot(one: Spot | undefined, other: Spot | undefined): boolean {
  return one === other || (one?.before === other?.before && one?.after === other?.after);
}

/** The row across the columns that is drawn at a height. */
export function bandAt(y: number): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>("[data-band]")].find((band) => isWithin(band, y));
}

function isWithin(element: Element, y: number): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return top <= y && y < bottom;
}

/** The place at a height of a column, or of its part in a row, among its cards that are not moved; those in view are drawn. */
export function spotAt(column: Element, y: number, moved: ReadonlySet<string>, band: Element | undefined): Spot {
  const cards = [...column.querySelectorAll<HTMLElement>("[data-card]")]
    .filter(({ dataset: { card = "" } }) => !moved.has(card))
    .map((card) => ({ id: card.dataset.card ?? "", box: card.getBoundingClientRect() }))
    .filter(({ box }) => band === undefined || isWithin(band, (box.top + box.bottom) / 2))
    .sort((left, right) => left.box.top - right.box.top);
  const at = cards.findIndex(({ box }) => y < (box.top + box.bottom) / 2);
  const next = at < 0 ? cards.length : at;
  return { before: cards[next - 1]?.id ?? "", after: cards[next]?.id ?? "" };
}
