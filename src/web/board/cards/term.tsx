import type { ComponentChildren, JSX } from "preact";
import { say } from "../../words/say.ts";

/** A word of a card or row; a click on it filters by it. */
export function Term({
  term,
  class: name,
  title,
  children,
}: {
  /** As the filter language says it; undefined where it cannot. */
  readonly term: string | undefined;
  readonly class: string;
  readonly title?: string | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <span class={name} data-term={term} title={title ?? (term === undefined ? undefined : say.board.filterBy(term))}>
      {children}
    </span>
  );
}
