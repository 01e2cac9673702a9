/** Verbs whose commands others may do: each is one small change, and reads nothing but the store. */
export const VERBS =
  "add assign cancel check claim close create dep done link new note release renew reopen start submit tag unlink update".split(
    " ",
  );
const KNOWN = new Set(VERBS);
const GROUPS = new Set(["ticket", "issue"]);
/** What says where, asks a person, waits, or stands for standard input. */
const NOT = /^(?:--(?:dir|session|global|help|dry-run|wait|yes|interactive|editor|web)(?:=|$)|-(?:C|h|i|e|)$|-C)/;

/** Whether a command may be done by another process. */
export function fits(words: readonly string[]): boolean {
  const [group = "", verb = "", ...rest] = words[0] === "--as" ? words.slice(2) : words;
  if (!GROUPS.has(group) || !KNOWN.has(verb) || rest.length === 0) return false;
  return !words.some((word) => NOT.test(word) || word.endsWith("=-") || word.includes("\uFFFD"));
}
