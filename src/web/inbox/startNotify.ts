import { isNotifying, wish } from "../page/wish.ts";

/** Has this window tell when it is its turn, from when that is asked for in any window of the browser. */
export function startNotify(): void {
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === "ayo.notify") wish.set(newValue ?? "");
  });
  const look = (): void => {
    // Where it cannot be had now it is asked for with the next page.
    if (isNotifying()) void import("./notify.ts").then(({ follow }) => follow()).catch(() => undefined);
  };
  wish.follow(look);
  look();
}
