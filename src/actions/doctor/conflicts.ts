import { readFileSync } from "node:fs";
import path from "node:path";
import { conflictLine } from "../../ticket/text/conflictMarkers.ts";
import type { Examination, TicketFinding } from "./shape.ts";

/** Texts in which git left a conflict: tickets, also archived ones, and what else the store keeps and reads. */
export function conflicts({ store, tickets, archived, problems, places }: Examination): TicketFinding[] {
  // A ticket that cannot be read for its markers says so itself.
  const told = new Set(problems.map(({ path: file }) => file));
  const files = [...tickets, ...archived].map((ticket) => ticket.path).concat(places.others);
  return files.flatMap((file): TicketFinding[] => {
    const line = told.has(file) ? undefined : conflictLine(textOf(path.join(store.dir, file)));
    if (line === undefined) return [];
    const message = "holds conflict markers: keep what is right of both sides, and delete the marker lines";
    return [{ finding: { code: "conflict_markers", severity: "error", path: file, line, message } }];
  });
}

/** Latin-1 keeps every line where it is, whatever the bytes; "" for what is gone or closed, which others tell. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
