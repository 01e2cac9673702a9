/**
 * A message as git will keep it: without comment lines and what follows the scissors of `git commit --verbose`.
 * `commentChar` is undefined where git keeps every line, as with `-m`.
 */
export function withoutComments(message: string, commentChar: string | undefined): string {
  if (commentChar === undefined) return message;
  const lines = message.split(/\r?\n/);
  const scissors = lines.findIndex(
    (line) => line.startsWith(`${commentChar} `) && /^-+ >8 -+$/.test(line.slice(commentChar.length + 1)),
  );
  const kept = scissors < 0 ? lines : lines.slice(0, scissors);
  return kept.filter((line) => !line.startsWith(commentChar)).join("\n");
}

/** Whether git made the message of others': a merge, a revert, or one for `git rebase --autosquash`. */
export function isGenerated(message: string): boolean {
  const subject = message.trimStart().split(/\r?\n/, 1)[0] ?? "";
  return (
    /^(?:fixup|squash|amend)! /.test(subject) ||
    /^(?:Revert|Reapply) "/.test(subject) ||
    /^Merge (?:branch|branches|tag|tags|commit|commits|remote-tracking branch|pull request) /.test(subject)
  );
}
