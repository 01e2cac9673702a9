import type { CommitPerson } from "../../src/git/commits/commit.ts";

/** Who commits in these tests, always at the same second. */
export const PERSON: CommitPerson = { name: "Ann", email: "ann@example.com", time: 1_700_000_000, timezone: "+0000" };

/** What a commit of these tests says besides its files. */
export function meta(message = "change"): { author: CommitPerson; committer: CommitPerson; message: string } {
  return { author: PERSON, committer: PERSON, message: `${message}\n` };
}
