import type { JSX } from "preact";
import { termsOf, withoutTerm } from "../../data/filter/filterTerms.ts";
import { setParams } from "../../page/router.ts";
import { say } from "../../words/say.ts";

/** The terms of the filter, each with a button that takes it out. */
export function FilterChips({ q }: { readonly q: string }): JSX.Element | null {
  const terms = termsOf(q);
  if (terms.length === 0) return null;
  return (
    <ul class="chips" aria-label={say.board.terms}>
      {terms.map((term, at) =>
        term === "OR" || term === "AND" ? (
          <li key={`${at}${term}`} class="or">
            {term.toLowerCase()}
          </li>
        ) : (
          <li key={`${at}${term}`} class="chip">
            <span dir="auto" title={term}>
              {term}
            </span>
            <button
              type="button"
              class="quiet"
              aria-label={say.board.removeTerm(term)}
              onClick={(event) => {
                const next = event.currentTarget.closest(".chips");
                setParams({ q: withoutTerm(q, at) }, true);
                // The keyboard goes on with what is left, or back to the field.
                setTimeout(() => focusAt(next, at));
              }}
            >
              ×
            </button>
          </li>
        ),
      )}
    </ul>
  );
}

function focusAt(chips: Element | null, at: number): void {
  const buttons = chips?.isConnected ? [...chips.querySelectorAll<HTMLElement>("button")] : [];
  const next = buttons[Math.min(at, buttons.length - 1)] ?? document.querySelector<HTMLElement>("[data-filter]");
  next?.focus();
}
