import type { RemoteComment, RemoteItem, TrackerError } from "../../provider.ts";
import type { Write } from "../plan.ts";

/** What became of a write. */
export interface Outcome {
  readonly write: Write;
  readonly item?: RemoteItem | undefined;
  readonly comment?: RemoteComment | undefined;
  /** The relation that stands for it. */
  readonly relation?: string | undefined;
  /** It was there already, so it may be another's. */
  readonly isOld?: boolean;
  readonly error?: TrackerError;
  /** Parts of an update that were refused, as they are marked, and why each was. */
  readonly refused?: Readonly<Record<string, string>>;
  readonly whys?: Readonly<Record<string, string>>;
  /** It was not sent: what it builds on failed, or the tracker takes nothing now. */
  readonly isHeld?: boolean;
  readonly why?: string | undefined;
  /** It was not sent: its item changed meanwhile. */
  readonly isStale?: boolean;
}

/** Items as they were read. */
export type Known = ReadonlyMap<string, RemoteItem>;
