const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    question: "Questions",
    human: "Needs a person",
    returned: "Sent back to you",
    delegated: "Handed on, and over",
    review: "To review",
    unconfirmed: "Changed by hand",
    pipeline: "Pipelines that stand still",
    unreadable: "Unreadable files",
    lost: "Lost claims",
    merged: "Gave way in a merge",
    mention: "Mentions",
    handed: "Handed to you",
    overdue: "Overdue",
    message: "Messages",
    taken_back: "Taken back",
    run: "Runs that failed",
    allow: "Not allowed here",
    unready: "Cannot be started here",
    off_track: "Off track",
  }),
);

/** What people call lines of a kind; one that is new to the page keeps the server's word. */
export function kindName(kind: string): string {
  return NAMES.get(kind) ?? kind.replaceAll("_", " ");
}
