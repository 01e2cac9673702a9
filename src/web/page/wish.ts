import { storedState } from "./state.ts";

/** `on` where the windows of this browser tell of what needs somebody; "" until that is asked for. */
export const wish = storedState("notify", "");

/** Whether this browser can tell at all: it does so on this machine and with TLS only. */
export function canNotify(): boolean {
  return "Notification" in window && "locks" in navigator;
}

/** Whether this browser tells: it was asked to, and lets the page. */
export function isNotifying(): boolean {
  return canNotify() && wish.get() === "on" && Notification.permission === "granted";
}
