import { parseCommit } from "../../../git/commits/commit.ts";
import { readObject } from "../../../git/objects/objects.ts";
import type { Journal } from "../../open/store.ts";

/** What a commit of the store says of itself: its sentence, and the tickets that it names. */
export async function sentenceIn(
  { repository }: Journal,
  commit: string,
): Promise<{ readonly subject: string; readonly tickets: readonly string[] }> {
  const { message } = parseCommit((await readObject(repository, commit)).bytes);
  const tickets = [...message.matchAll(/^Ticket: (\S+)$/gm)].map(([, id]) => id as string);
  return { subject: message.split("\n", 1)[0] as string, tickets };
}
