import { useEffect } from "preact/hooks";
import { readStored, useValue, writeStored } from "../page/state.ts";
import { connection } from "./events.ts";

/** The page is loaded anew at most so often, in milliseconds. */
const SELDOM = 30_000;

/**
 * Loads the page anew when the server answers and a part of the page could not be had: browsers remember that, and a
 * newer server has other parts. What was typed is kept.
 */
export function useReload(isFailed: boolean): void {
  const isLive = useValue(connection) === "live";
  useEffect(() => {
    if (!isFailed || !isLive) return;
    const last = Number(readStored("reloaded") ?? 0);
    if (Date.now() - last < SELDOM) return;
    writeStored("reloaded", String(Date.now()));
    location.reload();
  }, [isFailed, isLive]);
}
