/** What commands print of what they did, and how they say that they would do it. */
const WOULD: readonly (readonly [did: RegExp, would: string])[] = [
  [/^(\d+ tickets?) archived$/, "Would archive $1"],
  [/^(\d+) imported: /, "Would import $1: "],
  [/^(\S+) now waits for /, "$1 would wait for "],
  [/^(\S+) waits no longer for /, "$1 would wait no longer for "],
  [/^(\S+) is a duplicate of /, "$1 would be a duplicate of "],
  [/^This worktree is /, "This worktree would be "],
  [/^(\S+) left this worktree$/, "$1 would leave this worktree"],
  [/^Note added to /, "Would add a note to "],
  [/^(?:Made|made) (?=a store)/, "Would make "],
  [/^Undid /, "Would undo "],
  [/^Redid /, "Would redo "],
];
/** Verbs that begin a line, by what they are without their end. */
const VERBS =
  "Updated Assigned Changed Claimed Confirmed Deleted Edited Installed Linked Removed Renewed Released Unlinked Allowed";
const VERB = new RegExp(`^(?:${VERBS.replaceAll(" ", "|")})(?= )`);
const STEMS: Readonly<Record<string, string>> = {
  Assigned: "assign",
  Claimed: "claim",
  Confirmed: "confirm",
  Edited: "edit",
  Installed: "install",
  Linked: "link",
  Renewed: "renew",
  Unlinked: "unlink",
  Allowed: "allow",
};

/** The text of a dry run: each line says what would happen. */
export function wouldText(text: string): string {
  return text.split("\n").map(wouldLine).join("\n");
}

function wouldLine(line: string): string {
  const rule = WOULD.find(([did]) => did.test(line));
  if (rule !== undefined) return line.replace(...rule);
  // Updated, Released: the verb without its d.
  return line.replace(VERB, (verb) => `Would ${STEMS[verb] ?? verb.slice(0, -1).toLowerCase()}`);
}
