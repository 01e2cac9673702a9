import { withoutNotes } from "../../ticket/text/notes.ts";

/** A body as pages show it: without its title, which stands above, and without the notes, which stand below. */
export function shownBody(body: string): string {
  return withoutNotes(body)
    .replace(/^\s*# .*\r?\n?/, "")
    .trim();
}
