import type { Written } from "../../actions/input/action.ts";

/** What a change answers of whether it is made, would be, or was not needed. */
export type Deed = Partial<Pick<Written, "commit" | "deferred" | "dryRun" | "wouldChange">>;

/** The three ways to say of a change how it went. */
export interface Wordings {
  /** `Assigned ayo-x7k2 -> kim`. */
  readonly did: string;
  /** `Would assign ayo-x7k2 -> kim`. */
  readonly would: string;
  /** After `Unchanged`: `ayo-x7k2: already kim`. */
  readonly same: string;
}

/** Whether something changed, or in a dry run would change. */
export function isChange({ commit = null, deferred, dryRun, wouldChange }: Deed): boolean {
  return dryRun === true ? wouldChange !== false : commit !== null || deferred !== undefined;
}

/** The line of a command that changes something, in the one wording for each of how it may go. */
export function deedLine(deed: Deed, { did, would, same }: Wordings): string {
  if (!isChange(deed)) return `Unchanged ${same}`;
  return deed.dryRun === true ? would : did;
}

/** What was done, or what would be, where it is known that something is. */
export function didOrWould({ dryRun }: Deed, did: string, would: string): string {
  return dryRun === true ? would : did;
}
