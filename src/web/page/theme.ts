import { storedState } from "./state.ts";

/** `dark`, `light`, or "" for what the system says. */
export const theme = storedState("theme", "");

/** Puts the theme in place, now and whenever it changes. */
export function applyTheme(): void {
  const apply = (): void => {
    const wanted = theme.get();
    if (wanted === "") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = wanted;
  };
  apply();
  theme.follow(apply);
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
