import { parseNotes } from "../../../ticket/text/notes.ts";

/** Work that an earlier holder left when its lease ran out. */
export interface Leftover {
  readonly by: string;
  /** When the lease ended. */
  readonly at: string;
  readonly branch: string | null;
  /** The first digits of the commit that it had begun from. */
  readonly head: string | null;
}

/** The note that leases.ts writes when it takes a claim back. */
const NOTE =
  /^The lease of (\S.*?) ran out at (\S+)\.(?: The work is (?:on branch (\S+?))?(?: ?at ([0-9a-f]{7,40}))?\.)?$/;

/** What the last holder whose lease ran out left behind. */
export function leftoverOf(text: string): Leftover | undefined {
  const match = parseNotes(text)
    .filter(({ by }) => by === "ayo")
    .map((note) => NOTE.exec(note.text))
    .findLast((found) => found !== null);
  if (match === undefined || match === null) return undefined;
  const [, by = "", at = "", branch = null, head = null] = match;
  return { by, at, branch, head };
}
