import type { JSX } from "preact";
import type { Card } from "../../data/shapes.ts";
import { say } from "../../words/say.ts";
import type { Lane, Row } from "../lanes.ts";

/** What is drawn of a column, or of the list: headings, and cards at their places. */
export function CardRows({
  lane,
  drawn,
  label,
  signOf = () => "",
  children,
}: {
  readonly lane: Lane;
  readonly drawn: readonly Row[];
  readonly label: string;
  /** A class for the place of a card. */
  readonly signOf?: (id: string) => string;
  /** What stands at the place of a card. */
  readonly children: (card: Card) => JSX.Element;
}): JSX.Element {
  return (
    <ul class="all" aria-label={label} style={{ height: `${lane.height}px` }}>
      {drawn.map((row) =>
        row.kind === "heading" ? (
          <li key={`:${row.text}`} class="heading" style={{ top: `${row.top}px` }}>
            {row.text} <span class="count">{row.count}</span>
          </li>
        ) : (
          <li
            key={row.card.id}
            class={`place ${signOf(row.card.id)}`}
            aria-posinset={row.n + 1}
            aria-setsize={lane.cards.length}
            style={{ top: `${row.top}px` }}
          >
            {children(row.card)}
          </li>
        ),
      )}
    </ul>
  );
}

/** What stands in a column, or in the list, without a card. */
export function Empty({ lane }: { readonly lane: Lane }): JSX.Element | null {
  if (lane.cards.length > 0) return null;
  return <p class="empty">{lane.total === 0 ? say.board.nothingHere : say.board.nothingFits}</p>;
}
