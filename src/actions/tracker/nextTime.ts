import { TrackerError, type TrackerFault } from "../../trackers/provider.ts";

/** Faults of reading after which nothing is changed, and that may be over soon. */
const PASSING: readonly TrackerFault[] = ["unreachable", "ambiguous"];

/** The same error, with what helps where a tracker could not be read: to wait. */
export function nextTime(error: unknown): unknown {
  if (!(error instanceof TrackerError) || !PASSING.includes(error.fault)) return error;
  return new TrackerError(error.fault, `${error.message}: the next sync tries again`, { cause: error });
}
