import { configNotices } from "../../disk/configFile.ts";
import type { Settled } from "./callers.ts";
import { draftAll } from "./draftAll.ts";
import { lookAround } from "./lookAround.ts";
import { type Attempt, GoAlone } from "./round.ts";
import { writeAll } from "./writeAll.ts";

/**
 * Makes the changes of as many callers as can be written together, from the first on: a commit each, and the disk's
 * work for all of them once. Returns how those went; the others are to come again.
 * @throws StartOver when what it worked on has moved on, and everything has to be looked at again; GoAlone
 */
export async function attemptAll(attempt: Attempt): Promise<readonly Settled[]> {
  const looked = await lookAround(attempt, attempt.told);
  if (looked.isWaiting && attempt.callers.length > 1) throw new GoAlone();
  const notices = [...new Set([...attempt.told, ...configNotices(looked.index)])];
  const drafted = await draftAll(attempt, looked.view);
  return writeAll(attempt, looked, drafted, notices);
}
