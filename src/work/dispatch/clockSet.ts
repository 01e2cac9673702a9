import type { Host } from "../../host.ts";

/** A clock that is corrected is set by less. In milliseconds. */
const SET_MS = 30_000;

/** Tells whether the clock that leases go by was set, or stood still in a machine that slept, since this was last asked. */
export function clockSetSince({ now }: Pick<Host, "now">): () => boolean {
  const drift = (): number => now() - performance.now();
  let last = drift();
  return () => {
    const before = last;
    last = drift();
    return Math.abs(last - before) > SET_MS;
  };
}
