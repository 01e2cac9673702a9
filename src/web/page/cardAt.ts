/** The card of the board that an element is, or is in; "" for none. */
export function cardAt(element: EventTarget | null): string {
  return (element instanceof Element && element.closest<HTMLElement>("[data-card]")?.dataset.card) || "";
}
