import { storedState } from "./state.ts";

/** `dark`, `light`, or "" for what the system says. */
export const theme = storedState("theme", "");

/** The page's colour in the dark, as in index.html. */
const DARK = "#0f1117";

/** Puts the theme in place, now and whenever it changes. */
export function applyTheme(): void {
  const apply = (): void => {
    const wanted = theme.get();
    if (wanted === "") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = wanted;
    for (const bar of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
      bar.media = mediaFor(bar.content === DARK ? "dark" : "light", wanted);
    }
  };
  apply();
  theme.follow(apply);
}

/** When the bar of an installed page has the colour for a theme. */
function mediaFor(of: string, wanted: string): string {
  if (wanted === "") return `(prefers-color-scheme: ${of})`;
  return of === wanted ? "all" : "not all";
}

/** Whether the page is dark now. */
export function isDark(): boolean {
  const wanted = theme.get();
  return wanted === "" ? matchMedia("(prefers-color-scheme: dark)").matches : wanted === "dark";
}

/** From dark to light, or back. */
export function toggleTheme(): void {
  theme.set(isDark() ? "light" : "dark");
}
