import type { HttpAnswer } from "./http.ts";
import { TrackerError } from "./provider.ts";

/** No limit lasts longer than that, whatever is said. */
const LONGEST = 24 * 60 * 60_000;

/** A limit that lasts for some milliseconds, and until when, by our clock. */
export function limited(said: string, lasts: number, now: number): TrackerError {
  const until = now + Math.min(lasts, LONGEST);
  const time = new Date(until).toISOString().replace(/\.\d+Z$/, "Z");
  return new TrackerError("limit", `${said}; it may be asked again from ${time} on`, { until });
}

/** A header of an answer; of several with one name the first. */
export function header({ headers }: HttpAnswer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
