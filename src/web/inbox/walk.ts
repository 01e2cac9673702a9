/** What has the keyboard when a line has it: its link to the ticket, or its first button. */
const STOP = "[data-stop]";

/** The line of an element, by its key. */
export function lineAt(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>("[data-line]")?.dataset.line : undefined;
}

/** What has the keyboard when the line of an element has it. */
export function stopOf(part: Element): HTMLElement | undefined {
  return part.closest("[data-line]")?.querySelector<HTMLElement>(STOP) ?? undefined;
}

/** What can have the keyboard, in order; lines that are being settled cannot. */
export function stopsIn(box: Element | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>(STOP) ?? [])].filter((stop) => stop.closest("[inert]") === null);
}

/** The place of a line among the stops; -1 where it is none of them. */
export function placeOf(stops: readonly HTMLElement[], key: string | undefined): number {
  return key === undefined ? -1 : stops.findIndex((stop) => lineAt(stop) === key);
}

/** Gives the keyboard to a stop, or to the content where there is none. */
export function goTo(stop: HTMLElement | undefined): void {
  const goal = stop ?? document.getElementById("main");
  goal?.focus({ preventScroll: true });
  stop?.closest("[data-line]")?.scrollIntoView({ block: "nearest" });
}

/** Goes on from a line that is being settled. */
export function goPast(box: Element | null, key: string): void {
  // What others settled leaves now.
  const stops = stopsIn(box).filter((stop) => lineAt(stop) === key || stop.closest(".gone") === null);
  const at = placeOf(stops, key);
  goTo(stops[at + 1] ?? stops[at - 1]);
}
