import type { Fields } from "./ticket.ts";

/** Who writes what the store itself has to say. */
export const STORE = "ayo";

/** Whether a ticket's text may call for anybody (calls.ts): of most it is known without parsing them. */
export function mayCall(source: string, { collaborators, assignee, claimedBy }: Fields): boolean {
  if (mentionsSomebody(source)) return true;
  const hasNotes = source.includes("\n**") || source.includes("\n### ");
  const isFollowed = collaborators !== undefined || assignee !== undefined || claimedBy !== undefined;
  return hasNotes && (isFollowed || source.includes(` ${STORE}`) || source.includes("\nAnswer: "));
}

/** Whether there is an `@` but for those of the front matter and of notes' authors. */
function mentionsSomebody(source: string): boolean {
  const front = source.startsWith("---") ? Math.max(0, source.indexOf("\n---", 3)) : 0;
  for (let at = source.indexOf("@", front); at >= 0; at = source.indexOf("@", at + 1)) {
    if (source.slice(at - 3, at) !== "** ") return true;
  }
  return false;
}
