const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

/** Goes from what was found to what was found, by arrows or j and k; true where the key did that. */
export function walkFound({ key, target }: KeyboardEvent): boolean {
  const step = STEPS[key];
  const links = [...document.querySelectorAll<HTMLElement>(".found a")];
  if (step === undefined || links.length === 0) return false;
  const at = links.indexOf(target as HTMLElement);
  if (at <= 0 && step < 0) {
    document.querySelector<HTMLElement>("[data-filter]")?.focus();
    return true;
  }
  const link = links[Math.min(at + step, links.length - 1)];
  link?.focus({ preventScroll: true });
  link?.closest("li")?.scrollIntoView({ block: "nearest" });
  return true;
}
