import type { LoggedEvent } from "../../store/runs/runEvents.ts";
import { withoutColours } from "../../ticket/printed/printedLines.ts";

/** What an event of a run says, as people read it, without colours; else as it is, with whatever a terminal would obey. */
export function saidBy(event: LoggedEvent): string {
  const word = (key: string): string => (typeof event[key] === "string" ? withoutColours(event[key] as string) : "");
  switch (event.type) {
    case "ayo":
      return `ayo: ${word("text")}`;
    case "text":
    case "thought":
      return word("text");
    case "tool": {
      const how = event.phase === "begin" ? "…" : event.ok === false ? "failed" : "done";
      return `[${word("name")}] ${word("detail")} ${how}`.replaceAll(/\s+/g, " ");
    }
    case "retry":
      return `tries again: ${word("why")}`;
    case "denied":
      return `was not allowed: ${word("what")}`;
    case "usage":
      return `used ${event.tokens ?? 0} tokens${event.cost === undefined ? "" : `, $${Number(event.cost).toFixed(2)}`}`;
    case "session":
      return `session ${word("id")}`;
    case "end":
      return `its program: ${event.ok === true ? "done" : `failed: ${word("why")}`}`;
    default:
      return `${event.type} ${word("line")}`.trim();
  }
}
