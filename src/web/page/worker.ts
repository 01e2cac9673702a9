import { ownScript } from "./ownScript.ts";

/** Files are kept for later when the page has what it needs now, so many milliseconds after it was loaded. */
const LATER = 1500;

/**
 * Has the browser keep the page's files, so that it opens where the server cannot be reached. Browsers allow it on this
 * machine and with TLS only.
 */
export function keepFiles(): void {
  if (!("serviceWorker" in navigator)) return;
  const register = (): void => {
    // Nothing is lost without: a server that does not want it has no such file.
    navigator.serviceWorker.register(ownScript("serviceWorker"), { updateViaCache: "none" }).catch(() => undefined);
  };
  const soon = (): void => void setTimeout(register, LATER);
  if (document.readyState === "complete") soon();
  else window.addEventListener("load", soon, { once: true });
}
